/** Parts that the settings' schemas are composed of. */
import type { SinkSchema } from "./types.ts";

/** An object with `properties`, of which `required` must be there. */
export function object(
  description: string,
  properties: Readonly<Record<string, SinkSchema>>,
  required: readonly string[] = [],
  rules: readonly { readonly rule: string; readonly message: string }[] = [],
): SinkSchema {
  return {
    type: "object",
    description,
    properties,
    ...(required.length > 0 && { required }),
    ...(rules.length > 0 && { "x-kubernetes-validations": rules }),
  };
}

/** A string; bounded, since the cost of a CEL rule and of an object grows with it. */
export function string(description: string, more: SinkSchema = {}): SinkSchema {
  return { type: "string", description, minLength: 1, maxLength: 1024, ...more };
}

/** One of `values`; the first is the default unless `more` says otherwise. */
export function oneOf(description: string, values: readonly string[], more: SinkSchema = {}): SinkSchema {
  return { type: "string", description, enum: values, default: values[0], ...more };
}

/** A whole number. */
export function integer(description: string, minimum: number, maximum: number, initial?: number): SinkSchema {
  return { type: "integer", description, minimum, maximum, ...(initial !== undefined && { default: initial }) };
}

/** A switch that is off unless `initial` says otherwise. */
export function flag(description: string, initial = false): SinkSchema {
  return { type: "boolean", description, default: initial };
}

/** A list of strings, in which each item is described by `item`. */
export function list(description: string, item: SinkSchema, maxItems: number, minItems = 0): SinkSchema {
  return { type: "array", description, items: item, maxItems, ...(minItems > 0 && { minItems }) };
}

/** A map from strings to strings. */
export function stringMap(description: string, maxProperties: number): SinkSchema {
  return {
    type: "object",
    description,
    maxProperties,
    additionalProperties: { type: "string", maxLength: 4096 },
  };
}

/** A reference to a key of a Secret. */
export function secretRef(description: string): SinkSchema {
  return object(description, {
    name: string("Name of the Secret.", { maxLength: 253 }),
    namespace: string("Namespace of the Secret; the router's own by default.", { maxLength: 63 }),
    key: string("Key in the Secret.", { maxLength: 253 }),
  }, ["name", "key"]);
}

/** An http or https URL without user and password. */
export function httpUrl(description: string): SinkSchema {
  return string(description, { maxLength: 2048, pattern: "^https?://[^\\s/?#@]+([/?#]\\S*)?$" });
}
