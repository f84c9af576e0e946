/** NATS and its JetStream. Loaded when somebody connects, not with the program. */
export type { ConnectionOptions, NatsConnection } from "npm:@nats-io/transport-node@3.4.0";
export type { ConsumerMessages, JetStreamClient, JetStreamManager } from "npm:@nats-io/jetstream@3.4.0";

/** What a socket says whose server has gone. */
const LOST = ["ECONNRESET", "EPIPE", "ECONNABORTED"];

/**
 * Keeps the process alive when a socket tells of its end after the client has taken its listeners off: the client, which wrote at the
 * same moment, knows of the lost connection already and connects anew, but an error that no listener hears would end the process.
 */
function outliveLateErrors(event: ErrorEvent): void {
  const error: unknown = event.error;
  if (error instanceof Error && "code" in error && LOST.includes(String(error.code))) event.preventDefault();
}

/** The two packages; a specifier that is a literal lets Deno find them for cache and bundle. */
export async function loadNats() {
  globalThis.addEventListener("error", outliveLateErrors); // the same function is added once, however often
  const [transport, jetstream] = await Promise.all([
    import("npm:@nats-io/transport-node@3.4.0"),
    import("npm:@nats-io/jetstream@3.4.0"),
  ]);
  return { ...transport, ...jetstream };
}
