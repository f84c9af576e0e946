import { fn, fromJson, TemplateError, TemplateSet, toText, types, type Value } from "../gotemplate/mod.ts";
import { helmFunctions, sprigFunctions } from "../gotemplate/functions/mod.ts";
import { TransformError } from "./errors.ts";
import { isArray, isObject, type Json } from "./json.ts";
import { checkStage } from "./template_stage.ts";

/** Bounds of one run of a template pipeline. */
export interface TemplateLimits {
  /** ms that a run may take. Default 1000. */
  readonly timeout?: number;
  /** UTF-16 units of the result, and of every string on the way. Default 1 Mi. */
  readonly output?: number;
}

/** ms that a run may take. */
const DEFAULT_TIMEOUT = 1_000;
/** UTF-16 units of a result: an object in etcd holds no more than 1.5 MiB. */
const DEFAULT_OUTPUT = 1024 * 1024;
/** Items of a list that a function makes. */
const MAX_ITEMS = 100_000;
/** The last stage of each pipeline, ours: it sees whether there is a value at all before it becomes text. */
const LAST = "patchResult";

class NoValue extends Error {}

/**
 * Compiles the `transforms` of a Patch: one Go template pipeline, `{{ first | second | … }}`. The root `.` is the value at the source; each
 * output is the last argument of the next stage. The functions are Go's built-in ones, sprig's and Helm's pure ones. The result is text; bytes that are not
 * UTF-8 become U+FFFD, as they do in Go's JSON.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { compileTemplatePipeline } from "./template_pipeline.ts";
 *
 * const apply = compileTemplatePipeline(["b64enc .value1", 'printf "prefix-%s"']);
 * assert.equal(apply({ value1: "Foo1" }), "prefix-Rm9vMQ==");
 * ```
 *
 * @throws {TransformError} `Invalid` where a stage is not an expression or names an unknown function. The compiled function throws `Failed`,
 *   `NoValue` where Go would write `<no value>`, and `Limit`.
 */
export function compileTemplatePipeline(
  stages: readonly string[],
  limits: TemplateLimits = {},
): (value: Json) => string {
  if (stages.length === 0) {
    throw new TransformError("Invalid", "Cannot compile no transforms at all: give at least one");
  }
  stages.forEach(checkStage);
  const text = `{{ ${stages.join(" | ")} | ${LAST} }}`;
  const what = JSON.stringify(stages);
  const { timeout = DEFAULT_TIMEOUT, output = DEFAULT_OUTPUT } = limits;
  const functions = functionsFor(output);

  const prepare = (): TemplateSet => {
    const set = new TemplateSet({ functions, limits: { output, deadline: Date.now() + timeout } });
    set.parse("transforms", text);
    return set;
  };
  explained("Invalid", `Cannot compile transforms ${what}`, prepare);
  return (value) =>
    explained(
      "Failed",
      `Cannot apply transforms ${what}`,
      () => toText(prepare().execute("transforms", fromPlain(value))),
    );
}

/** The function library; big, so it is made once for each bound. */
function functionsFor(output: number) {
  const known = libraries.get(output);
  if (known !== undefined) return known;
  const options = { maxCharacters: output, maxItems: MAX_ITEMS };
  const last = fn([types.any], types.any, (value) => {
    if (value === null) throw new NoValue();
    return value;
  });
  const library = { ...sprigFunctions(options), ...helmFunctions(options), [LAST]: last };
  libraries.set(output, library);
  return library;
}

const libraries = new Map<number, ReturnType<typeof sprigFunctions>>();

function explained<T>(reason: "Invalid" | "Failed", tried: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof NoValue) {
      throw new TransformError("NoValue", `${tried}: the result is <no value>: check the fields, or use "default"`);
    }
    if (error instanceof RangeError) {
      throw new TransformError("Limit", `${tried}: the value nests too deeply`, { cause: error });
    }
    if (!(error instanceof TemplateError)) throw error;
    throw new TransformError(error.reason === "limit" ? "Limit" : reason, `${tried}: ${error.message}`, {
      cause: error,
    });
  }
}

/** JSON as Go's unstructured objects hold it: whole numbers are int64, others float64. */
function fromPlain(value: Json): Value {
  return fromJson(integersAsInt64(value));
}

function integersAsInt64(value: Json): unknown {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (isArray(value)) return value.map(integersAsInt64);
  if (!isObject(value)) return value;
  // A Map: any key is an ordinary key.
  return new Map(Object.entries(value).map(([key, item]) => [key, integersAsInt64(item)]));
}
