/** What a bare control plane lacks of a cluster. */
import { call, type Server } from "./api_server.ts";
import { ControlPlaneError, waitFor } from "./programs.ts";

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** What every cluster has and a bare control plane lacks: nodes, and a default storage class. */
export async function prepareCluster(server: Server, nodes: number): Promise<void> {
  await apply(server, "/apis/storage.k8s.io/v1/storageclasses", {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "simulated", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "simulate.krateo.io/volume",
  });
  for (let index = 0; index < nodes; index++) {
    const name = nodeName(index);
    const labels = { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" };
    await apply(server, "/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata: { name, labels } });
  }
}

const nodeName = (index: number) => `simulated-${index}`;

/** Pods can run: the nodes lost their not-ready taint, and the default ServiceAccount, without which no pod is admitted, is there. */
export async function clusterReady(server: Server, nodes: number): Promise<void> {
  await waitFor("The default ServiceAccount", async () => {
    const answer = await call(server, "GET", "/api/v1/namespaces/default/serviceaccounts/default");
    await answer.body?.cancel();
    return answer.ok;
  });
  for (let index = 0; index < nodes; index++) {
    await waitFor(`Node "${nodeName(index)}"`, async () => {
      const answer = await call(server, "GET", `/api/v1/nodes/${nodeName(index)}`);
      return isSchedulable(await answer.json());
    });
  }
}

function isSchedulable(
  node: { spec?: { taints?: unknown[] }; status?: { conditions?: { type: string; status: string }[] } },
) {
  const ready = node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
  return ready && (node.spec?.taints ?? []).length === 0;
}

async function apply(server: Server, collection: string, object: Manifest): Promise<void> {
  const path = `${collection}/${object.metadata.name}?fieldManager=control-plane`;
  const answer = await call(server, "PATCH", path, JSON.stringify(object));
  const body = await answer.text();
  if (answer.ok) return;
  throw new ControlPlaneError(
    "Refused",
    `Cannot set up ${collection}/${object.metadata.name}: ${answer.status} ${body}`,
  );
}
