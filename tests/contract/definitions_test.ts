/** CustomResourceDefinitions: kinds that come, change and go while the server runs. */
import assert from "node:assert/strict";
import type { KubeObject, Status } from "../../lib/kube/mod.ts";
import { type Api, contract, unique } from "./target.ts";

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

interface Made {
  readonly group: string;
  readonly name: string;
  /** Path of the objects in the test's namespace, at a version. */
  at(version: string, name?: string): string;
  object(version: string, name: string, spec: unknown): KubeObject;
}

const SPEC = {
  type: "object",
  required: ["size"],
  properties: {
    size: { type: "integer", minimum: 1 },
    color: { type: "string", default: "red", enum: ["red", "green"] },
    port: { "x-kubernetes-int-or-string": true },
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    maybe: { type: "string", nullable: true },
    nested: { type: "object", default: {}, properties: { deep: { type: "string", default: "water" } } },
  },
};

function version(name: string, spec: object, options: object = {}): object {
  const schema = {
    type: "object",
    properties: { spec, status: { type: "object", properties: { ready: { type: "boolean" } } } },
  };
  return { name, served: true, storage: true, schema: { openAPIV3Schema: schema }, ...options };
}

/** Makes a definition with a group of its own, runs the test, and deletes it. */
async function withDefinition(
  api: Api,
  versions: readonly object[],
  body: (made: Made) => Promise<void>,
): Promise<void> {
  const group = `${unique("g")}.example.com`;
  const name = `things.${group}`;
  const root = `/apis/${group}`;
  await api.create(DEFINITIONS, {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name },
    spec: { group, scope: "Namespaced", names: { plural: "things", kind: "Thing", shortNames: ["th"] }, versions },
  });
  await established(api, name);
  for (const { name: served } of versions as { name: string }[]) {
    await api.until(`${root}/${served}/namespaces/${api.namespace}/things`, ({ status }) => status === 200);
  }
  try {
    await body({
      group,
      name,
      at: (v, object) => `${root}/${v}/namespaces/${api.namespace}/things${object === undefined ? "" : `/${object}`}`,
      object: (v, object, spec) => ({ apiVersion: `${group}/${v}`, kind: "Thing", metadata: { name: object }, spec }),
    });
  } finally {
    await api.send("DELETE", `${DEFINITIONS}/${name}`);
  }
}

async function established(api: Api, name: string): Promise<KubeObject> {
  const { body } = await api.until(`${DEFINITIONS}/${name}`, (reply) => {
    const { conditions } = (reply.body.status ?? {}) as { conditions?: { type: string; status: string }[] };
    return conditions?.some((item) => item.type === "Established" && item.status === "True") ?? false;
  });
  return body;
}

contract("a definition is accepted and established, with its names and stored versions", async (api) => {
  await withDefinition(api, [version("v1", SPEC)], async (made) => {
    const { status, metadata } = await established(api, made.name);
    const { acceptedNames, storedVersions, conditions } = status as {
      acceptedNames: object;
      storedVersions: string[];
      conditions: { type: string; status: string; reason: string }[];
    };
    assert.deepEqual(acceptedNames, {
      plural: "things",
      singular: "thing",
      shortNames: ["th"],
      kind: "Thing",
      listKind: "ThingList",
    });
    assert.deepEqual(storedVersions, ["v1"]);
    assert.deepEqual(conditions.map((item) => `${item.type}=${item.status} ${item.reason}`).sort(), [
      "Established=True InitialNamesAccepted",
      "NamesAccepted=True NoConflicts",
    ]);
    assert.equal(metadata.generation, 1);
    const { resources } = await api.get<{ resources: { name: string }[] }>(`/apis/${made.group}/v1`);
    assert.ok(resources.some((resource) => resource.name === "things"));
  });
});

