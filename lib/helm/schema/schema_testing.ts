/**
 * Schemas and values made at random, for tests: most schemas are sound, most values are near to what they want.
 *
 * @module
 */

/** Where chance comes from: whole numbers from 0 up to below `limit`. */
export type Chance = (limit: number) => number;

/** A schema and values for it, as JSON. */
export interface SchemaCase {
  readonly schema: unknown;
  readonly values: Readonly<Record<string, unknown>>;
}

const DRAFTS = [
  ["http://json-schema.org/draft-04/schema#", 4],
  ["http://json-schema.org/draft-06/schema#", 6],
  ["http://json-schema.org/draft-07/schema#", 7],
  ["https://json-schema.org/draft/2019-09/schema", 2019],
  ["https://json-schema.org/draft/2020-12/schema", 2020],
] as const;

const KEYS = ["a", "b", "c", "x-y", "é", "a/b", "__proto__", "constructor"];
const TEXTS = [
  "",
  "x",
  "text",
  "it's",
  'a "b"',
  "é☃",
  "1.2.3.4",
  "300.1.1.1",
  "01.2.3.4",
  "::1",
  "::g",
  "1:2:3:4:5:6:7:8",
  "1::2::3",
  "2024-02-30",
  "2024-02-29",
  "2024-01-01T00:00:00Z",
  "2024-01-01T25:00:00Z",
  "23:59:60Z",
  "12:00:00+01:00",
  "P1Y2M",
  "P1M1Y",
  "PT",
  "P1DT",
  "a@b.c",
  "a@b@c",
  "@",
  "a..b@c",
  "host.name",
  "-host",
  "a_b.c",
  "http://x.y/z?q#f",
  "http://[::1",
  "http://a b/",
  "/rel",
  "%zz",
  "\\",
  "a{b}",
  "{a{b}}",
  "1.2.3",
  "1.2",
  "01.2.3-a+b",
  "1.2.3-01",
  "(",
  "[a-",
  "^a+$",
  "/a~1b",
  "/a~2",
  "a/b",
  "0/a",
  "01/a",
  "3#",
  "123e4567-e89b-12d3-a456-426614174000",
  "123e4567-e89b-12d3-a456-42661417400g",
  "123e4567",
  "2024-01-01T00:00:00Z/P1D",
];
const FORMATS = [
  "regex",
  "json-pointer",
  "relative-json-pointer",
  "uuid",
  "duration",
  "period",
  "ipv4",
  "ipv6",
  "hostname",
  "email",
  "date",
  "time",
  "date-time",
  "uri",
  "iri",
  "uri-reference",
  "uri-template",
  "semver",
  "idn-email",
  "int32",
];
const NUMBERS = [0, 1, -1, 2, 3, 5, 10, 0.5, 0.1, 0.3, 1000, 65536, 999999, 1e6, 1234567.5, 1e21, 1.5e-7, -5000];
const TYPES = ["null", "boolean", "number", "integer", "string", "array", "object"];

/** What keywords do not want. */
const ODD = [
  null,
  "x",
  -1,
  1.5,
  [],
  {},
  [1],
  "(",
  ["x", "x"],
  true,
  { a: 1 },
  { a: ["x", "x"] },
  { "(": {} },
  [[]],
  "",
];

/** Makes one case. One schema in four has keywords that are none. */
export function makeSchemaCase(chance: Chance): SchemaCase {
  const [url, draft] = pick(DRAFTS, chance);
  const maker = new Maker(draft, chance, chance(4) === 0 ? 8 : 1e9);
  const schema = maker.schema(3);
  const body = typeof schema === "object" ? schema : { properties: { a: schema } };
  const definitions = {
    [draft >= 2019 && chance(2) === 0 ? "$defs" : "definitions"]: { n: maker.schema(2), m: maker.schema(1) },
  };
  return {
    schema: { ...(draft === 2020 && chance(2) === 0 ? {} : { $schema: url }), ...body, ...definitions },
    values: maker.object(3),
  };
}

function pick<T>(items: readonly T[], chance: Chance): T {
  const item = items[chance(items.length)];
  if (item === undefined) throw new RangeError("nothing to pick from");
  return item;
}

type Json = Record<string, unknown>;

class Maker {
  readonly #draft: number;
  readonly #chance: Chance;

  /** One keyword in so many is odd. */
  readonly #soundness: number;

  constructor(draft: number, chance: Chance, soundness: number) {
    this.#draft = draft;
    this.#chance = chance;
    this.#soundness = soundness;
  }

