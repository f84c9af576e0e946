/** Making field errors with Kubernetes' texts. */
import type { FieldError } from "../resource.ts";

/** A value as Kubernetes prints it in an error: strings quoted as Go quotes them, everything else as JSON. */
export function printValue(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (value === undefined) return '""';
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

/** A string in double quotes, escaped as Go's `%q` does. */
export function quote(text: string): string {
  return JSON.stringify(text).replace(/\u007f/g, "\\x7f").replace(/\\u00([01][0-9a-f])/g, "\\x$1").replace(
    /\\b/g,
    "\\b",
  );
}

/** `spec.x: Required value: detail` */
export function required(field: string, detail = ""): FieldError {
  return { reason: "FieldValueRequired", field, message: `Required value${detail === "" ? "" : `: ${detail}`}` };
}

/** `spec.x: Invalid value: "y": detail` */
export function invalid(field: string, value: unknown, detail: string): FieldError {
  return { reason: "FieldValueInvalid", field, message: `Invalid value: ${printValue(value)}: ${detail}` };
}

/** As `invalid`, but with the reason for a value of another type. */
export function typeInvalid(field: string, value: unknown, detail: string): FieldError {
  return { reason: "FieldValueTypeInvalid", field, message: `Invalid value: ${printValue(value)}: ${detail}` };
}

/** `spec.x: Unsupported value: "y": supported values: "a", "b"` */
export function notSupported(field: string, value: unknown, supported: readonly unknown[]): FieldError {
  const values = supported.map((item) => quote(typeof item === "string" ? item : JSON.stringify(item)));
  const detail = values.length === 0 ? "" : `: supported values: ${values.join(", ")}`;
  return { reason: "FieldValueNotSupported", field, message: `Unsupported value: ${printValue(value)}${detail}` };
}

/** `spec.x[1]: Duplicate value: "y"` */
export function duplicate(field: string, value: unknown): FieldError {
  return { reason: "FieldValueDuplicate", field, message: `Duplicate value: ${printValue(value)}` };
}

/** `spec.x: Not found: "y"` */
export function notFound(field: string, value: unknown): FieldError {
  return { reason: "FieldValueNotFound", field, message: `Not found: ${printValue(value)}` };
}

/** `spec.x: Forbidden: detail` */
export function forbidden(field: string, detail: string): FieldError {
  return { reason: "FieldValueForbidden", field, message: `Forbidden: ${detail}` };
}

/** `spec.x: Too long: may not be more than 5 bytes`; Kubernetes counts code points and says bytes. */
export function tooLong(field: string, most: number): FieldError {
  return { reason: "FieldValueTooLong", field, message: `Too long: may not be more than ${most} bytes` };
}

/** `spec.x: Too many: 3: must have at most 2 items` */
export function tooMany(field: string, actual: number, most: number): FieldError {
  const items = most === 1 ? "item" : "items";
  return { reason: "FieldValueTooMany", field, message: `Too many: ${actual}: must have at most ${most} ${items}` };
}