contract("objects are defaulted, pruned and validated", async (api) => {
  await withDefinition(api, [version("v1", SPEC)], async (made) => {
    const body = made.object("v1", "a", { size: 1, port: "http", free: { any: [1] }, maybe: null, unknown: 1 });
    const { spec } = await api.create(made.at("v1"), body);
    assert.deepEqual(spec, {
      size: 1,
      color: "red",
      port: "http",
      free: { any: [1] },
      maybe: null,
      nested: { deep: "water" },
    });
    const table: readonly (readonly [unknown, string, RegExp])[] = [
      [{}, "spec.size", /^Required value/],
      [{ size: "1" }, "spec.size", /must be of type integer: "string"$/],
      [{ size: 0 }, "spec.size", /should be greater than or equal to 1$/],
      [{ size: 1, color: "blue" }, "spec.color", /^Unsupported value: "blue": supported values: "red", "green"$/],
    ];
    for (const [wrong, field, message] of table) {
      const status = await api.fails(422, "Invalid", "POST", made.at("v1"), { body: made.object("v1", "b", wrong) });
      const cause = status.details?.causes?.find((candidate) => candidate.field === field);
      assert.match(cause?.message ?? JSON.stringify(status), message);
    }
    const strict = await api.fails(400, "BadRequest", "POST", made.at("v1"), {
      body,
      query: { fieldValidation: "Strict" },
    });
    assert.match(strict.message ?? "", /strict decoding error: unknown field "spec.unknown"$/);
  });
});

contract("a custom resource's PUT needs a resourceVersion", async (api) => {
  await withDefinition(api, [version("v1", SPEC)], async (made) => {
    const first = await api.create(made.at("v1"), made.object("v1", "a", { size: 1 }));
    const status = await api.fails(422, "Invalid", "PUT", made.at("v1", "a"), {
      body: made.object("v1", "a", { size: 2 }),
    });
    assert.match(status.message ?? "", /metadata.resourceVersion: Invalid value: 0: must be specified for an update/);
    const second = await api.ok("PUT", made.at("v1", "a"), { body: { ...first, spec: { size: 2 } } });
    assert.equal(second.metadata.generation, 2);
    await api.fails(415, "UnsupportedMediaType", "PATCH", made.at("v1", "a"), {
      body: {},
      contentType: "application/strategic-merge-patch+json",
    });
  });
});

contract("CEL rules compare with what was", async (api) => {
  const rules = [{ rule: "self.size >= oldSelf.size", message: "size cannot shrink" }];
  await withDefinition(api, [version("v1", { ...SPEC, "x-kubernetes-validations": rules })], async (made) => {
    await api.create(made.at("v1"), made.object("v1", "a", { size: 5 }));
    await api.merge(made.at("v1", "a"), { spec: { size: 6 } });
    const status = await api.fails(422, "Invalid", "PATCH", made.at("v1", "a"), {
      body: { spec: { size: 4 } },
      contentType: "application/merge-patch+json",
    });
    assert.match(status.message ?? "", /spec: Invalid value: (.*: )?size cannot shrink/);
  });
});

contract("versions show the same object, each by its own schema", async (api) => {
  const v2 = { ...SPEC, properties: { size: SPEC.properties.size, extra: { type: "string" } } };
  const versions = [version("v1", SPEC), version("v2", v2, { storage: false })];
  await withDefinition(api, versions, async (made) => {
    await api.create(made.at("v1"), made.object("v1", "a", { size: 1, port: 80 }));
    const seen = await api.get(made.at("v2", "a"));
    assert.equal(seen.apiVersion, `${made.group}/v2`);
    assert.deepEqual(seen.spec, { size: 1 });
    assert.deepEqual((await api.get(made.at("v1", "a"))).spec, {
      size: 1,
      color: "red",
      port: 80,
      nested: { deep: "water" },
    });
  });
});

contract("status is a subresource where the definition says so", async (api) => {
  await withDefinition(api, [version("v1", SPEC, { subresources: { status: {} } })], async (made) => {
    const first = await api.create(made.at("v1"), { ...made.object("v1", "a", { size: 1 }), status: { ready: true } });
    assert.equal(first.status, undefined);
    const second = await api.ok("PUT", `${made.at("v1", "a")}/status`, {
      body: { ...first, spec: { size: 9 }, status: { ready: true } },
    });
    assert.deepEqual(second.status, { ready: true });
    assert.equal((second.spec as { size: number }).size, 1);
    assert.equal(second.metadata.generation, 1);
    const third = await api.merge(made.at("v1", "a"), { spec: { size: 2 }, status: { ready: false } });
    assert.deepEqual(third.status, { ready: true });
    assert.equal(third.metadata.generation, 2);
  });
});

