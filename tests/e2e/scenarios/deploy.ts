/**
 * `deploy/` on a cluster of its own, where no other kco is at work: the manifests apply, and the bundle does its job with
 * the permissions of the image, as the ServiceAccount and with no more rights than the ClusterRoles give it.
 *
 * The embedded API server has neither RBAC nor ServiceAccount tokens: there the bundle runs as the administrator.
 */
import { match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { filter, firstValueFrom, timeout } from "../../../lib/deps/rxjs.ts";
import type { KubeClient } from "../../../lib/kube/mod.ts";
import { DEFINITIONS } from "../../../controllers/core-provider/mod.ts";
import { placeImage } from "../../image.ts";
import { serve, tinyChart, webChart } from "../support/charts.ts";
import { Bench, CONFIG_MAPS, CRDS, DEPLOYMENTS, PATIENCE, ready, scenario, SECRETS } from "../support/cluster.ts";
import { applyAll, deployManifests } from "../support/manifests.ts";
import { KCO, kubeconfigWith, tokenOf } from "../support/service_account.ts";
import { startTarget } from "../support/target.ts";

const TARGET = Deno.env.get("KCO_TEST_TARGET") ?? "embedded";

const ROLE = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {{ .Release.Name }}-nodes
rules:
- {apiGroups: [""], resources: [nodes], verbs: [delete]}
`;

scenario(
  "deploy/ applies, and the bundle works with the image's permissions and the ServiceAccount's rights",
  async (t) => {
    await using stack = new AsyncDisposableStack();
    const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "kco-deploy-" }));
    stack.defer(() => Deno.remove(folder, { recursive: true }));
    const target = stack.use(await startTarget(TARGET));
    const bench = await Bench.open("deploy", target.kubeconfig);
    stack.defer(() => bench.close());
    const charts = await serve([
      webChart("deployed-web"),
      tinyChart("deployed-greedy", "1.0.0", { templates: { "role.yaml": ROLE } }),
    ]);
    stack.defer(() => charts.close());

    await t.step("the manifests apply, and the Deployments roll out", async () => {
      await applyAll(bench.client, await deployManifests());
      await rolledOut(bench.client, "kco");
      await applyAll(bench.client, await deployManifests("eventsse/"));
      await rolledOut(bench.client, "kco-eventsse");
    });

    const image = await placeImage(folder);
    const kubeconfig = join(image.tmp, "kubeconfig");
    const text = TARGET === "embedded"
      ? await Deno.readTextFile(target.kubeconfig)
      : await kubeconfigWith(await tokenOf(bench.client, KCO), target.kubeconfig);
    await Deno.writeTextFile(kubeconfig, text);
    const kco = new Deno.Command(Deno.execPath(), {
      args: [...image.args, "run", "--port", "0", "--log-level", "warning"],
      cwd: image.tmp,
      clearEnv: true,
      env: {
        KUBECONFIG: kubeconfig,
        POD_NAMESPACE: "krateo-system",
        TMPDIR: image.tmp,
        DENO_DIR: join(image.tmp, "deno"),
      },
      stdout: "null",
      stderr: "inherit",
    }).spawn();
    stack.defer(async () => {
      kco.kill("SIGTERM");
      await kco.status;
    });

    await t.step("a definition and its composition get ready, with everything that the chart has", async () => {
      await bench.define("web", { url: charts.repository, repo: "deployed-web", version: "1.0.0" });
      const resource = await bench.defined("web");
      await bench.compose(resource, "one", { owner: "me" });
      const composition = await bench.ready(resource, "one");
      const release = composition.status?.releaseName;
      ok(await bench.client.find(CONFIG_MAPS, `${release}-config`, bench.namespace));
      ok(await bench.client.find(SECRETS, `sh.helm.release.v1.${release}.v1`, bench.namespace));
      await bench.event("one", "CompositionCreated");

      await bench.client.delete(resource, "one", bench.namespace);
      await bench.gone(resource, "one");
      strictEqual(await bench.client.find(CONFIG_MAPS, `${release}-config`, bench.namespace), undefined);
    });

    await t.step("a deleted definition takes its compositions and its CRD along", async () => {
      const resource = await bench.defined("web");
      await bench.compose(resource, "last", { owner: "me" });
      await bench.ready(resource, "last");
      await bench.client.delete(DEFINITIONS, "web", bench.namespace);
      await bench.gone(DEFINITIONS, "web");
      await bench.gone(CRDS, `${resource.plural}.${resource.group}`);
    });

    await t.step({
      name: "a chart that would give away more rights than kco has is refused, and says so",
      ignore: TARGET === "embedded",
      fn: async () => {
        await bench.define("greedy", { url: charts.repository, repo: "deployed-greedy", version: "1.0.0" });
        const resource = await bench.defined("greedy");
        await bench.compose(resource, "two", {});
        const composition = await bench.notReady(resource, "two", "ApplyFailed");
        match(ready(composition)?.message ?? "", /attempting to grant RBAC permissions not currently held/);
      },
    });
  },
);

/** Resolves once a Deployment has a pod; where nodes are simulated, nothing runs in it. */
async function rolledOut(client: KubeClient, name: string): Promise<void> {
  const available$ = client.watch(DEPLOYMENTS, {
    namespace: "krateo-system",
    fieldSelector: `metadata.name=${name}`,
  }).pipe(
    filter((change) => {
      const object = change.type === "applied" ? change.object : undefined;
      return (object?.["status"] as { availableReplicas?: number } | undefined)?.availableReplicas === 1;
    }),
    timeout(PATIENCE),
  );
  await firstValueFrom(available$);
}
