/**
 * A sink of your own: Events as lines of a Unix-domain socket, beside all the sinks that there are.
 *
 *     deno run -A examples/custom_sink.ts
 *
 * A Registration then says `sink: {socket: {path: /run/events.sock}}`.
 */
import { ConfigMapCheckpoint, eventRouter, registrationCrd, routerSettings } from "../controllers/eventrouter/mod.ts";
import { connect, type Controller, startManager } from "../lib/mod.ts";
import { type Delivery, type Sink, SinkError, type SinkKind, SINKS } from "../sinks/mod.ts";

/** `spec.sink.socket`. */
export interface SocketSettings {
  readonly path: string;
}

/** Where a program on the same machine takes Events, a line of JSON each, and answers each batch with a line. */
export const socket: SinkKind<SocketSettings> = {
  name: "socket",
  acknowledges: true,
  schema: {
    type: "object",
    required: ["path"],
    properties: { path: { type: "string", description: "Path of the socket.", minLength: 1, maxLength: 100 } },
  },
  async open({ path }) {
    try {
      return new SocketSink(await Deno.connect({ transport: "unix", path }));
    } catch (error) {
      throw new SinkError("Unavailable", `Cannot connect to ${path}: ${(error as Error).message}`, { cause: error });
    }
  },
};

class SocketSink implements Sink {
  constructor(private readonly connection: Deno.UnixConn) {}

  async send(batch: readonly Delivery[]): Promise<void> {
    const lines = batch.map(({ id, body }) => JSON.stringify({ id, body }) + "\n").join("");
    const bytes = new TextEncoder().encode(lines);
    for (let at = 0; at < bytes.length;) at += await this.connection.write(bytes.subarray(at));
    // Not before the program has answered are the Events delivered; what it stores twice it knows by `id`.
    if (await this.connection.read(new Uint8Array(1)) === null) throw new SinkError("Unavailable", "It hung up");
  }

  async close(): Promise<void> {
    this.connection.close();
  }
}

/** All sinks of the product, and this one. */
export const sinks = { ...SINKS, socket };

if (import.meta.main) {
  const client = await connect();
  // The field `spec.sink.socket` is part of the CRD, so that the API server refuses what does not fit.
  const crds = await client.discovery.resourceFor("apiextensions.k8s.io/v1", "CustomResourceDefinition");
  if (crds) await client.apply(crds, registrationCrd(sinks), { force: true });
  const settings = routerSettings((name) => Deno.env.get(name), "default", console.error);
  const checkpoint = new ConfigMapCheckpoint(client, "eventrouter-checkpoint", "default");
  const run: Controller["run"] = ({ drain }) => eventRouter({ client, settings, drain, sinks, checkpoint });
  startManager({ port: 8080, controllers: [{ name: "eventrouter", run }] });
}
