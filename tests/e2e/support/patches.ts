/** What scenarios do with Patches. */
import { NAMESPACED_PATCHES, type Patch, PATCHES, type PatchSpec } from "../../../controllers/patch-provider/mod.ts";
import type { ApiResource, KubeObject } from "../../../lib/kube/mod.ts";
import { parseYamlDocuments } from "../../../lib/yaml/mod.ts";
import { type Bench, CONFIG_MAPS, ready } from "./cluster.ts";

/** A reference to a ConfigMap of the bench. */
export function configMap(bench: Bench, name: string) {
  return { apiVersion: "v1", kind: "ConfigMap", name, namespace: bench.namespace };
}

/** A source: a field of a ConfigMap of the bench. */
export function from(bench: Bench, fieldPath: string, name = "foo") {
  return { objectReference: configMap(bench, name), fieldPath };
}

/** A Deployment to be created plainly: the fields of an applier would be a conflict. */
export function deployment(name: string, { namespace }: Bench): KubeObject {
  const labels = { app: name };
  const containers = [{
    name: "web",
    image: "nginx",
    env: [{ name: "A", value: "1" }, { name: "URL", value: "none" }],
  }];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  };
}

/** Creates a ConfigMap as `kubectl create` does: plainly. */
export async function createConfig(
  bench: Bench,
  name: string,
  data: Record<string, string>,
  labels = {},
): Promise<void> {
  const metadata = { name, namespace: bench.namespace, labels };
  await bench.client.create<KubeObject>(CONFIG_MAPS, { apiVersion: "v1", kind: "ConfigMap", metadata, data }, {
    fieldManager: "kubectl-create",
  });
}

/** Edits a ConfigMap's data as `kubectl edit` does; `null` removes a key. */
export async function editConfig(bench: Bench, name: string, data: Record<string, string | null>): Promise<void> {
  await bench.client.patch(CONFIG_MAPS, name, bench.namespace, "merge", { data }, { fieldManager: "kubectl-edit" });
}

/** Applies a Patch; its name is the bench's namespace and its own, since Patches are cluster-scoped. */
export async function applyPatch(bench: Bench, name: string, spec: PatchSpec): Promise<Patch> {
  const metadata = { name: patchName(bench, name) };
  return await bench.apply<Patch>({ apiVersion: "krateo.io/v1alpha1", kind: "Patch", metadata, spec });
}

/** The name that a Patch has on the cluster. */
export function patchName(bench: Bench, name: string): string {
  return `${bench.namespace}-${name}`;
}

/** Waits until a Patch gives a reason about its present spec. */
export async function says(bench: Bench, name: string, reason: string, message: RegExp = /(?:)/): Promise<Patch> {
  return await saysAs(bench, PATCHES, patchName(bench, name), reason, message);
}

/** The same of a NamespacedPatch. */
export async function namespacedSays(bench: Bench, name: string, reason: string, message?: RegExp): Promise<Patch> {
  return await saysAs(bench, NAMESPACED_PATCHES, name, reason, message);
}

async function saysAs(bench: Bench, resource: ApiResource, name: string, reason: string, message: RegExp = /(?:)/) {
  return await bench.until<Patch>(resource, name, (patch) => {
    const condition = ready(patch);
    return condition?.reason === reason && condition.observedGeneration === patch.metadata.generation &&
      message.test(condition.message);
  });
}

/** Waits until a ConfigMap's data is just this. */
export async function dataIs(bench: Bench, name: string, data: Record<string, string>): Promise<KubeObject> {
  const text = (value: unknown) => JSON.stringify(Object.entries(value ?? {}).sort());
  return await bench.until<KubeObject>(CONFIG_MAPS, name, (object) => text(object["data"]) === text(data));
}

/** Deletes a Patch and waits until it is gone. */
export async function deletePatch(bench: Bench, name: string): Promise<void> {
  await bench.client.delete(PATCHES, patchName(bench, name));
  await bench.gone(PATCHES, patchName(bench, name));
}

/** The objects in a page's fenced YAML, block after block. */
export async function manifestsIn(page: string): Promise<KubeObject[][]> {
  const text = await Deno.readTextFile(new URL(`../../../docs/${page}`, import.meta.url));
  return [...text.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, block = ""]) =>
    parseYamlDocuments(block).filter((document) => document !== null) as KubeObject[]
  );
}
