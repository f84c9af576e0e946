/** Patches that cannot be applied: what they say, that nothing is written, and that they recover by themselves. */
import assert from "node:assert/strict";
import { NAMESPACED_PATCHES, PATCHES, type PatchSpec } from "../../../controllers/patch-provider/mod.ts";
import { isKubeError, type KubeObject } from "../../../lib/kube/mod.ts";
import { type Bench, CONFIG_MAPS, scenario, SECRETS, withBench } from "../support/cluster.ts";
import { grantImpersonation } from "../support/grants.ts";
import {
  applyPatch,
  configMap,
  createConfig,
  dataIs,
  deletePatch,
  editConfig,
  namespacedSays,
  patchName,
  says,
} from "../support/patches.ts";

function plain(bench: Bench, more: Partial<PatchSpec["to"]> = {}, fieldPath = "data"): PatchSpec {
  return {
    from: { objectReference: configMap(bench, "foo"), fieldPath },
    to: { objectReference: configMap(bench, "bar"), fieldPath: "data.b", ...more },
  };
}

scenario("admission refuses a Patch that can never be applied, with a message that says why", async () => {
  await withBench("patch-admission", async (bench) => {
    const objectReference = configMap(bench, "foo");
    const from = { objectReference, fieldPath: "data.a" };
    const to = { objectReference: configMap(bench, "bar"), fieldPath: "data.b" };
    const cases: [name: string, spec: unknown, message: RegExp][] = [
      ["no-from", { to }, /spec\.from: Required value|required/i],
      ["no-to", { from }, /spec\.to: Required value|required/i],
      ["no-source", { from: [], to }, /name at least one source/],
      ["no-kind", { from: { objectReference: { name: "foo" }, fieldPath: "data" }, to }, /needs a kind and a name/],
      ["no-path", { from: { objectReference }, to }, /spec\.from\.fieldPath is required/],
      ["empty-path", { from: { objectReference, fieldPath: "" }, to }, /spec\.from\.fieldPath is required/],
      ["empty-to-path", { from, to: { ...to, fieldPath: "" } }, /spec\.to\.fieldPath/],
      [
        "typo",
        { from: { ...from, fieldpath: "data" }, to },
        /only as, objectReference, fieldPath and decode are known/,
      ],
      ["unnamed", { from: [from, from], to }, /several sources need names of their own/],
      ["both", { from, to: { ...to, transform: "x", transforms: ["y"] } }, /use either transform or transforms/],
      [
        "no-target",
        { from, to: { ...to, objectReference: { kind: "ConfigMap" } } },
        /name one object .* or several by selector/,
      ],
      ["policy", { from, to, deletionPolicy: "Explode" }, /Unsupported value: "Explode"/],
    ];
    for (const [name, spec, message] of cases) {
      const refused = applyPatch(bench, name, spec as PatchSpec);
      await assert.rejects(refused, (error) => isKubeError(error, "Invalid") && message.test(error.message), name);
    }
    const stranger = {
      objectReference: { kind: "ConfigMap", name: "foo", namespace: "kube-system" },
      fieldPath: "data",
    };
    const tenant = (spec: unknown) =>
      bench.apply({ apiVersion: "krateo.io/v1alpha1", kind: "NamespacedPatch", metadata: { name: "x" }, spec });
    await assert.rejects(
      tenant({ from: stranger, to: { objectReference: { kind: "ConfigMap", name: "bar" } } }),
      /stays in its own namespace/,
    );
  });
});

