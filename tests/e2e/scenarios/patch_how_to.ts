/** The how-to about Patches, applied as it is written. */
import { filter, firstValueFrom, timeout } from "../../../lib/deps/rxjs.ts";
import type { KubeObject } from "../../../lib/kube/mod.ts";
import { type Bench, CRDS, NAMESPACES, PATIENCE, scenario, SERVICES, withBench } from "../support/cluster.ts";
import { manifestsIn } from "../support/patches.ts";

const PAGE = "how-to/patch_dependencies.md";
const NAMESPACE = "shop";

scenario("the how-to's three dependencies come about as the page says", async () => {
  await withBench("patch-how-to", async (bench) => {
    const shop = { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } };
    await bench.client.apply<KubeObject>(NAMESPACES, shop);
    await bench.apply(WORKSPACE_CRD, undefined);
    await bench.until<KubeObject>(
      CRDS,
      WORKSPACE_CRD.metadata.name,
      ({ status }) => /"Established"/.test(JSON.stringify(status ?? {})),
    );
    const blocks = await manifestsIn(PAGE);
    for (let i = 0; i + 2 < blocks.length; i += 3) {
      const [given = [], patch = [], result = []] = blocks.slice(i, i + 3);
      for (const object of [...patch, ...given]) await applyWhole(bench, object);
      for (const object of result) await comesAbout(bench, await withRealAddress(bench, object));
    }
  });
});

/** Applies an object, and its status through the door of its own. */
async function applyWhole(bench: Bench, object: KubeObject): Promise<void> {
  const { status, ...rest } = object;
  await bench.apply(rest as KubeObject, object.metadata.namespace);
  if (status === undefined) return;
  const resource = await bench.client.discovery.resourceFor(object.apiVersion, object.kind);
  const { name, namespace } = object.metadata;
  await bench.client.patch(resource!, name, namespace, "merge", { status }, { subresource: "status" });
}

async function comesAbout({ client }: Bench, wanted: KubeObject): Promise<void> {
  const resource = await client.discovery.resourceFor(wanted.apiVersion, wanted.kind);
  await firstValueFrom(
    client.watch<KubeObject>(resource!, {
      namespace: NAMESPACE,
      fieldSelector: `metadata.name=${wanted.metadata.name}`,
    }).pipe(
      filter((change) => change.type === "applied" && shows(change.object, wanted)),
      timeout(PATIENCE),
    ),
  );
}

/** Whether an object is as the page shows it; the page leaves out what does not matter. */
function shows(live: unknown, shown: unknown): boolean {
  if (typeof shown !== "object" || shown === null) return live === shown;
  if (typeof live !== "object" || live === null) return false;
  return Object.entries(shown).every(([key, value]) => shows(Reflect.get(live, key), value));
}

/** The page shows some address; the cluster chooses its own. */
async function withRealAddress(bench: Bench, wanted: KubeObject): Promise<KubeObject> {
  if (wanted.kind !== "Ingress") return wanted;
  const { spec } = await bench.client.get<KubeObject>(SERVICES, "web", NAMESPACE);
  const { clusterIP } = spec as { clusterIP: string };
  return JSON.parse(JSON.stringify(wanted).replace("10.96.141.7", clusterIP));
}

const WORKSPACE_CRD: KubeObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "workspaces.infra.example.org" },
  spec: {
    group: "infra.example.org",
    scope: "Namespaced",
    names: { kind: "Workspace", plural: "workspaces", singular: "workspace" },
    versions: [{
      name: "v1",
      served: true,
      storage: true,
      subresources: { status: {} },
      schema: {
        openAPIV3Schema: {
          type: "object",
          properties: {
            status: {
              type: "object",
              properties: {
                phase: { type: "string" },
                outputs: { type: "object", additionalProperties: { type: "string" } },
              },
            },
          },
        },
      },
    }],
  },
};
