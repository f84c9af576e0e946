/** The sink `postgres` against a real PostgreSQL. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { loadPostgres } from "../../lib/deps/postgres.ts";
import { deliveries, delivery, failure, openSink, sendAtLeastOnce, soon } from "./_events.ts";
import { TEST_CA } from "../../sinks/tls_testing.ts";
import { contextWith, freePort, programPath, type RunningServer, startServer, writeCertificates } from "./_server.ts";

const FOLDERS = ["17", "16", "15", "14", "13"].map((version) => `/usr/lib/postgresql/${version}/bin`);
const command = programPath("postgres", FOLDERS);
const initdb = programPath("initdb", FOLDERS);
const account = command === undefined ? undefined : accountOf("postgres");
const ignore = command === undefined || initdb === undefined || account === undefined;
const context = contextWith({ password: "s3cr3t", wrong: "no" });
const auth = { username: "postgres", secretRef: { name: "auth", key: "password" } };

/** PostgreSQL refuses to be run by root. */
function accountOf(name: string): { uid: number; gid: number } | undefined {
  const line = Deno.readTextFileSync("/etc/passwd").split("\n").find((line) => line.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

async function withPostgres(test: (port: number, server: RunningServer) => Promise<void>, tls = false) {
  const port = freePort();
  const runner = Deno.uid() === 0 ? account : undefined;
  await using server = await startServer({
    command: command ?? "",
    ...runner,
    async prepare(folder) {
      const password = join(folder, "password");
      await Deno.writeTextFile(password, "s3cr3t");
      if (runner) await Deno.chown(password, runner.uid, runner.gid);
      const args = ["-D", join(folder, "data"), "-U", "postgres", "-A", "scram-sha-256", `--pwfile=${password}`, "-N"];
      const { success, stderr } = await new Deno.Command(initdb ?? "", { args, cwd: folder, ...runner }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      await writeCertificates(folder);
      for (const name of ["cert.pem", "key.pem"]) {
        if (runner) await Deno.chown(join(folder, name), runner.uid, runner.gid);
      }
    },
    args: (folder) => [
      ...["-D", join(folder, "data"), "-p", String(port), "-h", "127.0.0.1", "-k", folder],
      ...(tls ? ["-l", "-c", `ssl_cert_file=${folder}/cert.pem`, "-c", `ssl_key_file=${folder}/key.pem`] : []),
    ],
    ready: async () => {
      await rows(port, "pg_tables");
      return true;
    },
    signal: "SIGINT",
  });
  await test(port, server);
}

async function rows(port: number, table: string) {
  const connect = await loadPostgres();
  const sql = connect({
    host: "127.0.0.1",
    port,
    username: "postgres",
    password: "s3cr3t",
    max: 1,
    onnotice: () => {},
  });
  try {
    return [...await sql`select * from ${sql(table)} limit 100`];
  } finally {
    await sql.end({ timeout: 1 });
  }
}

Deno.test({
  name: "postgres inserts each delivery once, although it is sent twice and the server is killed in between",
  ignore,
  async fn() {
    await withPostgres(async (port, server) => {
      const settings = { host: "127.0.0.1", port, database: "postgres", auth, createTable: true };
      await using sink = await openSink("postgres", settings, context);
      await sink.send(deliveries(0, 5), soon());
      await server.restart();
      await sendAtLeastOnce(sink, deliveries(3, 8));
      const found = await rows(port, "kube_events");
      assert.deepEqual(
        found.map(({ uid, resource_version }) => `${uid}/${resource_version}`),
        deliveries(0, 8).map(({ id }) => id),
      );
      const [first] = found;
      assert.equal(first?.message, 'message 0: "é€😀" \ufffd\u001b\n\\ ]');
      assert.deepEqual([first?.namespace, first?.kind, first?.name, first?.type, first?.count, first?.composition_id], [
        ...["demo", "Pod", "pod-0", "Warning", 1],
        "comp-1",
      ]);
      assert.equal(first?.time.toISOString(), "2026-01-02T03:04:05.000Z");
      assert.equal(first?.body.involvedObject.name, "pod-0");
    });
  },
});

Deno.test({
  name:
    "postgres says Misconfigured for a wrong password and a missing table, Refused for what is no row, Unavailable without a server",
  ignore,
  async fn() {
    await withPostgres(async (port, server) => {
      const target = { host: "127.0.0.1", port, database: "postgres" };
      const rows: [settings: Record<string, unknown>, message: RegExp][] = [
        [{ auth: { ...auth, secretRef: { name: "auth", key: "wrong" } } }, /password authentication failed/],
        [{ auth }, /relation "kube_events" does not exist/],
        [{ auth, database: "other" }, /database "other" does not exist/],
        [{ auth, table: "no_schema.events", createTable: true }, /schema "no_schema" does not exist/],
      ];
      for (const [settings, message] of rows) {
        const error = await failure(openSink("postgres", { ...target, ...settings }, context));
        assert.equal(error.reason, "Misconfigured", error.message);
        assert.match(error.message, message);
      }
      await using sink = await openSink("postgres", { ...target, auth, createTable: true }, context);
      const odd = { ...delivery(0), time: "yesterday evening" };
      assert.equal((await failure(sink.send([odd, delivery(1)], soon()))).reason, "Refused");
      await sink.send([delivery(1)], soon());
      await server.stop();
      assert.equal((await failure(sink.send(deliveries(0, 1), soon()))).reason, "Unavailable");
    });
  },
});

Deno.test({
  name: "postgres speaks TLS with a server that it trusts, and with no other",
  ignore,
  async fn() {
    await withPostgres(async (port) => {
      const target = { host: "127.0.0.1", port, database: "postgres", auth, createTable: true, tlsMode: "require" };
      await using sink = await openSink("postgres", { ...target, tls: { caCert: TEST_CA } }, context);
      await sink.send(deliveries(0, 2), soon());
      const error = await failure(openSink("postgres", target, context));
      assert.equal(error.reason, "Misconfigured", error.message);
    }, true);
  },
});
