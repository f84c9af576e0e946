import { Ajv, Ajv2019, Ajv2020, AjvDraft04 } from "../../deps/ajv.ts";
import { GoRegexp } from "../../gotemplate/functions/mod.ts";
import type { SchemaNode } from "./document.ts";
import { formatFault, FORMATS } from "./formats.ts";
import { firstDuplicates, isEqual, isObject, own } from "./json.ts";
import type { SchemaLibrary } from "./library.ts";
import { isMultiple, JsonNumber } from "./numbers.ts";

/** Whether a schema takes a value; undefined where the validator finds no answer. */
export type Verdict = (value: unknown) => boolean | undefined;

/** The part of a validator that is used here: the classes of the drafts share no type. */
interface Validator {
  readonly schemas: Readonly<Record<string, unknown>>;
  addKeyword(definition: {
    readonly keyword: string;
    readonly type?: "number" | "array";
    readonly errors: false;
    readonly validate: (rule: unknown, value: unknown) => boolean;
  }): unknown;
  removeKeyword(keyword: string): unknown;
  addSchema(schema: Readonly<Record<string, unknown>>, url: string): unknown;
  compile(schema: Readonly<Record<string, unknown>>): (value: unknown) => boolean;
}

/**
 * Compiles a schema that is known to be one. Some schemas are more than the validator takes: those that lead to themselves
 * at once, or to another draft's, or have a say about `__proto__`.
 */
export function verdictOf(library: SchemaLibrary): Verdict {
  const { root } = library.main;
  try {
    const schema = isObject(root.value) ? plain(root) : { allOf: [root.value] };
    const validator = validatorFor(library);
    for (const [url, other] of library.others) {
      if (validator.schemas[url] !== undefined) continue;
      const text = plain(other.root);
      validator.addSchema(isObject(text) ? text : {}, url);
    }
    const validate = validator.compile(isObject(schema) ? schema : {});
    return (value) => answerOf(validate, value);
  } catch (error) {
    if (error instanceof Error) return () => undefined;
    throw error;
  }
}

function answerOf(validate: (value: unknown) => boolean, value: unknown): boolean | undefined {
  try {
    return validate(value);
  } catch (error) {
    // No end of references; or code that the validator made for `unevaluatedProperties` below several others.
    if (error instanceof RangeError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Keywords that the validator knows and the draft does not. */
const UNKNOWN: Readonly<Record<number, readonly string[]>> = {
  4: ["$id", "const", "contains", "propertyNames", "if"],
  6: ["id", "if"],
};

function validatorFor(library: SchemaLibrary): Validator {
  const { version } = library.main.draft;
  const options = {
    strict: false,
    logger: false,
    // Judged before, by Helm's rules.
    validateSchema: false,
    // Up to draft 7 all that stands beside a `$ref` is nothing.
    ignoreKeywordsWithRef: version < 2019,
    validateFormats: version < 2019,
    formats: Object.fromEntries(
      Object.keys(FORMATS).map((name) => [name, (text: string) => formatFault(name, text) === undefined]),
    ),
    // Polishing the code takes a quarter of the time of making it, and is not felt when it runs.
    code: { regExp: compiledPattern, optimize: false },
  } as const;
  const validator: Validator = version === 4
    ? new AjvDraft04.default(options)
    : version === 2019
    ? new Ajv2019(options)
    : version === 2020
    ? new Ajv2020(options)
    : new Ajv(options);
  for (const keyword of UNKNOWN[version] ?? ["id"]) validator.removeKeyword(keyword);
  for (const definition of OWN_KEYWORDS) {
    if (definition.keyword === "const" && version < 6) continue;
    validator.removeKeyword(definition.keyword);
    validator.addKeyword(definition);
  }
  return validator;
}

/** Keywords whose rules are Go's: numbers as exact decimals, and objects that have no prototype. */
const OWN_KEYWORDS = [
  { keyword: "const", errors: false, validate: (rule, value) => isEqual(value, rule) },
  {
    keyword: "enum",
    errors: false,
    validate: (rule, value) => Array.isArray(rule) && rule.some((one) => isEqual(value, one)),
  },
  {
    keyword: "multipleOf",
    type: "number",
    errors: false,
    validate: (rule, value) => typeof rule !== "number" || typeof value !== "number" || isMultiple(value, rule),
  },
  {
    keyword: "uniqueItems",
    type: "array",
    errors: false,
    validate: (rule, value) => rule !== true || !Array.isArray(value) || firstDuplicates(value) === undefined,
  },
] as const satisfies readonly Parameters<Validator["addKeyword"]>[0][];

/** Keys by which the validator means something, and JSON Schema nothing. */
const FOREIGN = new Set(["$schema", "$async", "nullable"]);

/** A schema's plain JSON, without those keys wherever a schema stands. */
function plain(node: SchemaNode): unknown {
  const { value } = node;
  if (value instanceof JsonNumber) return Number(value.text);
  if (Array.isArray(value)) return value.map((item, index) => plainChild(node, String(index), item));
  if (!isObject(value)) return value;
  const out: Record<string, unknown> = {};
  const isReference = node.document.draft.version < 2019 && typeof own(value, "$ref") === "string";
  for (const [key, item] of Object.entries(value)) {
    // Of all keywords beside an old draft's `$ref` the validator still takes `type` for one.
    if (node.isSchema && (FOREIGN.has(key) || (key === "type" && isReference))) continue;
    // The validator passes this key over, whatever the schema says of it.
    if (key === "__proto__") throw new RangeError(`${node.location}: "__proto__"`);
    out[key] = plainChild(node, key, item);
  }
  return out;
}

function plainChild(node: SchemaNode, key: string, item: unknown): unknown {
  if (typeof item !== "object" || item === null) return item;
  const child = node.child(key);
  return child === undefined ? item : plain(child);
}

/**
 * Compiles a schema's `pattern` as Helm does, with RE2: the text that it is held against is the user's and the pattern the
 * chart's, and no pair of them takes more than linear time.
 */
function compiledPattern(pattern: string): { test(text: string): boolean; toString(): string } {
  const compiled = GoRegexp.compile(pattern);
  // The validator keeps one for each such text.
  return { test: (text) => compiled.test(text), toString: () => pattern };
}
/** Named in code that the validator would write to a file; it never does. */
compiledPattern.code = "compiledPattern";
