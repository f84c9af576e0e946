/** Objects whose keys nobody names: typed maps, patterns of keys, empty objects. */
import {
  type Conjunct,
  type Conjunction,
  conjunctionOf,
  isClosed,
  keyPatternsOf,
  propertyOf,
  schemaAt,
} from "./conjunction.ts";
import { below, type Located } from "./document.ts";
import { accepts } from "./evaluate.ts";
import { isObject, ownObject } from "./json.ts";
import { nullable } from "./nullable.ts";
import { ANY_KEY } from "./notes.ts";
import { inEach, noteCuts, type Scope } from "./scope.ts";
import type { StructuralSchema } from "./types.ts";
import { compilePattern } from "./pattern.ts";

/** What a map needs. */
export interface MapPart {
  readonly conjunction: Conjunction;
  readonly scope: Scope;
  /** Whether the node holds maps only: CEL does not see into unions. */
  readonly typed: boolean;
  readonly structure: (conjunction: Conjunction, scope: Scope) => StructuralSchema;
}

/**
 * The most entries of a map with a CEL rule: without a bound the API server estimates a rule's cost for an object of
 * 3 MB and refuses a CRD with some thirty of them.
 */
const MOST_KEYS = 10_000;

const OPEN_MAP: StructuralSchema = { "x-kubernetes-preserve-unknown-fields": true };

/** The node's part about keys and values. */
export function mapStructure(part: MapPart): StructuralSchema {
  const { conjunction, scope } = part;
  const patterns = conjunction.filter((conjunct) => keyPatternsOf(conjunct).length > 0);
  if (patterns.length > 0) return patternMap(part, patterns);
  if (conjunction.some(isClosed)) return { ...OPEN_MAP, maxProperties: 0 };
  const values = propertyOf(conjunction, undefined, noteCuts(inEach(scope, ANY_KEY)));
  const keys = keyRules(conjunction, scope);
  if (values.length === 0) {
    if (keys.length > 0) {
      scope.notes.dropped(scope.path, "propertyNames", "CEL does not see keys of a map whose values have no schema");
    }
    return OPEN_MAP;
  }
  return typedMap(part, values, keys);
}

/** One schema for all values. */
function typedMap(
  { scope, structure, typed }: MapPart,
  values: Conjunction,
  keys: readonly string[],
): StructuralSchema {
  const each = inEach(scope, ANY_KEY);
  const brought = isObject(scope.base) ? scope.base : {};
  const merges = Object.values(brought).some(isObject);
  const compiled = structure(values, each);
  if (merges) scope.notes.relaxed(each.path, "required", "values.yaml has entries that Helm merges the user's into");
  const node = merges ? withoutRequired(compiled) : compiled;
  const wrong = Object.keys(brought).filter((key) => !accepts(values, brought[key]));
  const ruled = typed && scope.single && isVisible(node);
  const rules = ruled ? [...keys] : [];
  if (keys.length > rules.length) {
    scope.notes.dropped(
      scope.path,
      "propertyNames",
      "The API server cannot bound the cost of a rule over all keys here",
    );
  }
  const nulls = nullPolicy({ values, brought, ruled, scope });
  if (nulls.rule !== undefined) rules.push(nulls.rule);
  if (rules.length > 0) {
    scope.notes.relaxed(
      scope.path,
      "maxProperties",
      `Bounded by ${MOST_KEYS} entries, so that the API server can bound the cost of a rule`,
    );
  }
  return {
    additionalProperties: nulls.keep ? nullable(node) : node,
    ...(wrong.length === 0 ? {} : { required: wrong }),
    ...(rules.length === 0 ? {} : {
      maxProperties: MOST_KEYS,
      "x-kubernetes-validations": rules.map((rule) => ({ rule, message: `must satisfy ${rule}` })),
    }),
  };
}

interface NullCase {
  readonly values: Conjunction;
  readonly brought: Readonly<Record<string, unknown>>;
  /** Whether a CEL rule can run here. */
  readonly ruled: boolean;
  readonly scope: Scope;
}

