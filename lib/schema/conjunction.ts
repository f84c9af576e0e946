/**
 * A place in the values as the conjunction of all schemas that speak about it.
 *
 * `allOf` and `$ref` vanish here: their schemas join the conjunction, so that properties, bounds and closedness of all
 * of them meet in one list.
 */
import { knows } from "./check.ts";
import { below, follow, type Located, refHidesSiblings } from "./document.ts";
import { isObject, type JsonObject, own, ownList, ownObject } from "./json.ts";
import { compilePattern } from "./pattern.ts";

/** One schema of a conjunction; `allOf` and `$ref` of it are already apart. */
export interface Conjunct extends Located {
  readonly schema: JsonObject;
}

/** All schemas of a place; none means that anything goes. */
export type Conjunction = readonly Conjunct[];

/** What stops the flattening of a reference. */
export type Cut = (at: Located, why: "recursive" | "remote", reference: string) => void;

/** How often a recursive schema is unrolled below itself: each level multiplies the CRD. */
const UNROLLED = 1;

const FALSE: JsonObject = { not: {} };
const ignore: Cut = () => {};

/** Flattens schemas into one conjunction. A recursive or remote reference is left out, and told. */
export function conjunctionOf(places: readonly Located[], cut: Cut = ignore): Conjunction {
  return places.flatMap((at) => flatten(at, cut));
}

function flatten(at: Located, cut: Cut): Conjunct[] {
  const { schema } = at;
  if (schema === false) return [{ ...at, schema: FALSE }];
  if (!isObject(schema)) return [];
  const reference = own(schema, "$ref");
  const dynamic = own(schema, "$dynamicRef") ?? own(schema, "$recursiveRef");
  const targets = [reference, refHidesSiblings(at.document.draft) ? undefined : dynamic]
    .filter((target): target is string => typeof target === "string")
    .flatMap((target) => referenced(at, target, cut));
  if (typeof reference === "string" && refHidesSiblings(at.document.draft)) return targets;
  const members = ownList(schema, "allOf").flatMap((member, index) => flatten(below(at, member, "allOf", index), cut));
  return [{ ...at, schema }, ...targets, ...members];
}

function referenced(at: Located, reference: string, cut: Cut): Conjunct[] {
  const target = follow(at, reference);
  if (target === "remote" || target === undefined) {
    cut(at, "remote", reference);
    return [];
  }
  if (at.trail.filter((pointer) => pointer === target.pointer).length > UNROLLED) {
    cut(at, "recursive", reference);
    return [];
  }
  return flatten(target, cut);
}

/** The value of a keyword, where the conjunct's draft knows it. */
export function keyword(conjunct: Conjunct, name: string): unknown {
  return knows(conjunct.document.draft, name) ? own(conjunct.schema, name) : undefined;
}

/** The list at a keyword as schemas with their places. */
export function branchesOf(conjunct: Conjunct, name: "anyOf" | "oneOf"): Located[] {
  return ownList(conjunct.schema, name).map((branch, index) => below(conjunct, branch, name, index));
}

/** The schema at a keyword with its place. */
export function schemaAt(conjunct: Conjunct, name: string): Located | undefined {
  const schema = keyword(conjunct, name);
  return isObject(schema) || typeof schema === "boolean" ? below(conjunct, schema, name) : undefined;
}

/** Names that the conjunction's `properties` and `required` speak of. */
export function namesOf(conjunction: Conjunction): Set<string> {
  return new Set(
    conjunction.flatMap((
      conjunct,
    ) => [...Object.keys(ownObject(conjunct.schema, "properties")), ...requiredOf(conjunct)]),
  );
}

/** `required` of one schema. */
export function requiredOf(conjunct: Conjunct): string[] {
  return ownList(conjunct.schema, "required").filter((name): name is string => typeof name === "string");
}

/** Patterns of `patternProperties`. */
export function keyPatternsOf(conjunct: Conjunct): string[] {
  return Object.keys(ownObject(conjunct.schema, "patternProperties"));
}

/** What one schema says about the property `name`; `undefined` asks for a key that nothing names. */
export function propertySchemas(conjunct: Conjunct, name: string | undefined): Located[] {
  const found: Located[] = [];
  const properties = ownObject(conjunct.schema, "properties");
  if (name !== undefined && Object.hasOwn(properties, name)) {
    found.push(below(conjunct, properties[name], "properties", name));
  }
  for (const [source, schema] of Object.entries(ownObject(conjunct.schema, "patternProperties"))) {
    const pattern = compilePattern(source);
    if (name !== undefined && pattern.kind !== "invalid" && pattern.search(name)) {
      found.push(below(conjunct, schema, "patternProperties", source));
    }
  }
  const additional = schemaAt(conjunct, "additionalProperties");
  return found.length > 0 || additional === undefined ? found : [additional];
}

/** What one schema says about items past its tuple (all items, where there is no tuple). */
export function itemSchema(conjunct: Conjunct): Located | undefined {
  return schemaAt(conjunct, isTuple(conjunct) && Array.isArray(conjunct.schema["items"]) ? "additionalItems" : "items");
}

/** Schemas of the first items: `prefixItems`, or `items` as a list in earlier drafts. */
export function tupleOf(conjunct: Conjunct): Located[] {
  const modern = conjunct.document.draft === "2020-12";
  const list = modern ? keyword(conjunct, "prefixItems") : own(conjunct.schema, "items");
  const name = modern ? "prefixItems" : "items";
  return Array.isArray(list) ? list.map((schema, index) => below(conjunct, schema, name, index)) : [];
}

const isTuple = (conjunct: Conjunct): boolean => tupleOf(conjunct).length > 0;

/** Whether one schema refuses properties that it does not name. */
export function isClosed(conjunct: Conjunct): boolean {
  return own(conjunct.schema, "additionalProperties") === false || keyword(conjunct, "unevaluatedProperties") === false;
}

/** The conjunction one step down: property `name` of every conjunct. */
export function propertyOf(conjunction: Conjunction, name: string | undefined, cut?: Cut): Conjunction {
  return conjunctionOf(conjunction.flatMap((conjunct) => propertySchemas(conjunct, name)), cut);
}

/** The conjunction one step down: items that no tuple speaks of. */
export function itemsOf(conjunction: Conjunction, cut?: Cut): Conjunction {
  return conjunctionOf(conjunction.map(itemSchema).filter((at) => at !== undefined), cut);
}
