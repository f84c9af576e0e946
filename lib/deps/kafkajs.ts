/** Kafka. Loaded when somebody connects, not with the program. */
export type { KafkaConfig, Producer, SASLOptions } from "npm:kafkajs@2.2.4";

/** The package; a specifier that is a literal lets Deno find it for cache and bundle. */
export function loadKafka() {
  return import("npm:kafkajs@2.2.4");
}
