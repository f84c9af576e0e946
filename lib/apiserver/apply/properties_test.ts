import assert from "node:assert/strict";
import type { KubeObject } from "../../kube/mod.ts";
import type { StructuralSchema } from "../../schema/mod.ts";
import { fc } from "../../deps/fast_check.ts";
import { cloneJson } from "../json_value.ts";
import { decodeFields, encodeFields } from "./field_set.ts";
import { fieldsOf } from "./extract.ts";
import { fieldManager, strategicMerge } from "./mod.ts";

const schema: StructuralSchema = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      properties: {
        size: { type: "integer" },
        labels: { type: "object", additionalProperties: { type: "string" } },
        tags: { type: "array", "x-kubernetes-list-type": "set", items: { type: "string" } },
        args: { type: "array", items: { type: "string" } },
        items: {
          type: "array",
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name"],
          items: { type: "object", properties: { name: { type: "string" }, value: { type: "string" } } },
        },
      },
    },
  },
};

const word = fc.constantFrom("a", "b", "c", "d");
const spec = fc.record({
  size: fc.integer({ min: 0, max: 3 }),
  labels: fc.dictionary(word, word, { minKeys: 1 }),
  tags: fc.uniqueArray(word, { minLength: 1 }),
  args: fc.array(word, { minLength: 1 }),
  items: fc.uniqueArray(fc.record({ name: word, value: word }), { selector: (item) => item.name, minLength: 1 }),
}, { requiredKeys: [] });

function thing(content: unknown): KubeObject {
  return { apiVersion: "kco.test/v1", kind: "Thing", metadata: { name: "x" }, spec: cloneJson(content) };
}

function apply(live: KubeObject | undefined, content: unknown, manager: string, now = "2024-01-01T00:00:00Z") {
  return fieldManager.apply({ schema, live, config: thing(content), manager, force: true, now });
}

Deno.test("apply() leaves an object alone when the same is applied again, whoever came between", () => {
  fc.assert(fc.property(spec, spec, (first, second) => {
    const live = apply(apply(undefined, first, "a").object, second, "b").object;
    const again = apply(live, second, "b", "2025-01-01T00:00:00Z").object;
    assert.deepEqual(again, live);
  }));
});

Deno.test("apply() by force makes the object hold every value of the configuration", () => {
  fc.assert(fc.property(spec, spec, (first, second) => {
    const { object, conflicts } = apply(apply(undefined, first, "a").object, second, "b");
    assert.deepEqual(conflicts, []);
    const wanted = fieldsOf(schema, thing(second));
    assert.ok(wanted.difference(fieldsOf(schema, object)).empty, "a field of the configuration is missing");
    const reapplied = fieldManager.apply({
      schema,
      live: object,
      config: thing(second),
      manager: "c",
      force: false,
      now: "",
    });
    assert.deepEqual(reapplied.conflicts, [], "a value of the configuration did not arrive");
  }));
});

Deno.test("apply() of nothing takes back all that one manager alone had applied", () => {
  fc.assert(fc.property(spec, (content) => {
    const live = apply(undefined, content, "a").object;
    const { object } = fieldManager.apply({
      schema,
      live,
      config: { apiVersion: "kco.test/v1", kind: "Thing", metadata: { name: "x" } },
      manager: "a",
      force: false,
      now: "",
    });
    assert.deepEqual(object.spec ?? {}, {});
    assert.equal(object.metadata.managedFields, undefined);
  }));
});

Deno.test("updated() makes a creator the owner of all fields, and a change its author's alone", () => {
  fc.assert(fc.property(spec, spec, (before, after) => {
    const live = thing(before);
    live.metadata.managedFields = fieldManager.updated({ schema, live: undefined, next: live, manager: "m", now: "" });
    const next = thing(after);
    const entries = fieldManager.updated({ schema, live, next, manager: "n", now: "" });
    const owned = entries.map((entry) => decodeFields(entry.fieldsV1)).reduce(
      (all, set) => all.union(set),
      decodeFields({}),
    );
    const missing = fieldsOf(schema, { spec: after }).difference(owned);
    assert.ok(missing.empty, JSON.stringify(encodeFields(missing)));
  }));
});

Deno.test("encodeFields() writes what decodeFields() read", () => {
  fc.assert(fc.property(spec, (content) => {
    const set = fieldsOf(schema, thing(content));
    assert.deepEqual(encodeFields(decodeFields(encodeFields(set))), encodeFields(set));
  }));
});

const pods: StructuralSchema = {
  type: "object",
  properties: {
    list: {
      type: "array",
      ...{ "x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "name" },
      items: { type: "object", properties: { name: { type: "string" }, env: { type: "object" } } },
    },
    plain: { type: "array", ...{ "x-kubernetes-patch-strategy": "merge" }, items: { type: "string" } },
    strategy: { type: "object", ...{ "x-kubernetes-patch-strategy": "retainKeys" }, properties: {} },
    atomic: { type: "array", items: { type: "string" } },
  },
};

const CASES: readonly (readonly [string, unknown, unknown, unknown])[] = [
  ["merges items by key", { list: [{ name: "a", x: 1 }] }, { list: [{ name: "a", y: 2 }, { name: "b" }] }, {
    list: [{ name: "a", x: 1, y: 2 }, { name: "b" }],
  }],
  ["deletes an item", { list: [{ name: "a" }, { name: "b" }] }, { list: [{ name: "a", $patch: "delete" }] }, {
    list: [{ name: "b" }],
  }],
  ["replaces a list", { list: [{ name: "a" }] }, { list: [{ $patch: "replace" }, { name: "c" }] }, {
    list: [{ name: "c" }],
  }],
  ["orders items", { list: [{ name: "a" }, { name: "b" }] }, {
    "$setElementOrder/list": [{ name: "b" }, { name: "a" }],
  }, {
    list: [{ name: "b" }, { name: "a" }],
  }],
  ["deletes scalars", { plain: ["a", "b"] }, { "$deleteFromPrimitiveList/plain": ["a"] }, { plain: ["b"] }],
  ["adds scalars", { plain: ["a"] }, { plain: ["b"] }, { plain: ["a", "b"] }],
  ["retains keys", { strategy: { type: "A", old: 1 } }, { strategy: { $retainKeys: ["type"], type: "B" } }, {
    strategy: { type: "B" },
  }],
  ["replaces other lists", { atomic: ["a"] }, { atomic: ["b"] }, { atomic: ["b"] }],
  ["removes fields", { atomic: ["a"], strategy: {} }, { atomic: null }, { strategy: {} }],
];

for (const [name, live, patch, expected] of CASES) {
  Deno.test(`strategicMerge() ${name}`, () => {
    const { spec: _, ...base } = thing({});
    const { apiVersion: __, kind: ___, metadata: ____, ...rest } = strategicMerge(
      pods,
      { ...base, ...live as object },
      patch,
    );
    assert.deepEqual(rest, expected);
  });
}
