/** Events as rows of a table of PostgreSQL. */
import { loadPostgres, type PostgresClient } from "../lib/deps/postgres.ts";
import { deliver, orAborted } from "./_batch.ts";
import { flag, integer, object, oneOf, secretRef, string } from "./_schema.ts";
import { isTlsFailure, nodeTls, tlsMaterial, tlsSchema, type TlsSettings } from "./_tls.ts";
import {
  type Delivery,
  type SecretRef,
  type SinkContext,
  SinkError,
  type SinkErrorReason,
  type SinkKind,
} from "./types.ts";

/** Settings of `spec.sink.postgres`. */
export interface PostgresSettings {
  readonly host: string;
  /** Default 5432. */
  readonly port?: number;
  readonly database: string;
  readonly auth?: { readonly username: string; readonly secretRef?: SecretRef };
  /** `require`: TLS, with the server's certificate verified by `tls`. Default `disable`. */
  readonly tlsMode?: "disable" | "require";
  readonly tls?: TlsSettings;
  /** `table` or `schema.table`. Default `kube_events`. */
  readonly table?: string;
  /** Creates the table where it is missing. */
  readonly createTable?: boolean;
}

const DEFAULT_TABLE = "kube_events";

/** `spec.sink.postgres`. A row is the state of an Event: its uid and resourceVersion are the key, so that it is inserted once. */
export const postgres: SinkKind<PostgresSettings> = {
  name: "postgres",
  acknowledges: true,
  schema: object("Inserts each event as a row into a table of PostgreSQL.", {
    host: string("Name or address of the server.", { maxLength: 253 }),
    port: integer("Port.", 1, 65535, 5432),
    database: string("Name of the database.", { maxLength: 63 }),
    auth: object("How the router shows who it is.", {
      username: string("Name of the user.", { maxLength: 63 }),
      secretRef: secretRef("The password."),
    }, ["username"]),
    tlsMode: oneOf("Whether to use TLS.", ["disable", "require"]),
    tls: tlsSchema,
    table: string("Name of the table, with its schema or without.", {
      maxLength: 127,
      pattern: "^([a-z_][a-z0-9_]{0,62}\\.)?[a-z_][a-z0-9_]{0,62}$",
      default: DEFAULT_TABLE,
    }),
    createTable: flag("Create the table where it is missing."),
  }, ["host", "database"]),
  async open(settings, context) {
    const { host, port = 5432, database, table = DEFAULT_TABLE } = settings;
    const label = `postgres ${host}:${port}/${database}`;
    const sql = await client(settings, context);
    const failed = (what: string) => (error: unknown) => {
      throw postgresError(`Cannot ${what} at ${label}`, error);
    };
    try {
      if (settings.createTable) await createTable(sql, table).catch(failed(`create table "${table}"`));
      else await sql`select from ${sql(table)} limit 0`.catch(failed(`read table "${table}"`));
    } catch (error) {
      await sql.end({ timeout: 0 });
      throw error;
    }
    return {
      send: (batch, signal) => {
        const inserted = insert(sql, table, batch).catch(failed(`${deliver(batch)} to table "${table}"`));
        return orAborted(inserted, signal, batch, label);
      },
      close: () => sql.end({ timeout: 1 }),
    };
  },
};

async function client(settings: PostgresSettings, context: SinkContext): Promise<PostgresClient> {
  const connect = await loadPostgres();
  const { host, port = 5432, database, auth, tlsMode = "disable", tls } = settings;
  return connect({
    host,
    port,
    database,
    max: 1, // one connection keeps the order of batches
    connect_timeout: 5,
    backoff: () => 0, // the router waits between attempts
    onnotice: () => {},
    connection: { application_name: `kco/${context.name}` },
    username: auth?.username ?? "postgres",
    password: auth?.secretRef === undefined ? "" : await context.secret(auth.secretRef),
    ssl: tlsMode === "require" ? { ...nodeTls(await tlsMaterial(tls, context)) } : false,
  });
}

async function createTable(sql: PostgresClient, table: string): Promise<void> {
  const name = sql(table);
  await sql`
    create table if not exists ${name} (
      uid text not null,
      resource_version text not null,
      cluster text not null default '',
      time timestamptz not null,
      namespace text,
      kind text,
      name text,
      involved_uid text,
      type text,
      reason text,
      message text,
      count integer,
      component text,
      composition_id text,
      body jsonb not null,
      received_at timestamptz not null default now(),
      primary key (uid, resource_version)
    )`;
}

/** One statement: all of the batch or nothing. */
async function insert(sql: PostgresClient, table: string, batch: readonly Delivery[]): Promise<void> {
  const rows = JSON.stringify(
    batch.map(rowOf),
    (_, value: unknown) => typeof value === "string" ? storable(value) : value,
  );
  await sql`
    insert into ${sql(table)} (
      uid, resource_version, cluster, time, namespace, kind, name, involved_uid, type, reason, message, count, component,
      composition_id, body
    )
    select * from jsonb_to_recordset(${rows}::text::jsonb) as row (
      uid text, resource_version text, cluster text, time timestamptz, namespace text, kind text, name text,
      involved_uid text, type text, reason text, message text, count integer, component text, composition_id text, body jsonb
    )
    on conflict (uid, resource_version) do nothing`;
}

function rowOf({ id, event, body, time, compositionId, cluster }: Delivery) {
  const slash = id.lastIndexOf("/");
  const { kind, namespace, name, uid } = event.involvedObject;
  return {
    uid: id.slice(0, slash),
    resource_version: id.slice(slash + 1),
    cluster: cluster ?? "",
    time,
    namespace: namespace ?? event.metadata.namespace,
    kind,
    name,
    involved_uid: uid,
    type: event.type,
    reason: event.reason,
    message: event.message,
    count: event.count,
    component: event.source?.component || event.reportingComponent,
    composition_id: compositionId || undefined,
    body,
  };
}

/** PostgreSQL's text has no NUL, and its JSON no half of a surrogate pair. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll("\u0000", "\ufffd");
}

function postgresError(what: string, error: unknown): SinkError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const text = error instanceof Error ? error.message || code : String(error);
  return new SinkError(reasonOf(code, text), `${what}: ${text}`, { cause: error });
}

/** By the class of SQLSTATE: data and constraints; authorization, database, syntax and names; everything else passes. */
function reasonOf(code: string, text: string): SinkErrorReason {
  if (/^(22|23)...$/.test(code)) return "Refused";
  if (/^(28|3D|3F|42)...$/.test(code) || isTlsFailure(`${code} ${text}`)) return "Misconfigured";
  return "Unavailable";
}
