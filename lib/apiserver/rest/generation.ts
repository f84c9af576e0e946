/** `metadata.generation`: which kinds count, and what counts. */
import type { KubeObject } from "../../kube/mod.ts";
import { equalJson } from "../json_value.ts";
import type { ServedKind } from "../registry.ts";
import type { ResourceVersion } from "../resource.ts";

/** Whether objects of the kind have a generation. */
export function hasGeneration({ definition }: ServedKind): boolean {
  return definition.generation !== false;
}

/** The generation after an update: one more when the wish changed, not when metadata or status did. */
export function nextGeneration(
  served: ServedKind,
  version: ResourceVersion,
  next: KubeObject,
  live: KubeObject,
): number | undefined {
  const { generation } = live.metadata;
  if (!hasGeneration(served)) return generation;
  return (generation ?? 1) + (equalJson(wish(next, version), wish(live, version)) ? 0 : 1);
}

function wish(object: KubeObject, version: ResourceVersion): unknown {
  const { metadata: _, ...rest } = object;
  if (!version.status) return rest;
  const { status: __, ...wanted } = rest;
  return wanted;
}
