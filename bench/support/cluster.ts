/** A real control plane with many objects in it. */
import { connect, type KubeClient, type KubeObject } from "../../lib/kube/mod.ts";
import { startTarget } from "../../tests/e2e/support/target.ts";
import { startPeer } from "./peers.ts";
import type { Program } from "./program.ts";

/** A cluster for the length of a benchmark. */
export interface Cluster extends AsyncDisposable {
  readonly kubeconfig: string;
  readonly client: KubeClient;
}

/** Starts a real control plane. */
export async function openCluster(): Promise<Cluster> {
  await using stack = new AsyncDisposableStack();
  const { kubeconfig } = stack.use(await startTarget("real"));
  const client = stack.adopt(await connect({ kubeconfig }), (client) => client.close());
  const all = stack.move();
  return { kubeconfig, client, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Makes a namespace. */
export async function createNamespace({ client }: Cluster, name: string): Promise<void> {
  const resource = { group: "", version: "v1", kind: "Namespace", plural: "namespaces", namespaced: false };
  await client.create(resource, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
}

/**
 * A program that creates objects `object-000000`, `object-000001` … in the collection at `path` once it is told to, and then prints
 * a line with the field `created`.
 */
export async function startFilling(
  { kubeconfig }: Cluster,
  path: string,
  object: KubeObject,
  count: number,
): Promise<Program> {
  const fill = await startPeer("fill", [
    ...["-kubeconfig", kubeconfig],
    ...["-path", path],
    ...["-object", JSON.stringify({ ...object, metadata: { ...object.metadata, name: "NAME" } })],
    ...["-count", String(count)],
  ]);
  await fill.line("connected");
  return fill;
}

/** A namespace with so many ConfigMaps of about 1.25 kB as JSON, `managedFields` included. */
export async function fillWithConfigMaps(cluster: Cluster, namespace: string, count: number): Promise<void> {
  await createNamespace(cluster, namespace);
  const object: KubeObject = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: "",
      labels: { "app.kubernetes.io/name": "web", "app.kubernetes.io/managed-by": "Helm" },
      annotations: { "meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": namespace },
    },
    data: { mode: "fast", replicas: "3", text: "setting = value; ".repeat(15) },
  };
  await using fill = await startFilling(cluster, `/api/v1/namespaces/${namespace}/configmaps`, object, count);
  await fill.tell("go");
  await fill.line("created");
}
