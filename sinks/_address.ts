/** Subjects, routing keys and the like, of which parts come from the Event. */
import type { SinkSchema } from "./types.ts";
import { string } from "./_schema.ts";
import type { Delivery } from "./types.ts";

const FIELDS: Readonly<Record<string, (delivery: Delivery) => string | undefined>> = {
  cluster: ({ cluster }) => cluster,
  namespace: ({ event }) => event.involvedObject.namespace ?? event.metadata.namespace,
  kind: ({ event }) => event.involvedObject.kind,
  name: ({ event }) => event.involvedObject.name,
  type: ({ event }) => event.type,
  reason: ({ event }) => event.reason,
  compositionId: ({ compositionId }) => compositionId,
};

/** Schema of an address: text with `{namespace}` and so on. */
export function address(description: string, initial?: string): SinkSchema {
  const names = Object.keys(FIELDS);
  return string(`${description} Of the Event: ${names.map((name) => `{${name}}`).join(", ")}.`, {
    maxLength: 255,
    pattern: `^([^\\s{}*>]|\\{(${names.join("|")})\\})+$`,
    ...(initial !== undefined && { default: initial }),
  });
}

/** Fills an address. A value has no say in the address's structure: a dot, a wildcard or a space in it becomes `_`, nothing too. */
export function fill(template: string, delivery: Delivery): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = FIELDS[name]?.(delivery) ?? "";
    return value.replace(/[^\p{L}\p{N}_-]/gu, "_") || "_";
  });
}
