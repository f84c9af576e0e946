import { BoundedCache } from "../bounded_cache.ts";
import type { Values } from "../types.ts";
import { checkSchema } from "./check_schema.ts";
import { SchemaError } from "./errors.ts";
import { violationOf } from "./evaluate.ts";
import { readSchemaText } from "./json.ts";
import { type Verdict, verdictOf } from "./judge.ts";
import { SchemaLibrary } from "./library.ts";
import { violationText } from "./violation.ts";

/** A schema ready for use. */
interface Compiled {
  readonly library: SchemaLibrary;
  readonly verdict: Verdict;
  readonly length: number;
}

/** Compiling a schema costs far more than using it; charts are validated again and again. Bounded by the schemas' characters. */
const compiled = new BoundedCache<string, Compiled>(8 * 1024 * 1024, ({ length }) => length);

/**
 * What one schema has against values, in Helm's words, one line a violation; empty where it has nothing.
 *
 * @throws SchemaError the schema is none, or leads to one that would have to be fetched.
 */
export function schemaComplaint(schemaText: string, values: Values): string {
  try {
    const { library, verdict } = compiled.get(schemaText) ?? compile(schemaText);
    const isTaken = verdict(withoutPrototypes(values));
    if (isTaken === true) return "";
    const violation = violationOf(library.main.root, values, library);
    if (violation !== undefined) return violationText(violation);
    return isTaken === undefined ? "" : "- at '': validation failed";
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SchemaError("unsupported", "the schema or the values are nested too deeply", { cause: error });
  }
}

function compile(schemaText: string): Compiled {
  const library = new SchemaLibrary(readSchemaText(schemaText));
  checkSchema(library);
  const made = { library, verdict: verdictOf(library), length: schemaText.length };
  compiled.set(schemaText, made);
  return made;
}

/** Values as the validator takes them. A schema that asks for `__proto__` or `constructor` sees the user's key only. */
function withoutPrototypes(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(withoutPrototypes);
  if (typeof value !== "object" || value === null) return value;
  const out: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value)) out[key] = withoutPrototypes(item);
  return out;
}
