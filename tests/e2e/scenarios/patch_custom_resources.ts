/** Patches that read and write custom resources. */
import assert from "node:assert/strict";
import type { KubeObject } from "../../../lib/kube/mod.ts";
import { CRDS, DEPLOYMENTS, scenario, withBench } from "../support/cluster.ts";
import { grantKind } from "../support/grants.ts";
import { applyPatch, createConfig, deployment, from, says } from "../support/patches.ts";

const DATABASE_CRD = crdOf("Database", "databases", {});
const STRINGS = { type: "array", items: { type: "string" } };
const TAGGED_CRD = crdOf("Tagged", "tagged", {
  tags: STRINGS,
  more: STRINGS,
  map: { type: "object", additionalProperties: { type: "integer" } },
});

scenario("the status of a custom resource goes into an element of a Deployment's lists", async () => {
  await withBench("patch-status", async (bench) => {
    await applyPatch(bench, "env", {
      from: {
        objectReference: {
          apiVersion: "infra.example.org/v1",
          kind: "Database",
          name: "main",
          namespace: bench.namespace,
        },
        fieldPath: "status.endpoint",
      },
      to: {
        objectReference: { apiVersion: "apps/v1", kind: "Deployment", name: "web", namespace: bench.namespace },
        fieldPath: "spec.template.spec.containers[0].env[1].value",
        transforms: ['printf "https://%s" .'],
      },
    });
    await says(bench, "env", "SourceNotFound", /does not serve Database of infra\.example\.org\/v1/);
    await bench.apply(DATABASE_CRD, undefined);
    if (Deno.env.get("KCO_TEST_TARGET") === "real") {
      await says(
        bench,
        "env",
        "Forbidden",
        /add to a Role in namespace "e2e-patch-status" of the caller: .*resources: \[databases\]/,
      );
    }
    await grantKind(bench, "databases", "infra.example.org");
    await bench.client.create(DEPLOYMENTS, deployment("web", bench));
    await bench.until<KubeObject>(
      CRDS,
      "databases.infra.example.org",
      ({ status }) => JSON.stringify(status ?? {}).includes('"Established"'),
    );
    const databases = {
      group: "infra.example.org",
      version: "v1",
      kind: "Database",
      plural: "databases",
      namespaced: true,
    };
    await bench.client.create<KubeObject>(databases, {
      apiVersion: "infra.example.org/v1",
      kind: "Database",
      metadata: { name: "main", namespace: bench.namespace },
    });
    await says(bench, "env", "SourceFieldMissing");
    await bench.client.patch(databases, "main", bench.namespace, "merge", { status: { endpoint: "db.local" } }, {
      subresource: "status",
    });
    const live = await bench.until<KubeObject>(DEPLOYMENTS, "web", (d) => envOf(d)[1]?.value === "https://db.local");
    assert.deepEqual(envOf(live), [{ name: "A", value: "1" }, { name: "URL", value: "https://db.local" }]);
    await says(bench, "env", "Applied");
  });
});

scenario(
  "an element of an atomic list is written by a JSON patch, and merge options give the original's results",
  async () => {
    await withBench("patch-lists", async (bench) => {
      await grantKind(bench, "tagged", "infra.example.org");
      await bench.apply(TAGGED_CRD, undefined);
      const resource = {
        group: "infra.example.org",
        version: "v1",
        kind: "Tagged",
        plural: "tagged",
        namespaced: true,
      };
      await bench.until<KubeObject>(
        CRDS,
        "tagged.infra.example.org",
        ({ status }) => JSON.stringify(status ?? {}).includes('"Established"'),
      );
      await bench.client.create<KubeObject>(resource, {
        apiVersion: "infra.example.org/v1",
        kind: "Tagged",
        metadata: { name: "one", namespace: bench.namespace },
        spec: { tags: ["x", "y"], more: ["x", "y"], map: { a: 1, b: 2 } },
      });
      await createConfig(bench, "foo", { tag: "z" });
      const to = (fieldPath: string, transform: string) => {
        const objectReference = {
          apiVersion: "infra.example.org/v1",
          kind: "Tagged",
          name: "one",
          namespace: bench.namespace,
        };
        return { objectReference, fieldPath, transform };
      };
      await applyPatch(bench, "element", { from: from(bench, "data"), to: to("spec.tags[1]", "${ .tag }") });
      await applyPatch(bench, "append", {
        from: from(bench, "data"),
        to: to("spec.more", '${ ["y", .tag] }'),
        mergeOptions: { appendSlice: true },
      });
      await applyPatch(bench, "keep", {
        from: from(bench, "data"),
        to: to("spec.map", "${ {b: 9, c: 3} }"),
        mergeOptions: { keepMapValues: true },
      });
      const expected = { tags: ["x", "z"], more: ["x", "y", "z"], map: { a: 1, b: 2, c: 3 } };
      await bench.until<KubeObject>(resource, "one", ({ spec }) => {
        const { tags, more, map } = spec as typeof expected;
        return JSON.stringify([tags, more, Object.entries(map).sort()]) ===
          JSON.stringify([expected.tags, expected.more, Object.entries(expected.map).sort()]);
      });
      for (const name of ["element", "append", "keep"]) await says(bench, name, "Applied");
    });
  },
);

function envOf({ spec }: KubeObject): { name: string; value?: string }[] {
  return (spec as { template: { spec: { containers: { env: { name: string; value?: string }[] }[] } } }).template.spec
    .containers[0]?.env ?? [];
}

function crdOf(kind: string, plural: string, spec: Record<string, unknown>): KubeObject {
  const openAPIV3Schema = {
    type: "object",
    properties: {
      spec: { type: "object", properties: spec },
      status: { type: "object", properties: { endpoint: { type: "string" } } },
    },
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.infra.example.org` },
    spec: {
      group: "infra.example.org",
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema },
      }],
    },
  };
}