scenario("bad transforms, paths and values become conditions, and nothing is written", async () => {
  await withBench("patch-bad", async (bench) => {
    await createConfig(bench, "foo", { a: "1", big: "x".repeat(400_000) });
    await createConfig(bench, "bar", { mine: "x", text: "no object" });
    const cases: [name: string, to: Partial<PatchSpec["to"]>, reason: string, message: RegExp][] = [
      ["function", { transforms: ["nosuch .a"] }, "Invalid", /function "nosuch" not defined/],
      ["injection", { transforms: ["true }}yes{{ end"] }, "Invalid", /must not open or close/],
      ["jq", { transform: "${ .a | }" }, "Invalid", /unexpected end of the program/],
      ["path", { fieldPath: "data..b" }, "Invalid", /unexpected '\.' at position 5/],
      ["identity", { fieldPath: "metadata.name" }, "Invalid", /cannot be written/],
      ["no-value", { transforms: [".missing"] }, "TransformFailed", /<no value>/],
      ["null", { transform: "${ .missing }" }, "TransformFailed", /null/],
      ["jq-fails", { transform: "${ .a | tonumber | keys }" }, "TransformFailed", /./],
      ["endless", { transform: "${ last(range(infinite)) }" }, "TransformFailed", /./],
      ["huge", { transform: "${ .big * 6 }" }, "TransformFailed", /characters/],
      ["on-text", { fieldPath: "data.text.deep" }, "Rejected", /not an object/],
      ["type", { transform: "${ .a | tonumber }" }, "Rejected", /./],
      ["unknown-field", { fieldPath: "nosuch.field", transform: "x" }, "Rejected", /nosuch/],
    ];
    for (const [name, to] of cases) await applyPatch(bench, name, plain(bench, { fieldPath: `data.${name}`, ...to }));
    for (const [name, , reason, message] of cases) await says(bench, name, reason, message);
    await dataIs(bench, "bar", { mine: "x", text: "no object" });

    await applyPatch(bench, "leaf", plain(bench, { fieldPath: "data.leaf" }, "data.a.deeper"));
    await says(bench, "leaf", "SourceFieldMissing", /not an object/);
    await applyPatch(bench, "function", plain(bench, { transforms: ["upper .a"], fieldPath: "data.fixed" }));
    await dataIs(bench, "bar", { mine: "x", text: "no object", fixed: "1" });
    await says(bench, "function", "Applied");
    for (const [name] of cases) await deletePatch(bench, name);
    await deletePatch(bench, "leaf");
  });
});

scenario(
  "another applier's field is a conflict that names it, and is taken by force or when it is let go",
  async () => {
    await withBench("patch-conflict", async (bench) => {
      await createConfig(bench, "foo", { a: "new" });
      const applied = (manager: string, data: Record<string, string>) => {
        const metadata = { name: "bar", namespace: bench.namespace };
        return bench.client.apply<KubeObject>(CONFIG_MAPS, { apiVersion: "v1", kind: "ConfigMap", metadata, data }, {
          fieldManager: manager,
        });
      };
      await applied("helm", { b: "helm's", c: "helm's" });
      await applyPatch(bench, "b", plain(bench, {}, "data.a"));
      await says(bench, "b", "Conflict", /field manager "helm" owns \.data\.b/);
      await applied("helm", { c: "helm's" });
      await dataIs(bench, "bar", { b: "new", c: "helm's" });
      await says(bench, "b", "Applied");
      await applyPatch(bench, "c", plain(bench, { fieldPath: "data.c", onConflict: "Force" }, "data.a"));
      await dataIs(bench, "bar", { b: "new", c: "new" });

      await createConfig(bench, "edited", { b: "by hand" });
      await applyPatch(
        bench,
        "careful",
        plain(bench, { objectReference: configMap(bench, "edited"), onConflict: "Fail" }, "data.a"),
      );
      await says(bench, "careful", "Conflict", /field manager "kubectl-create" owns \.data\.b/);
    });
  },
);

scenario(
  "of two Patches on one field the older writes, and the younger says so and takes over when it is gone",
  async () => {
    await withBench("patch-rivals", async (bench) => {
      await createConfig(bench, "foo", { a: "1", b: "2" });
      await createConfig(bench, "bar", {});
      await applyPatch(bench, "older", plain(bench, {}, "data.a"));
      await says(bench, "older", "Applied");
      await applyPatch(bench, "younger", plain(bench, {}, "data.b"));
      await says(bench, "younger", "Conflict", /Patch "e2e-patch-rivals-older" is older/);
      await dataIs(bench, "bar", { b: "1" });
      await applyPatch(bench, "whole", plain(bench, { fieldPath: "data", transform: "${ {b: .b, c: .a} }" }));
      await says(bench, "whole", "Conflict", /Patch "e2e-patch-rivals-older" owns \.data\.b/);
      await deletePatch(bench, "whole");
      await deletePatch(bench, "older");
      await dataIs(bench, "bar", { b: "2" });
      await says(bench, "younger", "Applied");
    });
  },
);

scenario("a circle is refused with all its members in the message, and opens when one goes", async () => {
  await withBench("patch-cycle", async (bench) => {
    for (const name of ["a", "b"]) await createConfig(bench, name, { v: name });
    const step = (source: string, target: string): PatchSpec => ({
      from: { objectReference: configMap(bench, source), fieldPath: "data.v" },
      to: { objectReference: configMap(bench, target), fieldPath: "data.v", transform: '${ . + "x" }' },
    });
    await applyPatch(bench, "one", step("a", "b"));
    await dataIs(bench, "b", { v: "ax" });
    await applyPatch(bench, "two", step("b", "a"));
    const [one, two] = [patchName(bench, "one"), patchName(bench, "two")];
    await says(bench, "two", "Cycle", new RegExp(`${two} -> ${one} -> ${two}`));
    await applyPatch(bench, "self", step("a", "a"));
    await says(bench, "self", "Cycle");
    await dataIs(bench, "a", { v: "a" });
    await deletePatch(bench, "self");
    await deletePatch(bench, "one");
    await editConfig(bench, "b", { v: "b" });
    await dataIs(bench, "a", { v: "bx" });
    await says(bench, "two", "Applied");
  });
});

