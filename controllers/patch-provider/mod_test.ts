import assert from "node:assert/strict";
import { fc } from "../../lib/deps/fast_check.ts";
import type { ApiResource, KubeObject } from "../../lib/kube/mod.ts";
import { field, type Json, setValue } from "../../lib/transform/mod.ts";
import { config, CONFIG_MAPS, Scene } from "./_testing.ts";
import { CRDS } from "./mod.ts";
import { applyDocument } from "./write/mod.ts";

const SEED = {
  from: { objectReference: config("foo"), fieldPath: "data" },
  to: {
    objectReference: config("bar"),
    fieldPath: "data.value2",
    transforms: ["b64enc .value1", 'printf "prefix-%s"'],
  },
};

Deno.test("patchProvider() writes a transformed value, and follows its source", async () => {
  await using scene = await Scene.open();
  await scene.config("foo", { value1: "Foo1" });
  await scene.config("bar", { value1: "Bar1", value2: "Bar2" });
  await scene.patch("seed", SEED);
  await scene.holds("bar", { value1: "Bar1", value2: "prefix-Rm9vMQ==" });
  const { status } = await scene.says("seed", "Applied");
  assert.equal(status?.from, "ConfigMap default/foo data");
  assert.equal(status?.to, "ConfigMap default/bar data.value2");
  assert.match(status?.lastAppliedHash ?? "", /^sha256:[0-9a-f]{64}$/);

  await scene.client.patch(CONFIG_MAPS, "foo", "default", "merge", { data: { value1: "Changed" } });
  await scene.holds("bar", { value1: "Bar1", value2: "prefix-Q2hhbmdlZA==" });
});

Deno.test("patchProvider() writes nothing at rest, and nothing after a restart", async () => {
  await using scene = await Scene.open();
  await scene.config("foo", { value1: "Foo1" });
  await scene.config("bar", {});
  await scene.patch("seed", SEED);
  await scene.says("seed", "Applied");
  const before = scene.writes;
  scene.stop();
  scene.start();
  // What comes after the restart tells that it has looked at everything.
  await scene.config("baz", {});
  await scene.patch("second", { ...SEED, to: { ...SEED.to, objectReference: config("baz") } });
  await scene.says("second", "Applied");
  const own = 2 + 4; // the test's two objects; finalizer, value and status of the second Patch, in as many requests as they take
  assert.ok(scene.writes - before <= own, `${scene.writes - before} writes`);
  const { metadata } = await scene.client.get(CONFIG_MAPS, "bar", "default");
  const { status } = await scene.says("seed", "Applied");
  assert.equal(status?.targets?.[0]?.resourceVersion, metadata.resourceVersion);
});

Deno.test("patchProvider() does not take a single turn of a circle when it starts", async () => {
  await using scene = await Scene.open({ start: false });
  await scene.config("a", { v: "a" });
  await scene.config("b", { v: "b" });
  const step = (source: string, target: string) => ({
    from: { objectReference: config(source), fieldPath: "data.v" },
    to: { objectReference: config(target), fieldPath: "data.v", transform: '${ . + "x" }' },
  });
  await scene.patch("1-ab", step("a", "b"));
  await scene.patch("2-ba", step("b", "a"));
  scene.start();
  await scene.says("2-ba", "Cycle");
  await scene.says("1-ab", "Applied");
  await scene.holds("a", { v: "a" });
  await scene.holds("b", { v: "ax" });
});

Deno.test("patchProvider() has transforms look at chance once for each state of the source", async () => {
  await using scene = await Scene.open();
  await scene.config("foo", { a: "1" });
  await scene.config("bar", {});
  await scene.patch("chance", {
    from: { objectReference: config("foo"), fieldPath: "data.a" },
    to: { objectReference: config("bar"), fieldPath: "data.b", transforms: ["uuidv4"] },
  });
  await scene.says("chance", "Applied");
  const { metadata } = await scene.client.get(CONFIG_MAPS, "bar", "default");
  await scene.client.patch(CONFIG_MAPS, "bar", "default", "merge", { data: { other: "x" } });
  await scene.config("later", {});
  await scene.patch("later", follows("later"));
  await scene.says("later", "Applied");
  const after = await scene.client.get(CONFIG_MAPS, "bar", "default");
  assert.equal(Number(after.metadata.resourceVersion) > Number(metadata.resourceVersion), true);
  assert.equal((after["data"] as { other: string }).other, "x");
  assert.equal(scene.events.filter((event) => event.startsWith("Conflict")).length, 0);
});

function follows(name: string) {
  const from = { objectReference: config("foo"), fieldPath: "data.a" };
  return { from, to: { objectReference: config(name), fieldPath: "data.v" } };
}

Deno.test("applyDocument() applied twice writes once, whatever the object, the path and the value", async () => {
  await using scene = await Scene.open({ start: false });
  const resource = await anyKind(scene);
  let run = 0;
  await fc.assert(
    fc.asyncProperty(contents, paths, leaves, async (content, path, value) => {
      const metadata = { name: `any-${run++}`, namespace: "default" };
      const spec: Json = JSON.parse(JSON.stringify(content));
      const live = await scene.client.create<KubeObject>(resource, {
        apiVersion: "example.org/v1",
        kind: "Any",
        metadata,
        spec,
      });
      const placed = [{ path: [field("spec"), ...path], value }];
      const write = async (object: KubeObject) => {
        const document = applyDocument(object, placed);
        assert.ok(document);
        return await scene.client.apply<KubeObject>(resource, document, { fieldManager: "patch", force: true });
      };
      const once = await write(live);
      const twice = await write(once);
      assert.equal(twice.metadata.resourceVersion, once.metadata.resourceVersion);
      const expected = setValue(live as unknown as Json, placed[0]!.path, value);
      assert.deepEqual(once["spec"], (expected as unknown as KubeObject)["spec"]);
    }),
    { numRuns: 40 },
  );
});

const names = fc.constantFrom("a", "b", "x.y", "c/d", "~0");
const leaves = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.integer(), { minLength: 1 }));
/** Two levels of objects, so that a path of two names meets no scalar on its way, but often neighbours, and often a value. */
const contents = fc.dictionary(names, fc.dictionary(names, leaves, { minKeys: 1 }));
const paths = fc.array(names, { minLength: 2, maxLength: 2 }).map((all) => all.map(field));

async function anyKind(scene: Scene): Promise<ApiResource> {
  const open = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  await scene.apply({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "anys.example.org" },
    spec: {
      group: "example.org",
      scope: "Namespaced",
      names: { kind: "Any", plural: "anys" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: open } }],
    },
  });
  await scene.until(CRDS, "anys.example.org", ({ status }) => JSON.stringify(status ?? {}).includes('"Established"'));
  scene.client.discovery.invalidate();
  return { group: "example.org", version: "v1", kind: "Any", plural: "anys", namespaced: true };
}
