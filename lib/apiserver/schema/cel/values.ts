/** Kubernetes values as CEL sees them. */
import type { StructuralSchema } from "../../../schema/mod.ts";
import { cel } from "../../../deps/cel.ts";
import { isObject, type JsonObject, setField } from "../../json_value.ts";
import { additionalSchema } from "../compiled.ts";
import { RESOURCE_FIELDS } from "../object_meta.ts";

/** Words that CEL keeps for itself; Kubernetes escapes fields of these names. */
const RESERVED: ReadonlySet<string> = new Set([
  "true",
  "false",
  "null",
  "in",
  "as",
  "break",
  "const",
  "continue",
  "else",
  "for",
  "function",
  "if",
  "import",
  "let",
  "loop",
  "package",
  "namespace",
  "return",
  "var",
  "void",
  "while",
]);

/** The name of a declared field in a rule: `a-b` is `a__dash__b`. */
export function escapeField(name: string): string {
  if (RESERVED.has(name)) return `__${name}__`;
  return name.replaceAll("__", "__underscores__").replaceAll(".", "__dot__").replaceAll("-", "__dash__").replaceAll(
    "/",
    "__slash__",
  );
}

/** Of a whole object, rules see `apiVersion`, `kind`, `metadata.name` and `metadata.generateName` besides the schema's fields. */
const ROOT_FIELDS: Readonly<Record<string, StructuralSchema>> = RESOURCE_FIELDS;

/**
 * A value in CEL's types: whole numbers as `int` unless the schema says `number`, `date-time` as timestamp, `byte` as bytes, …
 *
 * Keys of declared fields are escaped; those of maps are data, and stay.
 */
export function toCel(schema: StructuralSchema | undefined, value: unknown, root = false): unknown {
  if (typeof value === "number") return schema?.type === "number" || !Number.isInteger(value) ? value : BigInt(value);
  if (typeof value === "string") return formatted(schema, value);
  if (Array.isArray(value)) return value.map((item) => toCel(schema?.items, item));
  if (!isObject(value)) return value;
  const converted: JsonObject = {};
  const additional = schema === undefined ? undefined : additionalSchema(schema);
  const implied = root || schema?.["x-kubernetes-embedded-resource"] === true ? ROOT_FIELDS : undefined;
  for (const key of Object.keys(value)) {
    const declared = schema?.properties?.[key] ?? implied?.[key];
    setField(converted, declared === undefined ? key : escapeField(key), toCel(declared ?? additional, value[key]));
  }
  return converted;
}

function formatted(schema: StructuralSchema | undefined, text: string): unknown {
  if (schema === undefined || schema.type !== "string") return text;
  switch (schema.format) {
    case "byte":
      return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    case "date-time":
    case "date": {
      const time = new Date(text);
      return Number.isNaN(time.getTime()) ? text : time;
    }
    case "duration":
      return durationOf(text);
    default:
      return text;
  }
}

function durationOf(text: string): unknown {
  try {
    return cel.evaluate("duration(text)", { text });
  } catch {
    // Formats such as "2 days" are valid for the schema but no CEL duration: the rule sees the text.
    return text;
  }
}
