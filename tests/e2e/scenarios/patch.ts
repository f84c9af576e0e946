/** Patches that are applied: the original's samples, both orders of creation, all forms of sources and targets. */
import assert from "node:assert/strict";
import { PATCHES } from "../../../controllers/patch-provider/mod.ts";
import type { KubeObject } from "../../../lib/kube/mod.ts";
import { CONFIG_MAPS, DEPLOYMENTS, scenario, SECRETS, withBench } from "../support/cluster.ts";
import {
  applyPatch,
  configMap,
  createConfig,
  dataIs,
  deletePatch,
  deployment,
  editConfig,
  from,
  patchName,
  says,
} from "../support/patches.ts";

const FOO = { replicas: "3", value1: "Foo1", value2: "Foo2", value3: "Foo3" };
const BAR = { value1: "Bar1", value2: "Bar2" };

scenario("the original's samples and the seed example give what the original gives", async () => {
  await withBench("patch-samples", async (bench) => {
    await createConfig(bench, "foo", FOO);
    for (const name of ["bar", "whole", "seed", "old"]) await createConfig(bench, name, BAR);
    await bench.client.create(DEPLOYMENTS, deployment("nginx", bench));
    const to = (name: string, fieldPath: string) => ({ objectReference: configMap(bench, name), fieldPath });

    await applyPatch(bench, "jq", {
      from: from(bench, "data"),
      to: { ...to("bar", "data.value1"), transform: "${ .value2 | @base64 }" },
    });
    await applyPatch(bench, "whole", { from: from(bench, "data"), to: to("whole", "data") });
    await applyPatch(bench, "int", {
      from: from(bench, "data"),
      to: {
        objectReference: { apiVersion: "apps/v1", kind: "Deployment", name: "nginx", namespace: bench.namespace },
        fieldPath: "spec.replicas",
        transform: "${ .replicas | tonumber }",
      },
    });
    await applyPatch(bench, "seed", {
      from: from(bench, "data"),
      to: { ...to("seed", "data.value2"), transforms: ["b64enc .value1", 'printf "prefix-%s"'] },
    });
    await applyPatch(bench, "old", {
      from: from(bench, "data.value1"),
      to: { ...to("old", "data.fresh"), transforms: ["b64enc ."] },
    });

    await dataIs(bench, "bar", { ...BAR, value1: "Rm9vMg==" });
    await dataIs(bench, "whole", FOO);
    await dataIs(bench, "seed", { ...BAR, value2: "prefix-Rm9vMQ==" });
    await dataIs(bench, "old", { ...BAR, fresh: "Rm9vMQ==" });
    await bench.until<KubeObject>(DEPLOYMENTS, "nginx", ({ spec }) => (spec as { replicas: number }).replicas === 3);
    const { status } = await says(bench, "seed", "Applied");
    assert.equal(status?.targets?.[0]?.name, "seed");
  });
});

scenario("a Patch may come before its objects and its kinds", async () => {
  await withBench("patch-order", async (bench) => {
    await applyPatch(bench, "first", {
      from: from(bench, "data.a"),
      to: { objectReference: configMap(bench, "bar"), fieldPath: "data.b" },
    });
    await says(bench, "first", "SourceNotFound", /ConfigMap e2e-patch-order\/foo does not exist/);
    await createConfig(bench, "foo", { z: "1" });
    await says(bench, "first", "SourceFieldMissing", /data\.a: no such field/);
    await editConfig(bench, "foo", { a: "1" });
    await says(bench, "first", "TargetNotFound");
    await createConfig(bench, "bar", {});
    await dataIs(bench, "bar", { b: "1" });
    await says(bench, "first", "Applied");

    await bench.client.delete(CONFIG_MAPS, "bar", bench.namespace);
    await says(bench, "first", "TargetNotFound");
    await createConfig(bench, "bar", { c: "2" });
    await dataIs(bench, "bar", { b: "1", c: "2" });
  });
});

