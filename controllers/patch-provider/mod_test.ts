import assert from "node:assert/strict";
import { config, CONFIG_MAPS, Scene } from "./_testing.ts";

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
