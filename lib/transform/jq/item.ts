import type { Json } from "../json.ts";
import { JqError } from "./errors.ts";
import { shown } from "./value.ts";

/** A value, and how it was reached where that is asked: `undefined` means not asked, null that it is no part of the input. */
export interface Item {
  readonly value: Json;
  readonly path: readonly Json[] | null | undefined;
}

/** A value that is no part of the input. */
export function made(value: Json, input: Item): Item {
  return { value, path: input.path === undefined ? undefined : null };
}

/** How a step further is reached. @throws {JqError} where the value is no part of the input. */
export function stepped(item: Item, key: Json): Item["path"] {
  if (item.path === undefined) return undefined;
  if (item.path === null) {
    throw new JqError(`Invalid path expression: cannot access ${JSON.stringify(key)} of ${shown(item.value)}`);
  }
  return [...item.path, key];
}

/** How a value was reached. @throws {JqError} where it is no part of the input. */
export function pathOf(item: Item): readonly Json[] {
  if (item.path === null || item.path === undefined) {
    throw new JqError(`Invalid path expression with result ${shown(item.value)}`);
  }
  return item.path;
}
