/** The manifests of `deploy/` and its folders, as `kubectl apply -k deploy` would apply them. */
import { fileURLToPath } from "node:url";
import type { KubeClient, KubeObject } from "../../../lib/kube/mod.ts";
import { parseYaml, parseYamlDocuments } from "../../../lib/yaml/mod.ts";

const DEPLOY = new URL("../../../deploy/", import.meta.url);

/**
 * All objects of a folder, in the order in which its kustomization names them.
 *
 * @param path From `deploy/`, with a `/` at its end.
 */
export async function deployManifests(path = "./"): Promise<KubeObject[]> {
  const folder = new URL(path, DEPLOY);
  const kustomization = await Deno.readTextFile(new URL("kustomization.yaml", folder));
  const { resources } = parseYaml(kustomization) as { resources: string[] };
  const objects: KubeObject[] = [];
  for (const file of resources) {
    const documents = parseYamlDocuments(await Deno.readTextFile(new URL(file, folder)));
    objects.push(...documents.filter((document) => document !== null) as KubeObject[]);
  }
  return objects;
}

/**
 * `kubectl apply --server-side -k deploy`, as a user does it; false where this machine has no kubectl.
 *
 * @param cache Folder for what kubectl discovers.
 */
export async function kubectlApply(kubeconfig: string, cache: string): Promise<boolean> {
  const args = ["apply", "--server-side", "-k", fileURLToPath(DEPLOY), "--cache-dir", cache];
  const env = { KUBECONFIG: kubeconfig };
  try {
    const kubectl = new Deno.Command("kubectl", { args, env, stdin: "null", stdout: "null", stderr: "piped" });
    const { success, stderr } = await kubectl.output();
    if (!success) throw new Error(`kubectl cannot apply deploy/: ${new TextDecoder().decode(stderr)}`);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Applies objects of any served kind as an administrator does; a field that the server does not know is an error. */
export async function applyAll(client: KubeClient, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) {
    const resource = await client.discovery.resourceFor(object.apiVersion, object.kind);
    if (!resource) throw new Error(`The server serves no ${object.apiVersion} ${object.kind}`);
    await client.apply(resource, object, { fieldManager: "admin" });
  }
}
