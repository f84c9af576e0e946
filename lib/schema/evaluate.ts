/** JSON Schema on a known value: what Helm would say about a chart's own values. */
import { assertsFormat, below, type Located } from "./document.ts";
import {
  branchesOf,
  type Conjunct,
  type Conjunction,
  conjunctionOf,
  isClosed,
  itemSchema,
  keyword,
  propertySchemas,
  requiredOf,
  schemaAt,
  tupleOf,
} from "./conjunction.ts";
import { formatCheck } from "./format.ts";
import { equal, isObject, type JsonObject, ownObject } from "./json.ts";
import { declaredTypes, typeOf } from "./json_types.ts";
import { compilePattern } from "./pattern.ts";

/** Whether a conjunction accepts a value. What lies behind remote references counts as accepted. */
export function accepts(conjunction: Conjunction, value: unknown): boolean {
  return conjunction.every((conjunct) =>
    acceptsAny(conjunct, value) &&
    (typeof value !== "number" || acceptsNumber(conjunct, value)) &&
    (typeof value !== "string" || acceptsString(conjunct, value)) &&
    (!Array.isArray(value) || acceptsArray(conjunct, value)) &&
    (!isObject(value) || acceptsObject(conjunct, value))
  );
}

/** A step into the value begins a new trail: references may come again as long as the value goes on. */
const acceptsAt = (at: Located, value: unknown): boolean => accepts(conjunctionOf([{ ...at, trail: [] }]), value);

const acceptsHere = (at: Located, value: unknown): boolean => accepts(conjunctionOf([at]), value);

function acceptsAny(conjunct: Conjunct, value: unknown): boolean {
  const { type, enum: members } = conjunct.schema;
  const constant = keyword(conjunct, "const");
  const anyOf = branchesOf(conjunct, "anyOf"), oneOf = branchesOf(conjunct, "oneOf");
  const not = schemaAt(conjunct, "not"), condition = schemaAt(conjunct, "if");
  const consequence = condition && schemaAt(conjunct, acceptsHere(condition, value) ? "then" : "else");
  return (type === undefined || declaredTypes(type).has(typeOf(value))) &&
    (!Array.isArray(members) || members.some((member) => equal(member, value))) &&
    (constant === undefined || equal(constant, value)) &&
    (anyOf.length === 0 || anyOf.some((branch) => acceptsHere(branch, value))) &&
    (oneOf.length === 0 || oneOf.filter((branch) => acceptsHere(branch, value)).length === 1) &&
    (not === undefined || !acceptsHere(not, value)) &&
    (consequence === undefined || acceptsHere(consequence, value));
}

const limit = (conjunct: Conjunct, name: string, test: (bound: number) => boolean): boolean => {
  const bound = keyword(conjunct, name);
  return typeof bound !== "number" || test(bound);
};

function acceptsNumber(conjunct: Conjunct, value: number): boolean {
  const { exclusiveMinimum, exclusiveMaximum } = conjunct.schema;
  return limit(conjunct, "minimum", (bound) => value > bound || (value === bound && exclusiveMinimum !== true)) &&
    limit(conjunct, "maximum", (bound) => value < bound || (value === bound && exclusiveMaximum !== true)) &&
    limit(conjunct, "exclusiveMinimum", (bound) => value > bound) &&
    limit(conjunct, "exclusiveMaximum", (bound) => value < bound) &&
    limit(conjunct, "multipleOf", (factor) => Math.abs(value / factor - Math.round(value / factor)) < 1e-9);
}

function acceptsString(conjunct: Conjunct, value: string): boolean {
  const { pattern, format } = conjunct.schema;
  const compiled = typeof pattern === "string" ? compilePattern(pattern) : undefined;
  const length = [...value].length;
  const check = typeof format === "string" && assertsFormat(conjunct.document.draft) ? formatCheck(format) : undefined;
  return limit(conjunct, "minLength", (bound) => length >= bound) &&
    limit(conjunct, "maxLength", (bound) => length <= bound) &&
    (compiled === undefined || compiled.kind === "invalid" || compiled.search(value)) &&
    (check === undefined || check(value));
}

function acceptsArray(conjunct: Conjunct, items: readonly unknown[]): boolean {
  const tuple = tupleOf(conjunct), rest = itemSchema(conjunct), contains = schemaAt(conjunct, "contains");
  const found = contains === undefined ? 0 : items.filter((item) => acceptsAt(contains, item)).length;
  const least = keyword(conjunct, "minContains");
  return limit(conjunct, "minItems", (bound) => items.length >= bound) &&
    limit(conjunct, "maxItems", (bound) => items.length <= bound) &&
    (conjunct.schema["uniqueItems"] !== true ||
      items.every((item, index) => items.slice(0, index).every((other) => !equal(item, other)))) &&
    items.every((item, index) => {
      const at = tuple[index] ?? rest;
      return at === undefined || acceptsAt(at, item);
    }) &&
    (contains === undefined || found >= (typeof least === "number" ? least : 1)) &&
    (contains === undefined || limit(conjunct, "maxContains", (bound) => found <= bound));
}

function acceptsObject(conjunct: Conjunct, value: JsonObject): boolean {
  const keys = Object.keys(value);
  const names = schemaAt(conjunct, "propertyNames");
  const has = (key: string): boolean => Object.hasOwn(value, key);
  return limit(conjunct, "minProperties", (bound) => keys.length >= bound) &&
    limit(conjunct, "maxProperties", (bound) => keys.length <= bound) &&
    requiredOf(conjunct).every(has) &&
    keys.every((key) => {
      const places = propertySchemas(conjunct, key);
      return places.every((at) => acceptsAt(at, value[key])) && (places.length > 0 || !isClosed(conjunct)) &&
        (names === undefined || acceptsAt(names, key));
    }) &&
    dependenciesOf(conjunct).every(({ name, required, schema }) =>
      !has(name) || (required.every(has) && (schema === undefined || acceptsHere(schema, value)))
    );
}

/** What follows from the presence of a property: other properties, or a schema of the whole object. */
export interface Dependency {
  readonly keyword: string;
  readonly name: string;
  readonly required: readonly string[];
  readonly schema?: Located;
}

/** `dependencies`, `dependentRequired` and `dependentSchemas` of one schema. */
export function dependenciesOf(conjunct: Conjunct): Dependency[] {
  return ["dependencies", "dependentRequired", "dependentSchemas"]
    .filter((name) => keyword(conjunct, name) !== undefined)
    .flatMap((name) =>
      Object.entries(ownObject(conjunct.schema, name)).map(([property, value]): Dependency =>
        Array.isArray(value)
          ? { keyword: name, name: property, required: value.filter((item) => typeof item === "string") }
          : { keyword: name, name: property, required: [], schema: below(conjunct, value, name, property) }
      )
    );
}
