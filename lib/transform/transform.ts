import { TransformError } from "./errors.ts";
import { compileJq, type JqLimits } from "./jq/mod.ts";
import type { Json } from "./json.ts";
import { compileTemplatePipeline, type TemplateLimits } from "./template_pipeline.ts";

/** The transform fields of a Patch's target, as they are written. */
export interface TransformSource {
  /** Stages of a Go template pipeline: the dialect of patch-provider 0.1.3. */
  readonly transforms?: readonly string[];
  /** `${ jq }`, or a literal: the dialect of patch-provider 1.0.0. */
  readonly transform?: string;
}

/** Bounds of one application, whatever the dialect. */
export interface TransformLimits {
  /** Bounds of a template pipeline. */
  readonly template?: TemplateLimits;
  /** Bounds of a jq program. */
  readonly jq?: JqLimits;
}

/** Turns the value at the source into the value for the target. */
export type Transform = (value: Json) => Json;

/** What patch-provider 1.0.0 takes for jq: a dollar, a brace, white space, up to the last closing brace. The rest is dropped. */
const JQ = /^\$\{\s+([^]*)\}/;

/**
 * The jq program in a `transform`; `undefined` where it is a literal. Text that merely resembles a program (`${.a}`, without the space)
 * is a literal, as in patch-provider 1.0.0.
 */
export function jqProgramOf(transform: string): string | undefined {
  return JQ.exec(transform)?.[1]?.trim();
}

/**
 * Compiles the transform of a Patch. The dialect is told by the field and the form; without either field the value passes as it is.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { compileTransform } from "./transform.ts";
 *
 * const data = { replicas: "3", value1: "Foo1" };
 * assert.equal(compileTransform({ transforms: ["b64enc .value1", 'printf "prefix-%s"'] })(data), "prefix-Rm9vMQ==");
 * assert.equal(compileTransform({ transform: "${ .replicas | tonumber }" })(data), 3);
 * assert.equal(compileTransform({ transform: "hello" })(data), "hello");
 * assert.equal(compileTransform({})(data), data);
 * ```
 *
 * @throws {TransformError} `Invalid` where it cannot be compiled, or both fields are used. The transform itself throws `Failed`, `NoValue`
 *   and `Limit`; it runs synchronously and within its limits.
 */
export function compileTransform(source: TransformSource, limits: TransformLimits = {}): Transform {
  const { transforms = [], transform = "" } = source;
  if (transforms.length > 0 && transform !== "") {
    throw new TransformError("Invalid", `Cannot use both "transforms" and "transform": remove one of them`);
  }
  if (transforms.length > 0) return compileTemplatePipeline(transforms, limits.template);
  if (transform === "") return (value) => value;
  const program = jqProgramOf(transform);
  return program === undefined ? () => transform : compileJq(program, limits.jq);
}
