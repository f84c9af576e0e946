/** JSON patch, RFC 6902. */
import { cloneJson, equalJson, isObject, type JsonObject, setField } from "../json_value.ts";
import { ApiError, badRequest } from "../status.ts";

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** Operations one patch may have, as in the real server. */
const MAX_OPERATIONS = 10_000;

/**
 * The document after all operations; the argument does not change.
 *
 * @throws ApiError `BadRequest` for a malformed patch, `Invalid` when an operation does not apply, as the real server answers.
 */
export function jsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest("error decoding patch: a JSON patch is an array of operations");
  if (patch.length > MAX_OPERATIONS) {
    throw new ApiError(
      "RequestEntityTooLarge",
      `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`,
    );
  }
  const root = { document: cloneJson(document) };
  for (const item of patch) apply(root, readOperation(item));
  return root.document;
}

function readOperation(item: unknown): Operation {
  if (!isObject(item) || typeof item.op !== "string" || typeof item.path !== "string") {
    throw badRequest("error decoding patch: each operation needs a string 'op' and a string 'path'");
  }
  const { op, path, from } = item;
  return { op, path, ...(typeof from === "string" ? { from } : {}), value: item.value };
}

function apply(root: { document: unknown }, operation: Operation): void {
  const { op, path, from, value } = operation;
  switch (op) {
    case "add":
      return add(root, path, cloneJson(value));
    case "remove":
      return void remove(root, path);
    case "replace":
      return replace(root, path, cloneJson(value));
    case "move":
    case "copy": {
      if (from === undefined) throw badRequest(`error decoding patch: '${op}' needs a string 'from'`);
      if (op === "move" && path.startsWith(`${from}/`)) throw refused(`cannot move ${from} into its own part ${path}`);
      const source = read(root, from);
      if (source === undefined) throw missing(op, from);
      if (op === "move") remove(root, from);
      return add(root, path, cloneJson(source));
    }
    case "test":
      if (equalJson(read(root, path) ?? null, value ?? null)) return;
      throw refused(`testing value ${path} failed: test failed`);
    default:
      throw refused(`Unexpected kind: ${op}`);
  }
}

function segments(path: string): string[] {
  if (path === "") return [];
  if (!path.startsWith("/")) throw refused(`path ${path} does not begin with '/'`);
  return path.slice(1).split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function read(root: { document: unknown }, path: string): unknown {
  let current: unknown = root.document;
  for (const part of segments(path)) {
    if (Array.isArray(current)) current = current[arrayIndex(current, part, path, false)];
    else if (isObject(current) && Object.hasOwn(current, part)) current = current[part];
    else return undefined;
  }
  return current;
}

/** The container that a path points into, and the last part of the path. */
function locate(root: { document: unknown }, path: string): { parent: unknown[] | JsonObject; last: string } {
  const parts = segments(path);
  const last = parts.pop() ?? "";
  let current: unknown = root.document;
  for (const part of parts) {
    if (Array.isArray(current)) current = current[arrayIndex(current, part, path, false)];
    else if (isObject(current) && Object.hasOwn(current, part)) current = current[part];
    else throw refused(`doc is missing path: "${path}": missing value`);
  }
  if (Array.isArray(current) || isObject(current)) return { parent: current, last };
  throw refused(`doc is missing path: "${path}": missing value`);
}

function add(root: { document: unknown }, path: string, value: unknown): void {
  if (path === "") {
    root.document = value;
    return;
  }
  const { parent, last } = locate(root, path);
  if (Array.isArray(parent)) parent.splice(arrayIndex(parent, last, path, true), 0, value);
  else setField(parent, last, value);
}

/** As in the real server, a field that is not there is replaced, too; an item of a list is not. */
function replace(root: { document: unknown }, path: string, value: unknown): void {
  if (path === "") return add(root, path, value);
  const { parent, last } = locate(root, path);
  if (Array.isArray(parent)) parent[arrayIndex(parent, last, path, false)] = value;
  else setField(parent, last, value);
}

function remove(root: { document: unknown }, path: string): void {
  if (path === "") {
    root.document = null;
    return;
  }
  const { parent, last } = locate(root, path);
  if (Array.isArray(parent)) parent.splice(arrayIndex(parent, last, path, false), 1);
  else if (Object.hasOwn(parent, last)) delete parent[last];
  else throw missing("remove", path);
}

function arrayIndex(array: readonly unknown[], part: string, path: string, adding: boolean): number {
  if (part === "-" && adding) return array.length;
  const index = /^(0|[1-9]\d*)$/.test(part) ? Number(part) : NaN;
  if (index < array.length || (adding && index === array.length)) return index;
  throw refused(`Unable to access invalid index: ${part} of path "${path}": invalid index referenced`);
}

function missing(op: string, path: string): ApiError {
  return refused(`${op} operation does not apply: doc is missing path: "${path}": missing value`);
}

/** The real server says no more than the message; the cause is ours. */
function refused(cause: string): ApiError {
  return new ApiError("Invalid", "the server rejected our request due to an error in our request", {
    causes: [{ reason: "FieldValueInvalid", message: cause, field: "patch" }],
  });
}
