/** PostgreSQL. Loaded when somebody connects, not with the program. */
import type { Options, PostgresType, Sql } from "npm:postgres@3.4.9";

/** A client, which is called with a statement as a tagged template. */
export type PostgresClient = Sql;
/** Options of a client. */
export type PostgresOptions = Options<Record<string, PostgresType>>;

/** The package; a specifier that is a literal lets Deno find it for cache and bundle. */
export async function loadPostgres() {
  return (await import("npm:postgres@3.4.9")).default;
}
