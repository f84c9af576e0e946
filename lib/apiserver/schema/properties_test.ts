import assert from "node:assert/strict";
import type { StructuralSchema } from "../../schema/mod.ts";
import { fc } from "../../deps/fast_check.ts";
import { cloneJson } from "../json_value.ts";
import {
  applyDefaults,
  formatQuantity,
  labelValueErrors,
  nameErrors,
  parseQuantity,
  prune,
  qualifiedNameErrors,
  validate,
} from "./mod.ts";

const schema: StructuralSchema = {
  type: "object",
  properties: {
    a: { type: "string", default: "x" },
    n: { type: "integer", nullable: true },
    o: { type: "object", default: {}, properties: { k: { type: "string", default: "y" } } },
    l: { type: "array", items: { type: "object", properties: { k: { type: "boolean", default: true } } } },
    m: { type: "object", additionalProperties: { type: "integer" } },
    p: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  },
};
const anything = fc.object({
  key: fc.constantFrom("a", "n", "o", "l", "m", "p", "k", "z", "__proto__"),
  maxDepth: 3,
  withNullPrototype: false,
})
  .map((value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>);

Deno.test("prune() finds nothing more the second time", () => {
  fc.assert(fc.property(anything, (object) => {
    prune(schema, object);
    const once = cloneJson(object);
    assert.deepEqual(prune(schema, object), []);
    assert.deepEqual(object, once);
  }));
});

Deno.test("applyDefaults() changes nothing the second time", () => {
  fc.assert(fc.property(anything, (object) => {
    prune(schema, object);
    applyDefaults(schema, object);
    const once = cloneJson(object);
    applyDefaults(schema, object);
    assert.deepEqual(object, once);
  }));
});

Deno.test("validate() accepts an unchanged object whatever is wrong with it", () => {
  fc.assert(fc.property(anything, (object) => {
    assert.deepEqual(validate(schema, object, cloneJson(object)), []);
  }));
});

const QUANTITIES: readonly (readonly [string, string | undefined])[] = [
  ["1", "1"],
  ["1000m", "1"],
  ["0.5", "500m"],
  ["1.5Gi", "1536Mi"],
  ["1024Mi", "1Gi"],
  ["1024", "1024"],
  ["1000", "1k"],
  ["1e3", "1e3"],
  ["100m", "100m"],
  [".5", "500m"],
  ["0", "0"],
  ["-1", "-1"],
  ["1500", "1500"],
  ["0.1Gi", "107374182400m"],
  ["1E", "1E"],
  ["x", undefined],
  ["1 Gi", undefined],
  ["", undefined],
  ["1KiB", undefined],
];

for (const [text, canonical] of QUANTITIES) {
  Deno.test(`formatQuantity(parseQuantity("${text}")) is ${canonical ?? "nothing"}`, () => {
    const quantity = parseQuantity(text);
    assert.equal(quantity === undefined ? undefined : formatQuantity(quantity), canonical);
  });
}

Deno.test("formatQuantity() keeps the value", () => {
  const suffix = fc.constantFrom("", "m", "k", "M", "Ki", "Mi", "Gi");
  fc.assert(fc.property(fc.integer({ min: -100000, max: 100000 }), suffix, (number, unit) => {
    const quantity = parseQuantity(`${number}${unit}`);
    assert.ok(quantity);
    assert.equal(parseQuantity(formatQuantity(quantity))?.nano, quantity.nano);
  }));
});

const NAMES: readonly (readonly [() => string[], string | undefined])[] = [
  [() => nameErrors("label", "web"), undefined],
  [() => nameErrors("subdomain", "a.b-c.d"), undefined],
  [() => nameErrors("label", "a.b"), "a lowercase RFC 1123 label must consist of"],
  [() => nameErrors("dns1035", "1a"), "a DNS-1035 label must consist of"],
  [() => nameErrors("label", "a".repeat(64)), "must be no more than 63 bytes"],
  [() => qualifiedNameErrors("example.com/name"), undefined],
  [() => qualifiedNameErrors("/name"), "prefix part must be non-empty"],
  [() => qualifiedNameErrors("a/b/c"), "a qualified name must consist of"],
  [() => labelValueErrors(""), undefined],
  [() => labelValueErrors("-x"), "a valid label must be an empty string or consist of"],
];

for (const [errors, wanted] of NAMES) {
  Deno.test(`the syntax of names: ${String(errors).slice(6)} ${wanted ?? "is fine"}`, () => {
    const [first] = errors();
    if (wanted === undefined) assert.equal(first, undefined);
    else assert.ok(first?.startsWith(wanted), first);
  });
}
