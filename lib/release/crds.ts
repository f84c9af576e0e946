/** The CRDs that a chart brings along in `crds/`: installed before anything else, never changed, never deleted. */
import { filter } from "../deps/rxjs.ts";
import type { ManifestDocument } from "../helm/mod.ts";
import type { KubeClient, KubeObject } from "../kube/mod.ts";
import { applyObject, type ApplySettings } from "./apply.ts";
import { health } from "./health.ts";
import { type ReleaseObject, resolveObjects } from "./objects.ts";
import { settled, watchOne } from "./wait.ts";

/** ms that the API server may take to establish a CRD, as in Helm. */
const ESTABLISHED_WITHIN = 60_000;

/**
 * Creates the CRDs that are not there yet and waits until they are served. One that exists is left as it is: other
 * releases may rely on it, and a chart's `crds/` are for the first install only.
 *
 * @returns Names of those created.
 */
export async function installCrds(
  client: KubeClient,
  crds: readonly ManifestDocument[],
  settings: ApplySettings,
): Promise<string[]> {
  if (crds.length === 0) return [];
  const documents = crds.map(({ object }) => object);
  const { objects } = await resolveObjects(client.discovery, documents, settings.releaseNamespace);
  const created: ReleaseObject[] = [];
  for (const target of objects) {
    if (await client.find(target.resource, target.name, target.namespace)) continue;
    await applyObject(client, target, settings);
    created.push(target);
  }
  const wait = { timeout: ESTABLISHED_WITHIN, ...(settings.signal ? { signal: settings.signal } : {}) };
  for (const target of created) {
    const established$ = watchOne(client, target).pipe(filter((live) => live !== undefined && isEstablished(live)));
    await settled(established$, wait, `CRD "${target.name}" is not established`);
  }
  if (created.length > 0) client.discovery.invalidate();
  return created.map(({ name }) => name);
}

function isEstablished(live: KubeObject): boolean {
  return health(live).status === "Current";
}
