/** From a delivery to what goes over the wire. */
import type { Delivery } from "./types.ts";

/** The body as JSON, on one line. Where that is at hand the body is not looked at: to read it may mean to parse it. */
export function jsonOf(delivery: Delivery): string {
  return delivery.json ?? JSON.stringify(delivery.body ?? null);
}

/** A body that is a string as it is, any other as JSON: for sinks that carry text. */
export function textOf(delivery: Delivery): string {
  const { json } = delivery;
  if (json !== undefined && !json.startsWith('"')) return json;
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
