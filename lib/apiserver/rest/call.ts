/** One request inside the handler, and what most answers begin or end with. */
import type { Core, User } from "../core.ts";
import type { Discovery } from "../discovery/mod.ts";
import { ApiError, notFound } from "../status.ts";
import type { Entry } from "../storage/mod.ts";
import { contentType, unsupported } from "./body.ts";
import type { Answer, Exchange } from "./exchange.ts";
import { negotiateForm } from "./negotiate.ts";
import type { WriteOptions } from "./options.ts";
import { PATCH_TYPES, type PatchFormat } from "./patch.ts";
import { representationFor } from "./representation.ts";
import type { Target } from "./target.ts";
import type { WatchHub } from "./watch_hub.ts";

/** What the handler needs beside the core. */
export interface HandlerParts {
  readonly core: Core;
  readonly hub: WatchHub;
  readonly discovery: Discovery;
  /** Asked of requests that come over the network. */
  readonly token: string;
}

/** One request inside the handler. */
export interface Call extends HandlerParts {
  readonly exchange: Exchange;
  readonly user: User;
  readonly target: Target;
}

/** Encodes an entry in the form that the client asked for. */
export function encoderFor({ exchange, target }: Call): (entry: Entry) => string {
  const form = negotiateForm(exchange.header("accept"));
  const representation = representationFor(target.served, target.version, form, exchange.query.get("includeObject"));
  return (entry) => representation.encode(entry);
}

/** The live entry that a call names. @throws ApiError `NotFound` */
export function liveEntry({ core, target }: Call): Entry {
  const { served, namespace, name = "" } = target;
  const entry = core.store.get(served.resource, namespace, name);
  if (entry === undefined) throw notFound(served, name);
  return entry;
}

/** Adds the warnings that a write collected. */
export function withWarnings(answer: Answer, options: WriteOptions): Answer {
  return options.warnings.length === 0 ? answer : { ...answer, warnings: options.warnings };
}

/** The format of a patch. @throws ApiError `UnsupportedMediaType` */
export function patchFormat(exchange: Exchange, target: Target): PatchFormat {
  const type = contentType(exchange);
  const format = Object.hasOwn(PATCH_TYPES, type) ? PATCH_TYPES[type as keyof typeof PATCH_TYPES] : undefined;
  if (format === undefined || (format === "strategic" && target.served.definition.origin === "crd")) {
    if (type.includes("protobuf") || type.includes("cbor")) throw unsupported(type);
    const types = Object.keys(PATCH_TYPES).filter((known) => !known.includes("strategic"));
    if (format === undefined) throw new ApiError("UnsupportedMediaType", "415: Unsupported Media Type", {});
    throw new ApiError(
      "UnsupportedMediaType",
      `the body of the request was in an unknown format - accepted media types include: ${types.join(", ")}`,
    );
  }
  return format;
}
