import { GoRegexp, RegexpError } from "../../gotemplate/functions/mod.ts";
import { quote } from "../../gotemplate/mod.ts";
import type { SchemaNode } from "./document.ts";
import { type DraftVersion, placesBelow } from "./draft.ts";
import { SchemaError } from "./errors.ts";
import { violationOf } from "./evaluate.ts";
import { isObject, type JsonObject, own } from "./json.ts";
import type { SchemaLibrary } from "./library.ts";
import { violationText } from "./violation.ts";

/** Keywords that lead to another schema, by the draft that brought them. */
const REFERENCES = [["$ref", 4], ["$recursiveRef", 2019], ["$dynamicRef", 2020]] as const;

/**
 * Holds a schema against its draft's metaschema, and follows all references that it can come upon.
 *
 * @throws SchemaError as Helm's validator words it: `metaschema` for what is no schema, `reference` for one that leads nowhere.
 */
export function checkSchema(library: SchemaLibrary): void {
  const { main } = library;
  checkAgainstMetaschema(main.root, library);
  const waiting: SchemaNode[] = [main.root];
  const seen = new Set<SchemaNode>(waiting);
  for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
    for (const next of [...referred(node, library), ...below(node)]) {
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
}

function checkAgainstMetaschema(node: SchemaNode, library: SchemaLibrary): void {
  const { metaschema } = library;
  const violation = violationOf(metaschema, node.value, library);
  if (violation === undefined) return;
  const head = `${quote(node.location)} is not valid against metaschema: jsonschema validation failed with`;
  throw new SchemaError("metaschema", `${head} '${metaschema.location}'\n${violationText(violation)}`);
}

function* referred(node: SchemaNode, library: SchemaLibrary): Generator<SchemaNode> {
  const { draft } = node.document;
  for (const [keyword, since] of REFERENCES) {
    const reference = isObject(node.value) && since <= draft.version ? own(node.value, keyword) : undefined;
    if (typeof reference !== "string") continue;
    const target = library.resolve(node, reference);
    if (target.document === library.main && !target.isSchema) {
      // It stands where no keyword looks for schemas.
      target.document.collect(target);
      checkAgainstMetaschema(target, library);
    }
    // The metaschemas are sound.
    if (target.document === library.main) yield target;
  }
}

function* below(node: SchemaNode): Generator<SchemaNode> {
  const { value, document: { draft } } = node;
  if (!isObject(value)) return;
  checkPatterns(node);
  for (const keys of placesBelow(value, draft)) {
    if (!isUsed(keys[0] ?? "", value, draft.version)) continue;
    let found: SchemaNode | undefined = node;
    for (const key of keys) found = found?.child(key);
    if (found !== undefined) yield found;
  }
}

/** Whether a keyword says anything beside the others of its schema: what it leads to may be broken where it does not. */
function isUsed(keyword: string, schema: JsonObject, version: DraftVersion): boolean {
  if (version < 2019 && typeof own(schema, "$ref") === "string" && !BESIDE_REFERENCE.has(keyword)) return false;
  if (keyword === "then" || keyword === "else") return own(schema, "if") !== undefined;
  if (keyword === "additionalItems") return version < 2020 && Array.isArray(own(schema, "items"));
  return !HOLDERS.has(keyword);
}

/** Keywords that only keep schemas for others to refer to, or say nothing. */
const HOLDERS = new Set(["definitions", "$defs", "contentSchema"]);

/** Up to draft 7 nothing beside a `$ref` is looked at, but these are read. */
const BESIDE_REFERENCE = new Set(["contains", "propertyNames", "if", "then", "else"]);

function checkPatterns(node: SchemaNode): void {
  const { value } = node;
  if (!isObject(value)) return;
  const patterns = own(value, "patternProperties");
  const pattern = own(value, "pattern");
  for (const text of isObject(patterns) ? Object.keys(patterns) : []) checkPattern(text, node, "patternProperties");
  if (typeof pattern === "string") checkPattern(pattern, node, "pattern");
}

function checkPattern(text: string, node: SchemaNode, keyword: string): void {
  try {
    GoRegexp.compile(text);
  } catch (error) {
    if (!(error instanceof RegexpError)) throw error;
    const place = quote(`${node.location}/${keyword}`);
    throw new SchemaError("metaschema", `invalid regex ${quote(text)} at ${place}: ${error.message}`, { cause: error });
  }
}
