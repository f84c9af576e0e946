import { BoundedCache } from "../bounded_cache.ts";
import type { Values } from "../types.ts";
import { checkSchema } from "./check_schema.ts";
import { SchemaError } from "./errors.ts";
import { violationOf } from "./evaluate.ts";
import { readSchemaText } from "./json.ts";
import { type Verdict, verdictOf } from "./judge.ts";
import { SchemaLibrary } from "./library.ts";
import { violationText } from "./violation.ts";

/** A schema that is one, ready for use. */
class Schema {
  readonly #library: SchemaLibrary;
  #isUsed = false;
  #verdict: Verdict | undefined;

  /** @throws SchemaError the text is no schema, or leads to one that would have to be fetched. */
  constructor(text: string) {
    this.#library = new SchemaLibrary(readSchemaText(text));
    checkSchema(this.#library);
  }

  complaint(values: Values): string {
    if (this.#surelyTakes(values)) return "";
    const violation = violationOf(this.#library.main.root, values, this.#library);
    return violation === undefined ? "" : violationText(violation);
  }

  /** Compiling costs as much as twenty judgements without: it is done for whoever comes a second time. */
  #surelyTakes(values: Values): boolean {
    if (!this.#isUsed) {
      this.#isUsed = true;
      return false;
    }
    this.#verdict ??= verdictOf(this.#library);
    return this.#verdict(withoutPrototypes(values)) === true;
  }
}

/** Charts are validated again and again. Bounded by the schemas' characters. */
const known = new BoundedCache<string, { readonly schema: Schema; readonly length: number }>(
  8 * 1024 * 1024,
  ({ length }) => length,
);

/**
 * What one schema has against values, in Helm's words, one line a violation; empty where it has nothing.
 *
 * @throws SchemaError the schema is none, or leads to one that would have to be fetched.
 */
export function schemaComplaint(schemaText: string, values: Values): string {
  try {
    return schemaOf(schemaText).complaint(values);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SchemaError("unsupported", "the schema or the values are nested too deeply", { cause: error });
  }
}

function schemaOf(text: string): Schema {
  const before = known.get(text);
  if (before !== undefined) return before.schema;
  const schema = new Schema(text);
  known.set(text, { schema, length: text.length });
  return schema;
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
