/** `deploy/`: generated from the code, and taken by an API server. The real one takes it in `tests/e2e/scenarios/deploy.ts`. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startApiServer } from "../lib/apiserver/mod.ts";
import { connect, type KubeObject } from "../lib/kube/mod.ts";
import { generatedManifests } from "../tools/manifests.ts";
import { applyAll, deployManifests } from "./e2e/support/manifests.ts";
import { until } from "./support/until.ts";

const DEPLOY = fileURLToPath(new URL("../deploy/", import.meta.url));

for (const [path, text] of generatedManifests()) {
  Deno.test(`deploy/${path} says what the code says`, async () => {
    const hint = `deploy/${path} is out of date: run "deno run -A tools/manifests.ts"`;
    assert.equal(await Deno.readTextFile(join(DEPLOY, path)), text, hint);
  });
}

Deno.test("deploy/kustomization.yaml names every manifest", async () => {
  const files: string[] = [];
  for (const folder of ["", "crds"]) {
    for await (const { name } of Deno.readDir(join(DEPLOY, folder))) {
      if (name.endsWith(".yaml") && name !== "kustomization.yaml") files.push(join(folder, name));
    }
  }
  const kustomization = await Deno.readTextFile(join(DEPLOY, "kustomization.yaml"));
  const named = [...kustomization.matchAll(/^- (\S+\.yaml)$/gm)].map(([, path]) => path);
  assert.deepEqual(named.sort(), files.sort());
});

Deno.test("the embedded API server takes all manifests of deploy/, twice, without a change the second time", async () => {
  const server = await startApiServer({});
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, server.kubeconfig());
  const client = await connect({ kubeconfig: file });
  try {
    const product = await deployManifests();
    await applyAll(client, product);
    const registration = () => client.discovery.resourceFor("eventrouter.krateo.io/v1alpha1", "Registration");
    await until(async () => await registration() !== undefined, "Registration is served");
    const manifests = [...product, ...await deployManifests("eventsse/")];
    await applyAll(client, manifests);
    const versions = async () => {
      return await Promise.all(manifests.map(async ({ apiVersion, kind, metadata }) => {
        const resource = await client.discovery.resourceFor(apiVersion, kind);
        assert.ok(resource);
        const { metadata: live } = await client.get<KubeObject>(resource, metadata.name, metadata.namespace);
        return `${kind} ${live.name} ${live.generation ?? ""} ${live.uid}`;
      }));
    };
    const before = await versions();
    await applyAll(client, manifests);
    assert.deepEqual(await versions(), before);
  } finally {
    client.close();
    await server.close();
    await Deno.remove(file);
  }
});

Deno.test("no rule of deploy/rbac.yaml can make kco more than it is", async () => {
  const manifests = [...await deployManifests(), ...await deployManifests("eventsse/")];
  const roles = manifests.filter(({ kind }) => kind === "ClusterRole" || kind === "Role");
  for (const role of roles) {
    for (const rule of (role["rules"] ?? []) as { apiGroups?: string[]; resources?: string[]; verbs: string[] }[]) {
      const what = `${role.metadata.name}: ${JSON.stringify(rule)}`;
      assert.ok(!rule.verbs.some((verb) => ["*", "escalate", "bind", "impersonate"].includes(verb)), what);
      assert.ok(!rule.apiGroups?.includes("*"), what);
      if (rule.resources?.includes("*")) assert.deepEqual(rule.apiGroups, ["composition.krateo.io"], what);
    }
  }
});