contract("scale reads and writes by the definition's paths", async (api) => {
  const spec = { type: "object", properties: { replicas: { type: "integer" } } };
  const scale = { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" };
  await withDefinition(api, [version("v1", spec, { subresources: { scale } })], async (made) => {
    await api.create(made.at("v1"), made.object("v1", "a", { replicas: 1 }));
    const before = await api.get(`${made.at("v1", "a")}/scale`);
    assert.deepEqual(before.spec, { replicas: 1 });
    await api.merge(`${made.at("v1", "a")}/scale`, { spec: { replicas: 3 } });
    assert.deepEqual((await api.get(made.at("v1", "a"))).spec, { replicas: 3 });
  });
});

contract("printer columns make the table", async (api) => {
  const additionalPrinterColumns = [
    { name: "Size", type: "integer", jsonPath: ".spec.size" },
    { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  ];
  await withDefinition(api, [version("v1", SPEC, { additionalPrinterColumns })], async (made) => {
    await api.create(made.at("v1"), made.object("v1", "a", { size: 7 }));
    const table = await api.ok<{ columnDefinitions: { name: string; type: string }[]; rows: { cells: unknown[] }[] }>(
      "GET",
      made.at("v1"),
      { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
    );
    assert.deepEqual(table.columnDefinitions.map((column) => `${column.name}:${column.type}`), [
      "Name:string",
      "Size:integer",
      "Ready:string",
      "Age:date",
    ]);
    assert.deepEqual(table.rows[0]?.cells.slice(0, 3), ["a", 7, null]);
    assert.match(String(table.rows[0]?.cells[3]), /^\d+s$/);
  });
});

contract("objects go before their definition does", async (api) => {
  await withDefinition(api, [version("v1", SPEC)], async (made) => {
    await api.create(made.at("v1"), {
      ...made.object("v1", "a", { size: 1 }),
      metadata: { name: "a", finalizers: ["a.b/hold"] },
    });
    await api.create(made.at("v1"), made.object("v1", "b", { size: 1 }));
    await api.ok("DELETE", `${DEFINITIONS}/${made.name}`);
    await api.gone(made.at("v1", "b"));
    await api.until(made.at("v1", "a"), ({ body }) => body.metadata.deletionTimestamp !== undefined);
    await api.merge(made.at("v1", "a"), { metadata: { finalizers: null } });
    await api.gone(`${DEFINITIONS}/${made.name}`);
    await api.until(made.at("v1"), ({ status }) => status === 404);
  });
});

contract("a definition that is no valid one is refused with its fields", async (api) => {
  const group = `${unique("g")}.example.com`;
  const make = (name: string, versions: readonly object[]) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name },
    spec: { group, scope: "Namespaced", names: { plural: "things", kind: "Thing" }, versions },
  });
  const wrongName = await api.fails(422, "Invalid", "POST", DEFINITIONS, {
    body: make("wrong", [version("v1", SPEC)]),
  });
  assert.ok(fieldsOf(wrongName).includes("metadata.name"), JSON.stringify(wrongName));
  const twoStored = [version("v1", SPEC), version("v2", SPEC)];
  const stored = await api.fails(422, "Invalid", "POST", DEFINITIONS, { body: make(`things.${group}`, twoStored) });
  assert.ok(fieldsOf(stored).includes("spec.versions"), JSON.stringify(stored));
  const untyped = [version("v1", { properties: { a: {} } })];
  const structural = await api.fails(422, "Invalid", "POST", DEFINITIONS, { body: make(`things.${group}`, untyped) });
  assert.match(
    structural.message ?? "",
    /openAPIV3Schema\.properties\[spec\]\.type: Required value: must not be empty for specified object fields/,
  );
});

function fieldsOf({ details }: Status): string[] {
  return (details?.causes ?? []).map((cause) => cause.field ?? "");
}
