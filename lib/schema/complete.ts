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
  const names = new Set([node, ...validations].flatMap((validation) => Object.keys(validation.properties ?? {})));
  if (names.size === 0 || typeof node.additionalProperties === "object") return {};
  const open = node["x-kubernetes-preserve-unknown-fields"] === true;
  return {
    properties: objectOf([...names].map((name) => {
      const own = node.properties === undefined ? undefined : ownSchema(node.properties, name);
      const deeper = validations.map((validation) => ownSchema(validation.properties ?? {}, name)).filter((at) =>
        at !== undefined
      );
      return [name, complete(own ?? (open ? OPEN : { ...OPEN, nullable: false, ...NOTHING }), deeper)];
    })),
  };
}

const ownSchema = (
  properties: Readonly<Record<string, StructuralSchema>>,
  name: string,
): StructuralSchema | undefined => Object.hasOwn(properties, name) ? properties[name] : undefined;

function completeItems(node: StructuralSchema, validations: readonly StructuralSchema[]): StructuralSchema {
  const deeper = validations.map((validation) => validation.items).filter((items) => items !== undefined);
  if (node.items === undefined && deeper.length === 0) return {};
  return { items: complete(node.items ?? OPEN, deeper) };
}
