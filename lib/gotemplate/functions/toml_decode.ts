/**
 * TOML as Helm's `fromToml` reads it: integers are int64, dates become times.
 *
 * @module
 */
import { parseToml } from "../../deps/smol_toml.ts";
import { fromDate } from "./time/instant.ts";
import { GoTime } from "./time/values.ts";
import { toText } from "../bytes.ts";
import { GoMap, int64, type Value } from "../value.ts";

/** A text that is not TOML. */
export class TomlDecodeError extends Error {
  override readonly name = "TomlDecodeError";
  readonly reason = "syntax";
}

/** The document as a map. @throws {TomlDecodeError} */
export function decodeToml(text: string): Value {
  try {
    return fromPlain(parseToml(toText(text), { integersAsBigInt: true }));
  } catch (error) {
    throw new TomlDecodeError(`toml: ${error instanceof Error ? error.message.split("\n", 1)[0] : String(error)}`, {
      cause: error,
    });
  }
}

function fromPlain(data: unknown): Value {
  if (data === null || data === undefined) return null;
  if (typeof data === "string" || typeof data === "number" || typeof data === "boolean") return data;
  if (typeof data === "bigint") return int64(data);
  if (Array.isArray(data)) return data.map(fromPlain);
  if (data instanceof Date) return new GoTime(fromDate(data));
  return new GoMap(Object.entries(data).map(([key, item]) => [key, fromPlain(item)]));
}