/** Null deletes an entry that values.yaml brings; elsewhere it is a value, and the API server would drop it silently. */
function nullPolicy({ values, brought, ruled, scope }: NullCase): { keep: boolean; rule?: string } {
  if (accepts(values, null)) return { keep: true };
  const keys = Object.keys(brought);
  if (ruled) {
    const deletable = keys.length === 0 ? "" : ` || k in ${celList(keys)}`;
    return { keep: true, rule: `self.all(k, dyn(self[k]) != null${deletable})` };
  }
  scope.notes.dropped(
    [...scope.path, ANY_KEY],
    "type",
    "A null entry is left out by the API server instead of being refused",
  );
  return { keep: keys.length > 0 };
}

const celList = (texts: readonly string[]): string => `[${texts.map((text) => JSON.stringify(text)).join(", ")}]`;

/** Whether CEL sees values of a schema: it does not where something below has no type. */
function isVisible(schema: StructuralSchema): boolean {
  if (schema["x-kubernetes-int-or-string"] === true) return true;
  if (schema.type === "array") return schema.items !== undefined && isVisible(schema.items);
  if (schema.type !== "object") return schema.type !== undefined;
  return typeof schema.additionalProperties !== "object" || isVisible(schema.additionalProperties);
}

function withoutRequired(schema: StructuralSchema): StructuralSchema {
  const { required: _, properties, ...rest } = schema;
  if (properties === undefined) return rest;
  return {
    ...rest,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, withoutRequired(property)]),
    ),
  };
}

/** `propertyNames` as CEL over the key `k`, as far as strings go. */
function keyRules(conjunction: Conjunction, scope: Scope): string[] {
  const places = conjunction.map((conjunct) => schemaAt(conjunct, "propertyNames")).filter((at) => at !== undefined);
  return conjunctionOf(places).flatMap((conjunct) => {
    const rules = keyTests(conjunct);
    const known = ["type", "pattern", "minLength", "maxLength", "enum", "$schema", "description", "title"];
    if (Object.keys(conjunct.schema).some((keyword) => !known.includes(keyword))) {
      scope.notes.dropped(scope.path, "propertyNames", "Only pattern, length and enum of keys become rules");
    }
    return rules.map((test) => `self.all(k, ${test})`);
  });
}

function keyTests({ schema }: Conjunct): string[] {
  const { pattern, minLength, maxLength, enum: members } = schema;
  const strings = Array.isArray(members) ? members.filter((member) => typeof member === "string") : undefined;
  return [
    ...(typeof pattern === "string" && compilePattern(pattern).kind === "re2"
      ? [`k.matches(${JSON.stringify(pattern)})`]
      : []),
    ...(typeof minLength === "number" ? [`size(k) >= ${minLength}`] : []),
    ...(typeof maxLength === "number" ? [`size(k) <= ${maxLength}`] : []),
    ...(strings === undefined ? [] : [`k in ${celList(strings)}`]),
  ];
}

/** Keys by pattern: exact where one pattern stands alone in a closed object, else open. */
function patternMap(part: MapPart, patterns: readonly Conjunct[]): StructuralSchema {
  const { conjunction, scope } = part;
  const [only, ...more] = patterns;
  const sources = only === undefined ? [] : keyPatternsOf(only);
  const [source] = sources;
  const simple = only !== undefined && source !== undefined && sources.length === 1 && more.length === 0 &&
    compilePattern(source).kind === "re2";
  const everything = source !== undefined && ["", ".*", "^.*$", ".*$", "^.*"].includes(source);
  if (simple && (everything || (isClosed(only) && conjunction.length === 1))) {
    const at: Located = below(only, ownObject(only.schema, "patternProperties")[source], "patternProperties", source);
    const values = conjunctionOf([at], noteCuts(inEach(scope, ANY_KEY)));
    return typedMap(part, values, everything ? [] : [`self.all(k, k.matches(${JSON.stringify(source)}))`]);
  }
  scope.notes.dropped(scope.path, "patternProperties", "A CRD has one schema for all keys, none by pattern");
  return OPEN_MAP;
}
