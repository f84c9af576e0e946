/** From a chart to a kind, and from its objects to healthy releases. */
import { DEFINITIONS, pluralize } from "../controllers/core-provider/mod.ts";
import type { ApiResource, Condition, KubeObject } from "../lib/kube/mod.ts";
import { isTrue } from "../lib/provider-runtime/mod.ts";
import { CRDS } from "../tests/e2e/support/cluster.ts";
import type { Benchmark, Figure } from "./run.ts";
import { startKco } from "./support/process.ts";
import { composeMany, manyReady, openScene, removeAll, type Scene, targetOf } from "./support/scene.ts";

const MANY = 100;
let scene: Scene | undefined;

const benchmark: Benchmark = {
  description:
    "Chart → CRD Established and → Ready, composition → Ready, 100 compositions of a five-object chart → all " +
    "Ready (--target real|embedded)",
  rounds: 3,
  warmUp: 0,
  setUp: async (args) => scene = await openScene(targetOf(args), ["cold", "warm"]),
  round: async () => {
    if (!scene) throw new Error("Cannot measure before setUp()");
    return await round(scene);
  },
};
export default benchmark;

async function round({ kubeconfig, bench, charts }: Scene): Promise<Figure[]> {
  const figures: Figure[] = [];
  const ms = (name: string, since: number) => figures.push({ name, value: performance.now() - since, unit: "ms" });
  const define = (name: string) => bench.define(name, { url: charts.repository, repo: name, version: "1.0.0" });

  await define("cold");
  let since = performance.now();
  await using kco = startKco(["run", "--port", "0", "--log-level", "error", "--kubeconfig", kubeconfig]);
  const cold = await bench.defined("cold");
  ms("cold: process start to definition Ready", since);

  since = performance.now();
  await define("warm");
  const established = bench.until<KubeObject>(CRDS, `${pluralize("warm")}.${cold.group}`, isEstablished)
    .then(() => ms("warm: definition to CRD Established", since));
  const resource = await bench.defined("warm");
  ms("warm: definition to Ready", since);
  await established;

  for (const [which, replicas] of [["first", 0], ["second", 0], ["third", 1]] as const) {
    const name = `${which} composition, ${replicas} replicas`;
    since = performance.now();
    await bench.compose(resource, which, { replicas });
    ms(`${name}: POST`, since);
    await bench.ready(resource, which);
    ms(`${name}: POST to Ready`, since);
  }
  await removeAll(bench, resource);
  for (const replicas of [0, 1]) {
    const cpu = await kco.cpuSeconds();
    since = performance.now();
    const all = manyReady(bench, resource, MANY);
    await composeMany(bench, resource, "many", MANY, { replicas });
    ms(`${MANY} POSTs, ${replicas} replicas`, since);
    await all;
    ms(`${MANY} compositions to all Ready, ${replicas} replicas`, since);
    const name = `CPU of kco for ${MANY} compositions, ${replicas} replicas`;
    figures.push({ name, value: await kco.cpuSeconds() - cpu, unit: "s" });
    await removeAll(bench, resource);
  }
  for (const name of ["cold", "warm"]) await bench.client.delete(DEFINITIONS, name, bench.namespace);
  for (const { plural, group } of [cold, resource] satisfies ApiResource[]) {
    await bench.gone(CRDS, `${plural}.${group}`);
  }
  for (const name of ["cold", "warm"]) await bench.gone(DEFINITIONS, name);
  return figures;
}

function isEstablished(crd: KubeObject): boolean {
  return isTrue((crd["status"] as { conditions?: Condition[] } | undefined)?.conditions, "Established");
}
