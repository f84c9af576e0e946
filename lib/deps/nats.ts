/** NATS and its JetStream. Loaded when somebody connects, not with the program. */
export type { ConnectionOptions, NatsConnection } from "npm:@nats-io/transport-node@3.4.0";
export type { ConsumerMessages, JetStreamClient, JetStreamManager } from "npm:@nats-io/jetstream@3.4.0";

/** The two packages; a specifier that is a literal lets Deno find them for cache and bundle. */
export async function loadNats() {
  const [transport, jetstream] = await Promise.all([
    import("npm:@nats-io/transport-node@3.4.0"),
    import("npm:@nats-io/jetstream@3.4.0"),
  ]);
  return { ...transport, ...jetstream };
}
