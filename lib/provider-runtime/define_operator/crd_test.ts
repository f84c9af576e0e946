import assert from "node:assert/strict";
import { startApiServer } from "../../apiserver/mod.ts";
import { type TSchema, Type } from "../../deps/typebox.ts";
import { type ApiResource, createClient, type KubeObject } from "../../kube/mod.ts";
import { crdOf, type KindDefinition, resourceOf } from "./crd.ts";
import { DefinitionError } from "./definition_error.ts";
import { structuralSchema } from "./structural_schema.ts";

const KIND: KindDefinition = {
  group: "example.org",
  version: "v1",
  kind: "Thing",
  scope: "Namespaced",
  spec: Type.Object({}),
};

const SCHEMAS: readonly (readonly [name: string, schema: TSchema, structural: unknown])[] = [
  ["an optional field", Type.Object({ a: Type.Optional(Type.String()) }), {
    type: "object",
    properties: { a: { type: "string" } },
  }],
  [
    "a field with a default, which nobody must write",
    Type.Object({ a: Type.Integer({ default: 3 }), b: Type.Integer() }),
    {
      type: "object",
      required: ["b"],
      properties: { a: { type: "integer", default: 3 }, b: { type: "integer" } },
    },
  ],
  ["a record", Type.Record(Type.String(), Type.Number()), {
    type: "object",
    additionalProperties: { type: "number" },
  }],
  ["a literal", Type.Literal("a"), { type: "string", enum: ["a"] }],
  ["a union of literals", Type.Union([Type.Literal("a"), Type.Literal("b")]), { type: "string", enum: ["a", "b"] }],
  ["a union with null", Type.Union([Type.String(), Type.Null()]), { type: "string", nullable: true }],
  ["an integer or a string", Type.Union([Type.Integer(), Type.String()]), { "x-kubernetes-int-or-string": true }],
  ["an exclusive minimum", Type.Number({ exclusiveMinimum: 0 }), {
    type: "number",
    minimum: 0,
    exclusiveMinimum: true,
  }],
  ["a set", Type.Array(Type.String(), { uniqueItems: true }), {
    type: "array",
    items: { type: "string" },
    "x-kubernetes-list-type": "set",
  }],
  ["anything", Type.Unknown(), { "x-kubernetes-preserve-unknown-fields": true }],
  ["a rule of its author", Type.String({ "x-kubernetes-validations": [{ rule: "self != 'x'" }] }), {
    type: "string",
    "x-kubernetes-validations": [{ rule: "self != 'x'" }],
  }],
];
for (const [name, schema, structural] of SCHEMAS) {
  Deno.test(`structuralSchema() takes ${name}`, () => assert.deepEqual(structuralSchema(schema, "spec"), structural));
}

const REFUSED: readonly (readonly [name: string, define: () => unknown, message: RegExp])[] = [
  [
    "a union of different types",
    () => structuralSchema(Type.Object({ a: Type.Union([Type.Boolean(), Type.String()]) }), "spec"),
    /of spec\.a: it has a union of different types/,
  ],
  ["a tuple", () => structuralSchema(Type.Tuple([Type.String()]), "spec"), /of spec(\[\])?: it has/],
  [
    "keys with a pattern",
    () => structuralSchema(Type.Record(Type.RegExp("^a"), Type.String()), "spec"),
    /keys like \^a/,
  ],
  [
    "an immutable field that is not there",
    () => crdOf({ ...KIND, immutable: ["a.b"] }),
    /Cannot make "a\.b" immutable/,
  ],
  ["a group that is no domain", () => resourceOf({ ...KIND, group: "example" }), /a group is a domain/],
  ["a kind in lower case", () => resourceOf({ ...KIND, kind: "thing" }), /a kind is CamelCase/],
];
for (const [name, define, message] of REFUSED) {
  Deno.test(`a definition is refused with ${name}`, () => {
    assert.throws(define, (error) => error instanceof DefinitionError && message.test(error.message));
  });
}

const PLURALS = [["Repo", "repos"], ["Policy", "policies"], ["Ingress", "ingresses"]] as const;
for (const [kind, plural] of PLURALS) {
  Deno.test(`resourceOf() takes ${plural} for the plural of ${kind}`, () => {
    assert.equal(resourceOf({ ...KIND, kind }).plural, plural);
  });
}

Deno.test("immutable fields can be set once, and then neither changed nor taken away", async () => {
  const spec = Type.Object({
    id: Type.String(),
    size: Type.Optional(Type.Integer()),
    source: Type.Optional(Type.Object({ namespace: Type.Optional(Type.String()) })),
    open: Type.Optional(Type.String()),
  });
  const definition = { ...KIND, spec, immutable: ["id", "size", "source.namespace"] };
  const things = resourceOf(definition);
  const crds: ApiResource = {
    group: "apiextensions.k8s.io",
    version: "v1",
    kind: "CustomResourceDefinition",
    plural: "customresourcedefinitions",
    namespaced: false,
  };
  const server = await startApiServer();
  try {
    const client = createClient(server.transport);
    await client.create(crds, crdOf(definition));
    const metadata = { name: "a", namespace: "default" };
    const object: KubeObject = { apiVersion: "example.org/v1", kind: "Thing", metadata, spec: { id: "1" } };
    await client.create(things, object);
    const patch = (spec: unknown) => client.patch(things, "a", "default", "merge", { spec });
    await patch({ open: "x", size: 1, source: { namespace: "n" } });
    await patch({ open: "y" });
    for (const change of [{ id: "2" }, { size: 2 }, { size: null }, { source: null }, { source: { namespace: "m" } }]) {
      await assert.rejects(patch(change), /is immutable once it is set/, JSON.stringify(change));
    }
  } finally {
    await server.close();
  }
});
