/**
 * Sinks: where eventrouter can deliver to, one file each.
 *
 * {@linkcode SINKS} is the list of them. A client library that a sink needs is loaded when a Registration opens it, not before.
 *
 * @module
 */
import { amqp } from "./amqp.ts";
import { cloudevents } from "./cloudevents.ts";
import { elasticsearch } from "./elasticsearch.ts";
import { file } from "./file.ts";
import { kafka } from "./kafka.ts";
import { loki } from "./loki.ts";
import { nats } from "./nats.ts";
import { opensearch } from "./opensearch.ts";
import { otlp } from "./otlp.ts";
import { postgres } from "./postgres.ts";
import { redis } from "./redis.ts";
import { slack } from "./slack.ts";
import { sse } from "./sse.ts";
import { stdout } from "./stdout.ts";
import { syslog } from "./syslog.ts";
import { teams } from "./teams.ts";
import type { SinkKind } from "./types.ts";
import { webhook } from "./webhook.ts";

export * from "./types.ts";
export type { BulkSettings } from "./_bulk.ts";
export type { ChatSettings } from "./_chat.ts";
export type { HttpSettings } from "./_http.ts";
export type { TlsSettings } from "./_tls.ts";
export type { AmqpSettings } from "./amqp.ts";
export { type CloudEvent, type CloudEventOptions, type CloudEventsSettings, toCloudEvent } from "./cloudevents.ts";
export type { FileSettings } from "./file.ts";
export type { KafkaSettings } from "./kafka.ts";
export type { EventLabel, LokiSettings } from "./loki.ts";
export type { NatsSettings } from "./nats.ts";
export { type AnyValue, type KeyValue, type LogRecord, type OtlpSettings, toLogRecord } from "./otlp.ts";
export type { PostgresSettings } from "./postgres.ts";
export type { RedisSettings } from "./redis.ts";
export { slackMessage } from "./slack.ts";
export type { SseSettings } from "./sse.ts";
export type { StdoutSettings } from "./stdout.ts";
export type { SyslogSettings } from "./syslog.ts";
export { teamsMessage } from "./teams.ts";
export type { WebhookFormat, WebhookSettings } from "./webhook.ts";

/** Every kind of sink by its name, which is its field in `spec.sink` of a Registration. */
export const SINKS: Readonly<Record<string, SinkKind<unknown>>> = {
  amqp,
  cloudevents,
  elasticsearch,
  file,
  kafka,
  loki,
  nats,
  opensearch,
  otlp,
  postgres,
  redis,
  slack,
  sse,
  stdout,
  syslog,
  teams,
  webhook,
};
