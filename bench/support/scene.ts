/** What a benchmark on a cluster needs: the cluster, the product's CRDs, a chart server, and a namespace to work in. */
import { parseArgs } from "node:util";
import type { ChartServer } from "../../cli/charts/mod.ts";
import type { Composition } from "../../controllers/composition-dynamic-controller/mod.ts";
import { filter, firstValueFrom, scan, timeout } from "../../lib/deps/rxjs.ts";
import type { ApiResource } from "../../lib/kube/mod.ts";
import { serve } from "../../tests/e2e/support/charts.ts";
import { Bench, ready } from "../../tests/e2e/support/cluster.ts";
import { applyAll, deployManifests } from "../../tests/e2e/support/manifests.ts";
import { startTarget } from "../../tests/e2e/support/target.ts";
import { fiveObjects } from "./charts.ts";

/** ms that anything may take before a benchmark gives up. */
const PATIENCE = 180_000;
/** Requests under way at once when many objects are made. */
const CONCURRENCY = 10;

/** A cluster that is set up. */
export interface Scene extends AsyncDisposable {
  readonly kubeconfig: string;
  readonly bench: Bench;
  readonly charts: ChartServer;
}

/** `--target embedded|real` of a benchmark's arguments; the real control plane by default. */
export function targetOf(args: readonly string[]): string {
  const options = { target: { type: "string", default: "real" } } as const;
  return parseArgs({ args: [...args], options, strict: false }).values.target as string;
}

/** Starts a cluster, installs the product but its Deployment, and serves five-object charts of the names given. */
export async function openScene(target: string, charts: readonly string[]): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const { kubeconfig } = stack.use(await startTarget(target));
  const bench = await Bench.open("bench", kubeconfig);
  stack.defer(() => bench.close());
  await applyAll(bench.client, (await deployManifests()).filter(({ kind }) => kind !== "Deployment"));
  const server = await serve(charts.map(fiveObjects));
  stack.defer(() => server.close());
  const all = stack.move();
  return { kubeconfig, bench, charts: server, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Creates compositions `PREFIX-0`, `PREFIX-1`, … and resolves when the last POST is answered. */
export async function composeMany(
  bench: Bench,
  resource: ApiResource,
  prefix: string,
  count: number,
  spec: Record<string, unknown>,
): Promise<void> {
  const indexes = Array.from({ length: count }, (_, index) => index)[Symbol.iterator]();
  await Promise.all(Array.from({ length: CONCURRENCY }, async () => {
    for (const index of indexes) await bench.compose(resource, `${prefix}-${index}`, spec);
  }));
}

/** Resolves once so many compositions are ready. */
export async function manyReady(bench: Bench, resource: ApiResource, count: number): Promise<void> {
  const names$ = bench.client.watch<Composition>(resource, { namespace: bench.namespace }).pipe(
    scan((names, change) => {
      if (change.type !== "applied") return names;
      const { name } = change.object.metadata;
      return ready(change.object)?.status === "True" ? names.add(name) : names;
    }, new Set<string>()),
    filter((names) => names.size >= count),
    timeout(PATIENCE),
  );
  await firstValueFrom(names$);
}

/** Deletes all compositions of a kind and resolves when none is left. */
export async function removeAll(bench: Bench, resource: ApiResource): Promise<void> {
  const { items } = await bench.client.list(resource, { namespace: bench.namespace });
  const names = items.map(({ metadata }) => metadata.name);
  await Promise.all(names.map((name) => bench.client.delete(resource, name, bench.namespace)));
  for (const name of names) await bench.gone(resource, name);
}
