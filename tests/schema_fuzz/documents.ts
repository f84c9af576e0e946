/** Values documents for a chart: about half of them are right, the rest are wrong in one or two places. */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** A values document. */
export type Document = { [key: string]: Json };
type Schema = { readonly [keyword: string]: unknown };

const TEXTS = [
  "",
  "x",
  "é",
  "x".repeat(70),
  "https://example.org/a",
  "/rel",
  "10.0.0.1",
  "a_b",
  "2026-01-01",
  "1Gi",
  "true",
  "main",
];
const NUMBERS = [0, 1, -1, 2, 80, 443, 65535, 65536, 30000, 32767, 2147483648, 1.5, 100];

const isObject = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const at = (schema: Schema, key: string): Schema => {
  const value = Object.hasOwn(schema, key) ? schema[key] : undefined;
  return isObject(value) ? value : {};
};

/** A small seeded generator of numbers in [0, 1): the same seed gives the same documents. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Makes documents by a chart's own schema and values. */
export class Documents {
  constructor(private readonly root: Schema, private readonly values: unknown, private readonly random: () => number) {}

  /** The next document. */
  next(): Document {
    const made = this.#object(this.root, this.values, 0);
    const document: Document = isObject(made) ? made as Document : {};
    const changes = this.#chance(0.5) ? 0 : this.#chance(0.7) ? 1 : 2;
    for (let change = 0; change < changes; change++) this.#spoil(document, this.root, this.values);
    return document;
  }

  #chance(probability: number): boolean {
    return this.random() < probability;
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.random() * items.length)];
  }

  #resolve(schema: unknown): Schema {
    if (!isObject(schema)) return {};
    const reference = schema["$ref"];
    if (typeof reference === "string" && reference.startsWith("#/")) {
      const target = reference.slice(2).split("/").reduce<Schema>(at, this.root);
      return { ...target, ...Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "$ref")) };
    }
    const branches = [schema["oneOf"], schema["anyOf"], schema["allOf"]].find(Array.isArray);
    return branches === undefined ? schema : { ...schema, ...this.#resolve(this.#pick(branches)) };
  }

  #value(raw: unknown, own: unknown, depth: number): Json {
    const schema = this.#resolve(raw);
    const { enum: members, const: constant, default: fallback, type, examples } = schema;
    const known = [own, constant, fallback, Array.isArray(examples) ? examples[0] : undefined].filter((value) =>
      value !== undefined
    );
    if (Array.isArray(members)) return this.#pick(members) as Json;
    if (known.length > 0 && !isObject(own) && this.#chance(0.3)) return this.#pick(known) as Json;
    const name = Array.isArray(type) ? this.#pick(type) : type ?? this.#guess(schema, own);
    if (name === "object") return this.#object(schema, own, depth);
    if (name === "array") return this.#array(schema, depth);
    if (name === "boolean") return this.#chance(0.5);
    if (name === "integer" || name === "number") return this.#number(schema, name);
    if (name === "null") return null;
    return name === "string" ? this.#text(schema) : this.#anything();
  }

  #guess(schema: Schema, own: unknown): string {
    if (schema["properties"] !== undefined) return "object";
    if (typeof own === "boolean") return "boolean";
    if (typeof own === "number") return "number";
    return Array.isArray(own) ? "array" : isObject(own) ? "object" : typeof own === "string" ? "string" : "anything";
  }

  #object(raw: unknown, own: unknown, depth: number): Json {
    const schema = this.#resolve(raw);
    const properties = at(schema, "properties");
    const values = isObject(own) ? own : {};
    const names = [...new Set([...Object.keys(properties), ...Object.keys(values)])];
    const required = Array.isArray(schema["required"]) ? schema["required"] : [];
    const wanted = depth > 5 ? 0 : Math.min(1, 2.5 / Math.max(1, names.length));
    const chosen = names.filter((name) => (required.includes(name) && this.#chance(0.85)) || this.#chance(wanted));
    const entries = chosen.map((
      name,
    ): [string, Json] => [name, this.#value(at(schema, "properties")[name], values[name], depth + 1)]);
    const more = schema["additionalProperties"];
    if (more !== false && this.#chance(names.length === 0 ? 0.6 : 0.03)) {
      entries.push([
        this.#pick(["k1", "k2", "é"]) ?? "k1",
        isObject(more) ? this.#value(more, undefined, depth + 1) : this.#anything(),
      ]);
    }
    return Object.fromEntries(entries);
  }

  #array(schema: Schema, depth: number): Json {
    const length = depth > 5 ? 0 : Math.floor(this.random() * 3) + (Number(schema["minItems"]) || 0);
    return Array.from({ length }, () => this.#value(schema["items"] ?? {}, undefined, depth + 1));
  }

  #number(schema: Schema, name: string): number {
    const bounds = [schema["minimum"], schema["maximum"]].filter((bound): bound is number => typeof bound === "number");
    const near = bounds.flatMap((bound) => [bound, bound + 1, bound - 1]);
    const picked = this.#pick(near.length > 0 && this.#chance(0.7) ? near : NUMBERS) ?? 0;
    return name === "integer" ? Math.round(picked) : picked;
  }

  #text(schema: Schema): string {
    const { pattern, format } = schema;
    if (typeof pattern === "string" && this.#chance(0.6)) {
      return this.#pick(["1Gi", "a", "abc-1", "v1", "10", "/x"]) ?? "";
    }
    if (format !== undefined && this.#chance(0.6)) {
      return this.#pick(["https://example.org", "example.org", "a@b.org", "10.0.0.1"]) ?? "";
    }
    return this.#pick(TEXTS) ?? "";
  }

  #anything(): Json {
    return this.#pick<Json>([null, true, false, 0, 1, 1.5, "", "x", [], ["x"], [null], {}, { k: "v" }, { k: null }]) ??
      null;
  }

  /** Puts something else at a place that the schema, the values or the document know. */
  #spoil(document: Document, root: unknown, values: unknown): void {
    let target: Document = document, schema = this.#resolve(root), own = values;
    for (let depth = 0; depth < 8; depth++) {
      const properties = at(schema, "properties");
      const names = [...Object.keys(properties), ...Object.keys(isObject(own) ? own : {}), ...Object.keys(target)];
      const name = this.#pick(names) ?? "k1";
      const child = target[name];
      const inner = this.#resolve(properties[name]);
      const goesOn = isObject(child) || inner["properties"] !== undefined;
      if (Array.isArray(child) && child.length > 0 && this.#chance(0.7)) {
        return this.#spoilItem(child, this.#resolve(inner["items"]));
      }
      if (!goesOn || this.#chance(0.2)) return this.#replace(target, name);
      if (!isObject(child)) target[name] = {};
      target = target[name] as Document;
      schema = inner;
      own = isObject(own) ? own[name] : undefined;
    }
  }

  #spoilItem(items: Json[], schema: Schema): void {
    const index = Math.floor(this.random() * items.length);
    const item = items[index];
    if (isObject(item) && this.#chance(0.8)) this.#spoil(item as Document, schema, undefined);
    else items[index] = this.#anything();
  }

  #replace(target: Document, name: string): void {
    if (this.#chance(0.15)) delete target[name];
    else if (this.#chance(0.1)) target["k1"] = this.#anything();
    else target[name] = this.#anything();
  }
}
