/** `/livez`, `/readyz` and `/metrics` over HTTP. */
import { Hono } from "../deps/hono.ts";
import type { Registry } from "../deps/prom_client.ts";
import type { Health } from "./health.ts";

/** Options of {@linkcode serveHealth}. */
export interface HealthServerOptions {
  /** 0 for a free one. */
  readonly port: number;
  readonly hostname: string;
  readonly health: Health;
  readonly registry: Registry;
}

/** A server that listens. */
export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts to listen. `/livez` says that the process turns; `/readyz` names each check, 503 when one complains. */
export function serveHealth(options: HealthServerOptions): HealthServer {
  const { health, registry } = options;
  const app = new Hono();
  app.get("/livez", (c) => c.text("ok\n"));
  app.get("/healthz", (c) => c.text("ok\n"));
  app.get("/readyz", (c) => {
    const lines = [...health.report()].map(([name, problem]) =>
      problem === undefined ? `[+] ${name} ok` : `[-] ${name}: ${problem}`
    );
    const notes = [...health.notes()].map(([name, note]) => `[+] ${name}: ${note}`);
    return c.text([...lines, ...notes, ""].join("\n"), health.ok ? 200 : 503);
  });
  app.get("/metrics", async (c) => c.body(await registry.metrics(), 200, { "Content-Type": registry.contentType }));
  const server = Deno.serve({ port: options.port, hostname: options.hostname, onListen: () => {} }, app.fetch);
  return { port: server.addr.port, close: () => server.shutdown() };
}
