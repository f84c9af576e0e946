import type { JsonObject } from "./json.ts";
import { isObject, own } from "./json.ts";

/** The number of a draft of JSON Schema. */
export type DraftVersion = 4 | 6 | 7 | 2019 | 2020;

/** A draft of JSON Schema, as far as drafts differ. */
export interface Draft {
  readonly version: DraftVersion;
  /** Where its metaschema is. */
  readonly url: string;
  /** The key that gives a schema an address of its own. */
  readonly idKey: "id" | "$id";
}

const DRAFTS: Readonly<Record<string, Draft>> = {
  "json-schema.org/draft-04/schema": { version: 4, url: "http://json-schema.org/draft-04/schema", idKey: "id" },
  "json-schema.org/draft-06/schema": { version: 6, url: "http://json-schema.org/draft-06/schema", idKey: "$id" },
  "json-schema.org/draft-07/schema": { version: 7, url: "http://json-schema.org/draft-07/schema", idKey: "$id" },
  "json-schema.org/draft/2019-09/schema": {
    version: 2019,
    url: "https://json-schema.org/draft/2019-09/schema",
    idKey: "$id",
  },
};

/** The draft of a schema that names none, or one that nobody knows. */
export const LATEST: Draft = {
  version: 2020,
  url: "https://json-schema.org/draft/2020-12/schema",
  idKey: "$id",
};

/** The draft that a schema's `$schema` names. */
export function draftOf(schema: unknown): Draft {
  const named = isObject(schema) ? own(schema, "$schema") : undefined;
  if (typeof named !== "string") return LATEST;
  return DRAFTS[named.replace(/#.*$/s, "").replace(/^https?:\/\//, "")] ?? LATEST;
}

/** Keywords below which other schemas stand, by the draft that brought them. */
const BROUGHT: readonly {
  readonly since: DraftVersion;
  readonly one: readonly string[];
  readonly list: readonly string[];
  readonly map: readonly string[];
}[] = [
  {
    since: 4,
    one: ["not", "additionalProperties", "items", "additionalItems"],
    list: ["allOf", "anyOf", "oneOf", "items"],
    map: ["definitions", "properties", "patternProperties", "dependencies"],
  },
  { since: 6, one: ["propertyNames", "contains"], list: [], map: [] },
  { since: 7, one: ["if", "then", "else"], list: [], map: [] },
  {
    since: 2019,
    one: ["unevaluatedProperties", "unevaluatedItems", "contentSchema"],
    list: [],
    map: ["$defs", "dependentSchemas"],
  },
  { since: 2020, one: [], list: ["prefixItems"], map: [] },
];

/** The places of the schemas directly below one, as keys to follow. */
export function* placesBelow(schema: JsonObject, draft: Draft): Generator<readonly string[]> {
  for (const { since, one, list, map } of BROUGHT) {
    if (since > draft.version) return;
    for (const keyword of one) if (isObject(own(schema, keyword))) yield [keyword];
    for (const keyword of list) {
      const items = own(schema, keyword);
      if (Array.isArray(items)) yield* items.map((_, index) => [keyword, String(index)]);
    }
    for (const keyword of map) {
      const items = own(schema, keyword);
      if (isObject(items)) yield* Object.keys(items).map((key) => [keyword, key]);
    }
  }
}
