/** From the objects that a Patch reads to the value that it writes; pure. */
import type { KubeObject } from "../../lib/kube/mod.ts";
import { FieldPathError, isObject, type Json, TransformError } from "../../lib/transform/mod.ts";
import { PatchError } from "./errors.ts";
import type { Plan, SourcePlan } from "./plan.ts";
import { describe } from "./words.ts";

/** Characters of a value as JSON: an object in etcd holds no more than 1.5 MiB. */
const LONGEST = 1024 * 1024;

/**
 * The value at the sources, before any transform: that of the only source, or an object of all by their names.
 *
 * @throws {PatchError} `SourceFieldMissing`, `TransformFailed` where it cannot be decoded.
 */
export function joinedValue(plan: Plan, objects: readonly KubeObject[]): Json {
  const values = plan.sources.map((source, i) => [source.as, valueOf(source, objects[i] as unknown as Json)] as const);
  const [only] = values;
  if (values.length === 1 && only !== undefined && only[0] === undefined) return only[1];
  return Object.fromEntries(values);
}

/**
 * The value for the target.
 *
 * @throws {PatchError} `TransformFailed`.
 */
export function transformed(plan: Plan, value: Json): Json {
  const result = withReason("spec.to", () => plan.transform(value));
  if (result === null) {
    throw new PatchError("TransformFailed", "The result is null, which no field can hold: check the transform");
  }
  const encoded = plan.encode ? eachText(result, encodeBase64, "encode") : result;
  const { length } = JSON.stringify(encoded);
  if (length <= LONGEST) return encoded;
  throw new PatchError("TransformFailed", `The result has ${length} characters, more than ${LONGEST}: make it smaller`);
}

function valueOf(source: SourcePlan, object: Json): Json {
  const value = read(source, object);
  if (value === null) {
    throw new PatchError("SourceFieldMissing", `${describe(source.ref)}: ${source.locator.text} is null`);
  }
  return source.decode ? eachText(value, decodeBase64, "decode") : value;
}

function read(source: SourcePlan, object: Json): Json {
  try {
    return source.locator.read(object);
  } catch (error) {
    if (!(error instanceof FieldPathError)) throw error;
    throw new PatchError("SourceFieldMissing", `${describe(source.ref)}: ${error.message}`, { cause: error });
  }
}

/** A text, or each text of an object such as `data`. */
function eachText(value: Json, change: (text: string) => string, verb: string): Json {
  if (typeof value === "string") return change(value);
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, eachText(item, change, verb)]));
  }
  throw new PatchError("TransformFailed", `Cannot ${verb} base64: the value is neither text nor an object of texts`);
}

function encodeBase64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}

function decodeBase64(text: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.fromBase64(text.trim()));
  } catch {
    // The error's own message could quote the value.
    throw new PatchError("TransformFailed", "Cannot decode base64: the value is not base64 of UTF-8 text");
  }
}

function withReason<T>(where: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof TransformError)) throw error;
    throw new PatchError("TransformFailed", `${where}: ${error.message}`, { cause: error });
  }
}
