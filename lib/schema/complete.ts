/** Structural completeness: what a value validation speaks about must have a node of its own. */
import { objectOf } from "./json.ts";
import type { StructuralSchema } from "./types.ts";
import { NOTHING } from "./value_validation.ts";

/** A node that lets anything in and keeps it, null included. */
export const OPEN: StructuralSchema = { "x-kubernetes-preserve-unknown-fields": true, nullable: true };

/** All value validations of a node, however deep in junctors. */
function validationsOf(schemas: readonly StructuralSchema[]): StructuralSchema[] {
  return schemas.flatMap((schema) => {
    const nested = [
      ...(schema.allOf ?? []),
      ...(schema.anyOf ?? []),
      ...(schema.oneOf ?? []),
      ...(schema.not === undefined ? [] : [schema.not]),
    ];
    return [...nested, ...validationsOf(nested)];
  });
}

/** Names of properties that the value validations of a node speak about. */
export function mentionedNames(schema: StructuralSchema): Set<string> {
  return new Set(
    [schema, ...validationsOf([schema])].flatMap((validation) => Object.keys(validation.properties ?? {})),
  );
}

const isStructural = (schema: StructuralSchema): boolean =>
  schema.type !== undefined || schema["x-kubernetes-preserve-unknown-fields"] === true ||
  schema["x-kubernetes-int-or-string"] === true;

/** Adds the nodes that `mentions` (and the node's own validations) speak about and the node lacks. */
export function complete(schema: StructuralSchema, mentions: readonly StructuralSchema[] = []): StructuralSchema {
  const validations = [...mentions, ...validationsOf([schema, ...mentions])];
  const node = isStructural(schema) ? schema : { ...OPEN, ...schema };
  return { ...node, ...completeProperties(node, validations), ...completeItems(node, validations) };
}

function completeProperties(node: StructuralSchema, validations: readonly StructuralSchema[]): StructuralSchema {
  if (typeof node.additionalProperties === "object") return {};
  const deeper = new Map<string, StructuralSchema[]>(Object.keys(node.properties ?? {}).map((name) => [name, []]));
  for (const { properties = {} } of validations) {
    for (const [name, schema] of Object.entries(properties)) {
      const known = deeper.get(name);
      if (known === undefined) deeper.set(name, [schema]);
      else known.push(schema);
    }
  }
  if (deeper.size === 0) return {};
  const unnamed = node["x-kubernetes-preserve-unknown-fields"] === true
    ? OPEN
    : { ...OPEN, nullable: false, ...NOTHING };
  const own = new Map(Object.entries(node.properties ?? {}));
  return {
    properties: objectOf([...deeper].map(([name, mentions]) => [name, complete(own.get(name) ?? unnamed, mentions)])),
  };
}

function completeItems(node: StructuralSchema, validations: readonly StructuralSchema[]): StructuralSchema {
  const deeper = validations.map((validation) => validation.items).filter((items) => items !== undefined);
  if (node.items === undefined && deeper.length === 0) return {};
  return { items: complete(node.items ?? OPEN, deeper) };
}
