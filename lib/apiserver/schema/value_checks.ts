/** Checks of one value against the keywords of its schema node, without looking below it. */
import { RE2JS } from "../../deps/re2js.ts";
import type { StructuralSchema } from "../../schema/mod.ts";
import { equalJson, isObject } from "../json_value.ts";
import { invalid, notSupported, tooLong, tooMany, typeInvalid } from "./field_error.ts";
import { type Check } from "./findings.ts";
import { formatCheck } from "./formats.ts";

const INT64 = 2 ** 63;

/** The JSON Schema name of a value's type. */
export function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") {
    return Number.isInteger(value) && value >= -INT64 && value < INT64 ? "integer" : "number";
  }
  return typeof value === "object" ? "object" : typeof value;
}

/** What a value's type is called in errors about a format. */
const FORMAT_OF_TYPE: Readonly<Record<string, string>> = { integer: "int64", number: "double" };

function typeError(path: string, wanted: string, actual: string) {
  return typeInvalid(path, actual, `${path} in body must be of type ${wanted}: ${JSON.stringify(actual)}`);
}

/** Type, with the oddities of the real server where a format is given too. */
function typeCheck(schema: StructuralSchema): Check | undefined {
  const wanted: string[] = schema["x-kubernetes-int-or-string"] === true
    ? ["integer", "string"]
    : schema.type === undefined
    ? []
    : [schema.type];
  const known = schema.format !== undefined && formatCheck(schema.format) !== undefined ? schema.format : undefined;
  if (wanted.length === 0 && known === undefined) return undefined;
  const numeric = wanted.includes("number") || wanted.includes("integer");
  return (value, _old, path, findings) => {
    const actual = typeOf(value);
    if (actual === "null") {
      if (wanted.length > 0 && schema.nullable !== true) findings.add(typeError(path, wanted.join(","), "null"));
      return;
    }
    const fits = wanted.includes(actual) || (actual === "integer" && wanted.includes("number"));
    if (fits) findings.matches++;
    else if (known !== undefined && !numeric && (actual === "string" || actual === "array")) return;
    else if (known !== undefined && actual !== "string" && actual !== "array") {
      findings.add(typeError(path, known, FORMAT_OF_TYPE[actual] ?? ""));
    } else if (wanted.length > 0) findings.add(typeError(path, wanted.join(","), actual));
  };
}

/** Length in code points: a string never has more of them than UTF-16 units, so most need no count. */
function codePoints(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

function stringChecks(schema: StructuralSchema, checks: Check[]): void {
  const { minLength, maxLength, pattern, format } = schema;
  if (maxLength !== undefined) {
    checks.push((value, _old, path, findings) => {
      if (typeof value === "string" && value.length > maxLength && codePoints(value) > maxLength) {
        findings.add(tooLong(path, maxLength));
      }
    });
  }
  if (minLength !== undefined) {
    checks.push((value, _old, path, findings) => {
      if (typeof value !== "string" || codePoints(value) >= minLength) return;
      findings.add(invalid(path, value, `${path} in body should be at least ${minLength} chars long`));
    });
  }
  if (pattern !== undefined && pattern !== "") checks.push(patternCheck(pattern));
  const fits = format === undefined ? undefined : formatCheck(format);
  if (fits !== undefined) {
    checks.push((value, _old, path, findings) => {
      if (typeof value !== "string" || fits(value)) return;
      findings.add(typeInvalid(path, value, `${path} in body must be of type ${format}: ${JSON.stringify(value)}`));
    });
  }
}

function patternCheck(pattern: string): Check {
  // The server matches anywhere in the text, in RE2 syntax. What does not compile never matches, and says so.
  let expression: RE2JS | undefined;
  let problem = "";
  try {
    expression = RE2JS.compile(pattern);
  } catch (error) {
    problem = `, but pattern is invalid: ${error instanceof Error ? error.message : String(error)}`;
  }
  return (value, _old, path, findings) => {
    if (typeof value !== "string" || expression?.matcher(value).find() === true) return;
    findings.add(invalid(path, value, `${path} in body should match '${pattern}${problem}'`));
  };
}

function numberChecks(schema: StructuralSchema, checks: Check[]): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const bound = (fits: (value: number) => boolean, text: string) =>
    checks.push((value, _old, path, findings) => {
      if (typeof value === "number" && !fits(value)) {
        findings.add(invalid(path, value, `${path} in body should be ${text}`));
      }
    });
  if (multipleOf !== undefined) bound((value) => isMultiple(value, multipleOf), `a multiple of ${multipleOf}`);
  if (maximum !== undefined) {
    if (exclusiveMaximum === true) bound((value) => value < maximum, `less than ${maximum}`);
    else bound((value) => value <= maximum, `less than or equal to ${maximum}`);
  }
  if (minimum !== undefined) {
    if (exclusiveMinimum === true) bound((value) => value > minimum, `greater than ${minimum}`);
    else bound((value) => value >= minimum, `greater than or equal to ${minimum}`);
  }
}

/** As the real server: the quotient must be a whole number in floating point. */
function isMultiple(value: number, factor: number): boolean {
  return Number.isInteger(factor < 1 ? (1 / factor) * value : value / factor);
}

function enumCheck(allowed: readonly unknown[]): Check {
  const scalars = new Set(allowed.filter((item) => typeof item !== "object"));
  const others = allowed.filter((item) => typeof item === "object" && item !== null);
  return (value, _old, path, findings) => {
    if (scalars.has(value) || others.some((item) => equalJson(item, value))) return;
    findings.add(notSupported(path, value, allowed));
  };
}

function sizeChecks(schema: StructuralSchema, checks: Check[]): void {
  const { minItems, maxItems, uniqueItems, minProperties, maxProperties } = schema;
  if (minItems !== undefined || maxItems !== undefined || uniqueItems === true) {
    checks.push((value, _old, path, findings) => {
      if (!Array.isArray(value)) return;
      const size = value.length;
      if (minItems !== undefined && size < minItems) {
        findings.add(invalid(path, size, `${path} in body should have at least ${minItems} items`));
      }
      if (maxItems !== undefined && size > maxItems) findings.add(tooMany(path, size, maxItems));
      if (uniqueItems === true && value.some((item, i) => value.slice(0, i).some((other) => equalJson(item, other)))) {
        findings.add(invalid(path, "", `${path} in body shouldn't contain duplicates`));
      }
    });
  }
  if (minProperties === undefined && maxProperties === undefined) return;
  checks.push((value, _old, path, findings) => {
    if (!isObject(value)) return;
    const size = Object.keys(value).length;
    if (minProperties !== undefined && size < minProperties) {
      findings.add(invalid(path, size, `${path} in body should have at least ${minProperties} properties`));
    }
    if (maxProperties !== undefined && size > maxProperties) findings.add(tooMany(path, size, maxProperties));
  });
}

/** The checks that a node asks for of its own value. */
export function valueChecks(schema: StructuralSchema): Check[] {
  const checks: Check[] = [];
  const type = typeCheck(schema);
  if (type !== undefined) checks.push(type);
  stringChecks(schema, checks);
  numberChecks(schema, checks);
  if (schema.enum !== undefined && schema.enum.length > 0) checks.push(enumCheck(schema.enum));
  sizeChecks(schema, checks);
  return checks;
}
