/** Plain JSON values: copying, comparing and reaching into them. */

/** A JSON object whose fields are not known. */
export type JsonObject = Record<string, unknown>;

/** Whether a value is a JSON object (not an array, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A deep copy of plain JSON; several times faster than `structuredClone`, which handles far more than JSON. */
export function cloneJson<T>(value: T): T;
export function cloneJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => cloneJson(item));
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) setField(copy, key, cloneJson(value[key]));
  return copy;
}

/** Sets a field even when it is called `__proto__`, which assignment would swallow. */
export function setField(object: JsonObject, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else object[key] = value;
}

/** Deep equality of plain JSON. A field that is `undefined` counts as absent; the order of fields does not count. */
export function equalJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    return Array.isArray(right) && left.length === right.length &&
      left.every((item, index) => equalJson(item, right[index]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  for (const key of Object.keys(left)) {
    if (!equalJson(left[key], Object.hasOwn(right, key) ? right[key] : undefined)) return false;
  }
  return Object.keys(right).every((key) => right[key] === undefined || Object.hasOwn(left, key));
}

/** The value at a dotted path of plain field names, e.g. `.spec.replicas`; `undefined` where there is none. */
export function valueAt(value: unknown, path: string): unknown {
  let current = value;
  for (const field of path.split(".")) {
    if (field === "") continue;
    if (!isObject(current) || !Object.hasOwn(current, field)) return undefined;
    current = current[field];
  }
  return current;
}

/** Sets the value at a dotted path of plain field names, making objects on the way. */
export function setValueAt(object: JsonObject, path: string, value: unknown): void {
  const fields = path.split(".").filter((field) => field !== "");
  const last = fields.pop();
  if (last === undefined) return;
  let current = object;
  for (const field of fields) {
    const next = current[field];
    if (isObject(next)) current = next;
    else {
      const made: JsonObject = {};
      setField(current, field, made);
      current = made;
    }
  }
  setField(current, last, value);
}