scenario("the field is kept true, other fields stay whose they are, and nothing is written twice", async () => {
  await withBench("patch-drift", async (bench) => {
    await createConfig(bench, "foo", { a: "1" });
    await createConfig(bench, "bar", { mine: "x" });
    await applyPatch(bench, "drift", {
      from: from(bench, "data.a"),
      to: { objectReference: configMap(bench, "bar"), fieldPath: "data.b" },
    });
    await dataIs(bench, "bar", { mine: "x", b: "1" });
    await editConfig(bench, "bar", { b: "hand edit" });
    await dataIs(bench, "bar", { mine: "x", b: "1" });
    await editConfig(bench, "bar", { b: null });
    const healed = await dataIs(bench, "bar", { mine: "x", b: "1" });
    await editConfig(bench, "bar", { mine: "y" });
    await dataIs(bench, "bar", { mine: "y", b: "1" });
    const after = await bench.client.get<KubeObject>(CONFIG_MAPS, "bar", bench.namespace);
    const owners = after.metadata.managedFields?.filter(({ manager }) => manager?.startsWith("patch.krateo.io/"));
    assert.deepEqual(owners?.map(({ fieldsV1 }) => fieldsV1), [{ "f:data": { "f:b": {} } }]);
    assert.notEqual(after.metadata.resourceVersion, healed.metadata.resourceVersion);
  });
});

scenario("a deleted Patch releases, reverts or keeps its field by its policy", async () => {
  await withBench("patch-deletion", async (bench) => {
    await createConfig(bench, "foo", { a: "new" });
    for (
      const [policy, result] of Object.entries({
        Delete: {},
        Release: {},
        Revert: { b: "old" },
        Keep: { b: "new" },
        Orphan: { b: "new" },
      })
    ) {
      const name = policy.toLowerCase();
      await createConfig(bench, name, { b: "old", other: "1" });
      await applyPatch(bench, name, {
        from: from(bench, "data.a"),
        to: { objectReference: configMap(bench, name), fieldPath: "data.b" },
        deletionPolicy: policy as "Delete",
      });
      await dataIs(bench, name, { b: "new", other: "1" });
      await says(bench, name, "Applied");
      await deletePatch(bench, name);
      await dataIs(bench, name, { ...result, other: "1" });
      const left = await bench.client.get<KubeObject>(CONFIG_MAPS, name, bench.namespace);
      const managers = left.metadata.managedFields?.map(({ manager }) => manager) ?? [];
      assert.ok(!managers.some((manager) => manager?.startsWith("patch.krateo.io/")), `${policy}: ${managers}`);
    }
  });
});

scenario("the field goes or stays when the source value goes, by policy", async () => {
  await withBench("patch-removal", async (bench) => {
    await createConfig(bench, "foo", { a: "1" });
    for (const removalPolicy of ["Keep", "Remove"] as const) {
      const name = removalPolicy.toLowerCase();
      await createConfig(bench, name, { other: "x" });
      const to = { objectReference: configMap(bench, name), fieldPath: "data.b" };
      await applyPatch(bench, name, { from: from(bench, "data.a"), to, removalPolicy });
      await dataIs(bench, name, { b: "1", other: "x" });
    }
    await editConfig(bench, "foo", { a: null });
    await dataIs(bench, "remove", { other: "x" });
    await says(bench, "remove", "SourceFieldMissing");
    await says(bench, "keep", "SourceFieldMissing");
    await dataIs(bench, "keep", { b: "1", other: "x" });
    await editConfig(bench, "foo", { a: "2" });
    await dataIs(bench, "remove", { b: "2", other: "x" });
    await dataIs(bench, "keep", { b: "2", other: "x" });
  });
});

scenario(
  "a selector reaches every object with the labels, wildcards every place, and lets go what leaves",
  async () => {
    await withBench("patch-selector", async (bench) => {
      await createConfig(bench, "foo", { a: "1" });
      for (const name of ["one", "two"]) await createConfig(bench, name, { x: name }, { app: "web" });
      await createConfig(bench, "other", { x: "other" });
      await applyPatch(bench, "many", {
        from: from(bench, "data.a"),
        to: {
          objectReference: { kind: "ConfigMap", namespace: bench.namespace },
          selector: { matchLabels: { app: "web" } },
          fieldPath: "data.b",
        },
      });
      await dataIs(bench, "one", { x: "one", b: "1" });
      await dataIs(bench, "two", { x: "two", b: "1" });
      await createConfig(bench, "three", { x: "three" }, { app: "web" });
      await dataIs(bench, "three", { x: "three", b: "1" });
      await bench.client.patch(CONFIG_MAPS, "two", bench.namespace, "merge", { metadata: { labels: { app: "db" } } });
      await dataIs(bench, "two", { x: "two" });
      await dataIs(bench, "other", { x: "other" });

      await applyPatch(bench, "wild", {
        from: from(bench, "data.a"),
        to: { objectReference: configMap(bench, "other"), fieldPath: "data[*]", transform: '${ "v" + . }' },
      });
      await dataIs(bench, "other", { x: "v1" });
    });
  },
);

