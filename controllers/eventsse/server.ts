/** The listener. */
import type { Hono } from "../../lib/deps/hono.ts";
import type { Remote } from "./app.ts";

/** Where to listen. */
export interface ServeOptions {
  readonly port: number;
  readonly hostname: string;
}

/** A listener that runs. */
export interface Server {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Starts to listen. */
export function serve(app: Hono<{ Bindings: Remote }>, { port, hostname }: ServeOptions): Promise<Server> {
  const server = Deno.serve(
    { port, hostname, onListen: () => undefined },
    (request, { remoteAddr }) => app.fetch(request, { address: remoteAddr.hostname }),
  );
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return Promise.resolve({
    url: `http://${host}:${server.addr.port}`,
    port: server.addr.port,
    close: () => server.shutdown(),
  });
}
