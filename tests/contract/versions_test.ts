/** Objects that several versions of a definition write: who owns what, as long as one of them cannot describe the object. */
import assert from "node:assert/strict";
import type { KubeObject } from "../../lib/kube/mod.ts";
import { type Api, contract, unique } from "./target.ts";

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const APPLY = "application/apply-patch+yaml", MERGE = "application/merge-patch+json";

const text = { type: "string" };
const VERSIONS = [
  ["v1", { type: "object", properties: { common: text, image: text } }],
  ["v2", { type: "object", properties: { common: text, image: { type: "object", properties: { tag: text } } } }],
  ["stored", { type: "object", "x-kubernetes-preserve-unknown-fields": true }],
] as const;

interface Things {
  path(version: string): string;
  /** Server-side apply of a spec. */
  apply(version: string, spec: unknown, fieldManager: string): Parameters<Api["send"]>;
  merge(version: string, spec: unknown): Parameters<Api["send"]>;
}

async function withVersions(api: Api, body: (things: Things) => Promise<void>): Promise<void> {
  const group = `${unique("g")}.example.com`, name = `things.${group}`;
  const versions = VERSIONS.map(([version, spec]) => ({
    name: version,
    served: version !== "stored",
    storage: version === "stored",
    schema: { openAPIV3Schema: { type: "object", properties: { spec } } },
  }));
  await api.create(DEFINITIONS, {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name },
    spec: { group, scope: "Namespaced", names: { plural: "things", kind: "Thing" }, versions },
  });
  const all = (version: string) => `/apis/${group}/${version}/namespaces/${api.namespace}/things`;
  for (const version of ["v1", "v2"]) await api.until(all(version), ({ status }) => status === 200);
  const path = (version: string) => `${all(version)}/one`;
  try {
    await body({
      path,
      apply: (version, spec, fieldManager) => ["PATCH", path(version), {
        contentType: APPLY,
        query: { fieldManager },
        body: { apiVersion: `${group}/${version}`, kind: "Thing", metadata: { name: "one" }, spec },
      }],
      merge: (version, spec) => ["PATCH", path(version), { contentType: MERGE, body: { spec } }],
    });
  } finally {
    await api.ok("DELETE", `${DEFINITIONS}/${name}`);
  }
}

function failure({ status, body }: { status: number; body: unknown }): string {
  assert.equal(status, 500);
  return (body as { message: string }).message;
}

contract(
  "server-side apply fails while an owner's version cannot describe the object",
  (api) =>
    withVersions(api, async ({ apply }) => {
      await api.ok(...apply("v1", { common: "a" }, "user"));
      await api.ok(...apply("v2", { common: "a" }, "second"));
      const image = { image: { tag: "1" } };
      assert.match(failure(await api.send(...apply("v2", image, "third"))), /failed to convert new object/);
      assert.match(
        failure(await api.send(...apply("v2", image, "second"))),
        /merged object at version .*\/v1: \.spec\.image/,
      );
      assert.match(failure(await api.send(...apply("v2", image, "user"))), /merged object to last applied version/);
    }),
);

contract(
  "server-side apply fails where the object does not fit the version that is applied",
  (api) =>
    withVersions(api, async ({ apply }) => {
      await api.ok(...apply("v1", { image: "nginx" }, "user"));
      const message = failure(await api.send(...apply("v2", { image: { tag: "1" } }, "user")));
      assert.match(message, /failed to create typed live object .*\.spec\.image: expected map, got &{nginx}/);
    }),
);

contract(
  "another write loses all ownership while an owner's version cannot describe the object",
  (api) =>
    withVersions(api, async ({ apply, merge, path }) => {
      const made = await api.ok<KubeObject>(...apply("v1", { common: "a" }, "user"));
      assert.equal(made.metadata.managedFields?.length, 1);
      const lost = await api.ok<KubeObject>(...merge("v2", { image: { tag: "1" } }));
      assert.equal(lost.metadata.managedFields, undefined);
      assert.equal((await api.ok("GET", path("v1"))).metadata.managedFields, undefined);
    }),
);