scenario("a Secret's value goes decoded into a ConfigMap, and encoded into another Secret", async () => {
  await withBench("patch-secret", async (bench) => {
    const secret = (name: string, data: Record<string, string>) => {
      return bench.apply({ apiVersion: "v1", kind: "Secret", metadata: { name }, data });
    };
    await secret("db", { user: btoa("admin"), password: btoa("s3cret") });
    await secret("copy", { other: btoa("x") });
    await createConfig(bench, "app", {});
    const db = { kind: "Secret", name: "db", namespace: bench.namespace };
    await applyPatch(bench, "config", {
      from: { objectReference: db, fieldPath: "data", decode: "base64" },
      to: {
        objectReference: configMap(bench, "app"),
        fieldPath: "data.url",
        transform: '${ "postgres://\\(.user):\\(.password)@db" }',
      },
    });
    await applyPatch(bench, "secret", {
      from: { objectReference: db, fieldPath: "data.password", decode: "base64" },
      to: {
        objectReference: { ...db, name: "copy" },
        fieldPath: "data.upper",
        transforms: ["upper ."],
        encode: "base64",
      },
    });
    await dataIs(bench, "app", { url: "postgres://admin:s3cret@db" });
    await bench.until<KubeObject>(
      SECRETS,
      "copy",
      ({ data }) => (data as { upper?: string })?.upper === btoa("S3CRET"),
    );
    const { status } = await says(bench, "config", "Applied");
    assert.ok(!/s3cret|czNjcmV0/.test(JSON.stringify(status)));
  });
});

scenario("several sources are joined under their names, and a guard holds the value back", async () => {
  await withBench("patch-join", async (bench) => {
    await createConfig(bench, "db", { host: "db.local" });
    await createConfig(bench, "net", { port: "5432", open: "no" });
    await createConfig(bench, "app", {});
    await applyPatch(bench, "joined", {
      from: [
        { ...from(bench, "data.host", "db"), as: "db" },
        { ...from(bench, "data", "net"), as: "net" },
      ],
      when: "value.net.open == 'yes'",
      to: { objectReference: configMap(bench, "app"), fieldPath: "data.url", transform: '${ .db + ":" + .net.port }' },
    });
    await says(bench, "joined", "Waiting");
    await editConfig(bench, "net", { open: "yes" });
    await dataIs(bench, "app", { url: "db.local:5432" });
    await editConfig(bench, "db", { host: "db2.local" });
    await dataIs(bench, "app", { url: "db2.local:5432" });
  });
});

scenario("a paused Patch writes nothing until it resumes, and annotations of policy hold", async () => {
  await withBench("patch-policy", async (bench) => {
    await createConfig(bench, "foo", { a: "1" });
    await createConfig(bench, "bar", {});
    await applyPatch(bench, "paused", {
      from: from(bench, "data.a"),
      to: { objectReference: configMap(bench, "bar"), fieldPath: "data.b" },
    });
    await dataIs(bench, "bar", { b: "1" });
    const annotate = (key: string, value: string | null) =>
      bench.client.patch(PATCHES, patchName(bench, "paused"), undefined, "merge", {
        metadata: { annotations: { [key]: value } },
      });
    await annotate("krateo.io/paused", "true");
    await bench.until<KubeObject>(
      PATCHES,
      patchName(bench, "paused"),
      (p) => /ReconcilePaused/.test(JSON.stringify(p["status"])),
    );
    await editConfig(bench, "foo", { a: "2" });
    await annotate("krateo.io/paused", null);
    await dataIs(bench, "bar", { b: "2" });
    await annotate("krateo.io/deletion-policy", "orphan");
    await deletePatch(bench, "paused");
    await dataIs(bench, "bar", { b: "2" });
  });
});
