/** The compositions of a definition, for its deletion. */
import { isKubeError, type KubeClient, type KubeObject } from "../../lib/kube/mod.ts";
import { LABEL } from "../composition-dynamic-controller/mod.ts";
import type { CompositionDefinition } from "./api.ts";

/** A composition and the version it is to be read and written at. */
export interface FoundComposition {
  readonly version: string;
  readonly object: KubeObject;
}

/**
 * What a definition has to take along: its own compositions, and where it is the only one of its kind also those that
 * belong to nobody. Each is read at its own version.
 */
export async function compositionsOf(
  client: KubeClient,
  definition: CompositionDefinition,
  shared: boolean,
): Promise<FoundComposition[]> {
  const { kind, resource: plural, managed } = definition.status ?? {};
  if (!kind || !plural || !managed?.group) return [];
  const { group } = managed;
  const { name, namespace } = definition.metadata;
  const own = `,${LABEL.definitionName}=${name},${LABEL.definitionNamespace}=${namespace}`;
  const found: FoundComposition[] = [];
  for (const { version } of managed.versionInfo ?? []) {
    const resource = { group, version, kind, plural, namespaced: true };
    const labelSelector = `${LABEL.version}=${version}${shared ? own : ""}`;
    try {
      const list = await client.list<KubeObject>(resource, { labelSelector });
      found.push(...list.items.map((object) => ({ version, object })));
    } catch (error) {
      // The CRD is gone, and its objects with it.
      if (!isKubeError(error, "NotFound")) throw error;
    }
  }
  return found;
}

/** Asks the API server to delete them; their finalizers see to their releases. */
export async function deleteCompositions(
  client: KubeClient,
  definition: CompositionDefinition,
  compositions: readonly FoundComposition[],
): Promise<void> {
  const { kind, resource: plural, managed } = definition.status ?? {};
  if (!kind || !plural || !managed?.group) return;
  for (const { version, object } of compositions) {
    if (object.metadata.deletionTimestamp) continue;
    const resource = { group: managed.group, version, kind, plural, namespaced: true };
    await client.delete(resource, object.metadata.name, object.metadata.namespace);
  }
}