scenario("a NamespacedPatch works in its namespace, and leaves cluster-scoped objects alone", async () => {
  await withBench("patch-tenant", async (bench) => {
    await createConfig(bench, "foo", { a: "1" });
    await createConfig(bench, "bar", {});
    const tenant = (name: string, from: unknown) =>
      bench.apply({
        apiVersion: "krateo.io/v1alpha1",
        kind: "NamespacedPatch",
        metadata: { name },
        spec: { from, to: { objectReference: { kind: "ConfigMap", name: "bar" }, fieldPath: `data.${name}` } },
      });
    await tenant("good", { objectReference: { kind: "ConfigMap", name: "foo" }, fieldPath: "data.a" });
    await tenant("bad", {
      objectReference: { kind: "Namespace", name: "default" },
      fieldPath: "metadata.name",
    });
    await dataIs(bench, "bar", { good: "1" });
    await namespacedSays(bench, "good", "Applied");
    await namespacedSays(bench, "bad", "Invalid", /cluster-scoped/);
    await bench.client.delete(NAMESPACED_PATCHES, "good", bench.namespace);
    await bench.gone(NAMESPACED_PATCHES, "good");
    const { data } = await bench.client.get<KubeObject>(CONFIG_MAPS, "bar", bench.namespace);
    assert.equal((data as { good?: string } | undefined)?.good, undefined);
  });
});

if (Deno.env.get("KCO_TEST_TARGET") === "real") {
  scenario("a Patch has just the rights of its ServiceAccount, and recovers when they are granted", async () => {
    await withBench("patch-rights", async (bench) => {
      await bench.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "patcher" } });
      await bench.apply({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "db" },
        stringData: { password: "s3cret" },
      });
      await createConfig(bench, "bar", {});
      const secret = { kind: "Secret", name: "db", namespace: bench.namespace };
      await applyPatch(bench, "steal", {
        from: { objectReference: secret, fieldPath: "data.password" },
        to: { objectReference: configMap(bench, "bar"), fieldPath: "data.b" },
        serviceAccountName: "patcher",
        serviceAccountNamespace: bench.namespace,
      });
      await says(bench, "steal", "Forbidden", /cannot impersonate resource "serviceaccounts"/);
      await grantImpersonation(bench, "patcher");
      await says(bench, "steal", "Forbidden", /cannot list resource "secrets"/);
      const grant = (resources: string[], verbs: string[], resourceNames: string[]) =>
        bench.apply({
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "Role",
          metadata: { name: `patcher-${resources}` },
          rules: [{ apiGroups: [""], resources, verbs, resourceNames }],
        });
      await grant(["secrets"], ["get", "list", "watch"], ["db"]);
      await grant(["configmaps"], ["get", "list", "watch"], ["bar"]);
      for (const name of ["secrets", "configmaps"]) {
        await bench.apply({
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "RoleBinding",
          metadata: { name: `patcher-${name}` },
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: `patcher-${name}` },
          subjects: [{ kind: "ServiceAccount", name: "patcher", namespace: bench.namespace }],
        });
      }
      await says(bench, "steal", "Forbidden", /cannot patch resource "configmaps"/);
      await grant(["configmaps"], ["get", "list", "watch", "patch"], ["bar"]);
      await dataIs(bench, "bar", { b: btoa("s3cret") });
      await bench.client.delete(SECRETS, "db", bench.namespace);
      await says(bench, "steal", "SourceNotFound");
      await deletePatch(bench, "steal");
      await dataIs(bench, "bar", {});
    });
  });
}

scenario("nobody fights over a field for long: a Patch gives a restless writer more and more time", async () => {
  await withBench("patch-fight", async (bench) => {
    await createConfig(bench, "foo", { a: "1" });
    await createConfig(bench, "bar", {});
    await applyPatch(bench, "fight", plain(bench, {}, "data.a"));
    await dataIs(bench, "bar", { b: "1" });
    for (let round = 0; round < 3; round++) {
      await editConfig(bench, "bar", { b: "mine" });
      await dataIs(bench, "bar", { b: "1" });
    }
    await editConfig(bench, "bar", { b: "mine" });
    await says(bench, "fight", "Conflict", /keeps writing/);
    await dataIs(bench, "bar", { b: "1" });
    await says(bench, "fight", "Applied");
    assert.ok(await bench.client.find(PATCHES, patchName(bench, "fight")));
  });
});
