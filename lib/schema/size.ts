/** Keeping a schema within what an API server stores. */
import { SchemaError } from "./errors.ts";
import { objectOf } from "./json.ts";
import type { StructuralSchema } from "./types.ts";

/** Characters of JSON: two versions of a kind must fit into one object of 1.5 MB (the limit of etcd), with their other parts. */
const LARGEST = 600_000;

/**
 * The schema as it is, without its words for people where they are too much, or not at all.
 *
 * @throws {SchemaError} `TooLarge`
 */
export function withinLimit(schema: StructuralSchema): StructuralSchema {
  if (JSON.stringify(schema).length <= LARGEST) return schema;
  const bare = withoutWords(schema);
  const size = JSON.stringify(bare).length;
  if (size <= LARGEST) return bare;
  throw new SchemaError(
    "TooLarge",
    "#",
    `Cannot use values.schema.json: as a CRD it takes ${size} characters, more than the ${LARGEST} that an API server ` +
      `can store beside other versions: use fewer nested references`,
  );
}

function withoutWords(schema: StructuralSchema): StructuralSchema {
  const { title: _title, description: _description, example: _example, ...rest } = schema;
  const { properties, items, additionalProperties } = rest;
  return {
    ...rest,
    ...(properties === undefined
      ? {}
      : { properties: objectOf(Object.entries(properties).map(([name, child]) => [name, withoutWords(child)])) }),
    ...(items === undefined ? {} : { items: withoutWords(items) }),
    ...(typeof additionalProperties === "object" ? { additionalProperties: withoutWords(additionalProperties) } : {}),
  };
}
