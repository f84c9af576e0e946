import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { BinaryError, requiredVersion } from "./binaries.ts";

Deno.test("requiredVersion() finds a module in a block and on a line of its own, and not in a replace", () => {
  const goMod =
    "require k8s.io/kubernetes v1.35.4\nrequire (\n\tk8s.io/api v0.0.0 // indirect\n)\nreplace k8s.io/api => k8s.io/api v0.35.4\n";
  assert.equal(requiredVersion(goMod, "k8s.io/kubernetes"), "v1.35.4");
  assert.equal(requiredVersion(goMod, "k8s.io/api"), "v0.0.0");
});

Deno.test("requiredVersion() says which module go.mod lacks", () => {
  assert.throws(() => requiredVersion("module x\n", "helm.sh/helm/v4"), (error) => {
    assert.ok(error instanceof BinaryError);
    assert.equal(error.reason, "BadPin");
    assert.match(error.message, /helm\.sh\/helm\/v4/);
    return true;
  });
});

Deno.test("every staging module of Kubernetes is replaced by the version that belongs to it", async () => {
  const goMod = await Deno.readTextFile(fileURLToPath(new URL("./kubernetes/go.mod", import.meta.url)));
  const [, minor, patch] = requiredVersion(goMod, "k8s.io/kubernetes").split(".");
  const replaced = [...goMod.matchAll(/^\s*(k8s\.io\/\S+) => (\S+) (\S+)$/gm)];
  assert.ok(replaced.length > 20, `only ${replaced.length} staging modules are replaced`);
  for (const [, module, target, version] of replaced) {
    assert.deepEqual([target, version], [module, `v0.${minor}.${patch}`]);
  }
});
