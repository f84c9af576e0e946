/**
 * How sprig turns values into text.
 *
 * @module
 */
import { decodeUtf8 } from "../bytes.ts";
import { valueText } from "../fmt/print.ts";
import { GoBytes, GoSlice, sliceItems, stringSlice, type Value } from "../value.ts";

/** Sprig's `toString`: texts and bytes as they are, everything else as `%v` prints it. */
export function textOf(value: Value): string {
  if (typeof value === "string") return value;
  return value instanceof GoBytes ? decodeUtf8(value.bytes) : printed(value);
}

/** `%v`. */
export function printed(value: Value): string {
  return valueText(value);
}

/** The items of a list as texts without its nils; another value as a list of one. A `[]string` is given back itself, not copied. */
export function stringsOf(value: Value): GoSlice<string> {
  if (value === null) return stringSlice([]);
  if (value instanceof GoSlice && value.type.name === "[]string") {
    const { items } = value;
    if (items.every((item) => typeof item === "string")) return stringSlice(items, value.isNil);
  }
  const items = sliceItems(value);
  if (items === undefined) return stringSlice([textOf(value)]);
  return stringSlice(items.filter((item) => item !== null).map(textOf));
}
