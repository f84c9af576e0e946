/** AMQP 0-9-1. Loaded when somebody connects, not with the program. */
export type { ChannelModel, ConfirmChannel } from "npm:amqplib@2.3.1";

/** The package; a specifier that is a literal lets Deno find it for cache and bundle. */
export function loadAmqp() {
  return import("npm:amqplib@2.3.1");
}
