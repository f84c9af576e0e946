/** From a delivery to what goes over the wire. */
import type { Delivery } from "./types.ts";

/** JSON of bodies that several sinks share: an Event is written once, however many take it as it is. */
const TEXTS = new WeakMap<object, string>();

/** The body as JSON, on one line. */
export function jsonOf({ body }: Delivery): string {
  if (typeof body !== "object" || body === null) return JSON.stringify(body ?? null);
  let text = TEXTS.get(body);
  if (text === undefined) {
    text = JSON.stringify(body);
    TEXTS.set(body, text);
  }
  return text;
}

/** A body that is a string as it is, any other as JSON: for sinks that carry text. */
export function textOf(delivery: Delivery): string {
  return typeof delivery.body === "string" ? delivery.body : jsonOf(delivery);
}

/** {@linkcode textOf} without line ends in it. */
export function lineOf(delivery: Delivery): string {
  return textOf(delivery).replace(/\r/g, "\\r").replace(/\n/g, "\\n");
}

/** `lineOf` each, a line each. */
export function linesOf(batch: readonly Delivery[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(batch.map((delivery) => lineOf(delivery) + "\n").join(""));
}
