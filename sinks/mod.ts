/**
 * Sinks: where eventrouter can deliver to, one file each.
 *
 * {@linkcode SINKS} is the list of them. A client library that a sink needs is loaded when a Registration opens it, not before.
 *
 * @module
 */
import { file } from "./file.ts";
import { sse } from "./sse.ts";
import { stdout } from "./stdout.ts";
import type { SinkKind } from "./types.ts";
import { webhook } from "./webhook.ts";

export * from "./types.ts";
export type { HttpSettings } from "./_http.ts";
export type { TlsSettings } from "./_tls.ts";
export { type FileSettings } from "./file.ts";
export { type SseSettings } from "./sse.ts";
export { type StdoutSettings } from "./stdout.ts";

/** Every kind of sink by its name, which is its field in `spec.sink` of a Registration. */
export const SINKS: Readonly<Record<string, SinkKind<unknown>>> = {
  file,
  sse,
  stdout,
  webhook,
};