  value(depth: number): unknown {
    switch (this.#chance(depth > 0 ? 7 : 4)) {
      case 0:
        return pick(NUMBERS, this.#chance);
      case 1:
        return this.#chance(2) === 0;
      case 2:
      case 3:
        return pick(TEXTS, this.#chance);
      case 4:
        return Array.from({ length: this.#chance(5) }, () => this.value(depth - 1));
      default:
        return this.object(depth - 1);
    }
  }

  object(depth: number): Json {
    const out: Json = {};
    for (let count = this.#chance(5); count > 0; count--) {
      Object.defineProperty(out, pick(KEYS, this.#chance), {
        value: this.value(depth),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return out;
  }

  schema(depth: number): Json | boolean {
    if (this.#draft > 4 && this.#chance(12) === 0) return this.#chance(2) === 0;
    const out: Json = {};
    for (let count = 1 + this.#chance(4); count > 0; count--) {
      const makers = this.#makers(depth);
      const keyword = pick(Object.keys(makers), this.#chance);
      out[keyword] = this.#chance(this.#soundness) === 0 ? pick(ODD, this.#chance) : makers[keyword]?.();
    }
    // The validator of Helm looks at `const` beside a `$ref` of an old draft, and at nothing else: one quirk too many.
    if (this.#draft < 2019 && Object.hasOwn(out, "$ref")) delete out["const"];
    return out;
  }

  #schemas(depth: number): (Json | boolean)[] {
    return Array.from({ length: 1 + this.#chance(3) }, () => this.schema(depth - 1));
  }

  #map(depth: number, keys: readonly string[] = KEYS): Json {
    const out: Json = {};
    for (let count = 1 + this.#chance(3); count > 0; count--) {
      Object.defineProperty(out, pick(keys, this.#chance), {
        value: this.schema(depth - 1),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return out;
  }

  #names(): string[] {
    const from = this.#chance(KEYS.length);
    return KEYS.slice(from, from + 1 + this.#chance(3));
  }

  #makers(depth: number): Readonly<Record<string, () => unknown>> {
    const chance = this.#chance;
    const count = () => pick([0, 1, 2, 3, 1000], chance);
    const number = () => pick(NUMBERS, chance);
    const since = (draft: number, makers: Record<string, () => unknown>) => this.#draft >= draft ? makers : {};
    const flat = {
      type: () => chance(3) === 0 ? [...new Set([pick(TYPES, chance), pick(TYPES, chance)])] : pick(TYPES, chance),
      enum: () => Array.from({ length: 3 }, (_, index) => chance(4) === 0 ? [index] : `${pick(TEXTS, chance)}${index}`),
      minimum: number,
      maximum: number,
      multipleOf: () => pick([1, 2, 0.1, 0.5, 3], chance),
      minLength: count,
      maxLength: count,
      minItems: count,
      maxItems: count,
      minProperties: count,
      maxProperties: count,
      uniqueItems: () => true,
      required: () => this.#names(),
      pattern: () => pick(["^a", "x+$", "[0-9]", "^$", "(?i)TEXT"], chance),
      format: () => pick(FORMATS, chance),
      nullable: () => true,
      $ref: () => pick(["#/definitions/n", "#/definitions/m", "#/$defs/n", "#"], chance),
      ...since(6, { const: () => this.value(1), exclusiveMinimum: number, exclusiveMaximum: number }),
      ...since(2019, { dependentRequired: () => ({ [pick(KEYS, chance)]: this.#names() }) }),
    };
    if (depth <= 0) return flat;
    const one = () => this.schema(depth - 1);
    const many = () => this.#schemas(depth);
    return {
      ...flat,
      properties: () => this.#map(depth),
      patternProperties: () => this.#map(depth, ["^a", "b", "x", "."]),
      additionalProperties: () => chance(2) === 0 ? false : one(),
      items: () => this.#draft < 2020 && chance(2) === 0 ? many() : one(),
      not: one,
      allOf: many,
      anyOf: many,
      oneOf: many,
      dependencies: () => ({ [pick(KEYS, chance)]: chance(2) === 0 ? this.#names() : one() }),
      ...(this.#draft < 2020 ? { additionalItems: () => chance(2) === 0 ? false : one() } : {}),
      ...since(6, { contains: one, propertyNames: one }),
      ...since(7, { if: one, then: one, else: one }),
      ...since(2019, {
        dependentSchemas: () => this.#map(depth),
        minContains: count,
        maxContains: count,
        unevaluatedProperties: one,
        unevaluatedItems: one,
      }),
      ...since(2020, { prefixItems: many }),
    };
  }
}
