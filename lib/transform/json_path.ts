import { JSONPath } from "../deps/jsonpath.ts";
import { FieldPathError } from "./errors.ts";
import { field, type FieldPath, index, type Segment, wildcard } from "./field_path.ts";
import type { Json } from "./json.ts";

/** One step of a JSONPath that names a place: `.name`, `.*`, `['name']`, `["name"]`, `[0]`, `[*]`. */
const STEP = /\.(\*)|\.([^.[\]*?@()'"\s,:]+)|\[(\*)\]|\[(\d{1,9})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;

/**
 * The place that a JSONPath names without looking at an object; `undefined` where it is a query: recursive descent, slices, unions.
 */
export function parseConcreteJsonPath(text: string): FieldPath | undefined {
  const segments: Segment[] = [];
  let position = 1;
  while (position < text.length) {
    STEP.lastIndex = position;
    const match = STEP.exec(text);
    if (match === null) return undefined;
    segments.push(segmentOf(match));
    position = STEP.lastIndex;
  }
  return segments;
}

function segmentOf(match: RegExpExecArray): Segment {
  const [, dotStar, name, star, digits, single, double] = match;
  if (dotStar !== undefined || star !== undefined) return wildcard;
  if (digits !== undefined) return index(Number(digits));
  return field(name ?? (single ?? double ?? "").replace(/\\(.)/g, "$1"));
}

/**
 * The places that a JSONPath finds in a value. Script expressions and filters are refused: they would run code of whoever wrote the path.
 *
 * @throws {FieldPathError} `Syntax` where the text is no JSONPath, or needs evaluation.
 */
export function queryJsonPath(text: string, root: Json): FieldPath[] {
  if (/[?(]/.test(withoutStrings(text))) {
    throw new FieldPathError("Syntax", `Cannot use JSONPath ${JSON.stringify(text)}: filters and scripts are refused`);
  }
  return pointersOf(text, root).map((pointer) => placeOf(pointer, root));
}

function withoutStrings(text: string): string {
  return text.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "");
}

function pointersOf(text: string, root: Json): string[] {
  try {
    const found: unknown = JSONPath({
      path: text,
      json: root === null || typeof root !== "object" ? [] : root,
      resultType: "pointer",
      eval: false,
      wrap: true,
    });
    return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FieldPathError("Syntax", `Cannot parse JSONPath ${JSON.stringify(text)}: ${why}`, undefined, {
      cause: error,
    });
  }
}

/** A JSON pointer as a path: what a number means depends on the container that it meets. */
function placeOf(pointer: string, root: Json): FieldPath {
  let value: unknown = root;
  return pointer.split("/").slice(1).map((token): Segment => {
    const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
    const segment = Array.isArray(value) ? index(Number(name)) : field(name);
    value = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
    return segment;
  });
}
