/** What must hold before something is done that cannot be taken back. */
import { type ApiResource, type KubeClient, KubeError } from "../kube/mod.ts";
import { equalJson } from "./json.ts";
import type { Conditioned } from "./report.ts";

interface Place {
  readonly client: KubeClient;
  readonly resource: ApiResource;
}

/**
 * What is done to the external system is fenced as writes to the API server are.
 *
 * @throws {KubeError} `NotLeading`.
 */
export function mustLead({ client }: Place, object: Conditioned): void {
  if (client.transport.mayWrite !== false) return;
  throw new KubeError(`Cannot act for ${nameOf(object)}: this process does not lead`, { reason: "NotLeading" });
}

/**
 * A store may lag behind, most of all that of a leader that has just begun: its object must still be what was decided on.
 *
 * @throws {KubeError} `Conflict`, `NotLeading`, or what reading the object came to.
 */
export async function mustBeCurrent<T extends Conditioned>(
  place: Place,
  object: T,
  signal: AbortSignal,
): Promise<void> {
  const { name, namespace } = object.metadata;
  const live = await place.client.find<T>(place.resource, name, namespace, { signal });
  mustLead(place, object);
  if (live !== undefined && equalJson(wishOf(live), wishOf(object))) return;
  throw new KubeError(`Cannot act for ${nameOf(object)}: it has changed since it was read`, {
    reason: "Conflict",
    code: 409,
  });
}

/** What of an object decides about actions. */
function wishOf({ metadata: { uid, generation, deletionTimestamp, annotations } }: Conditioned): unknown {
  return { uid, generation, deletionTimestamp, annotations: annotations ?? {} };
}

function nameOf({ kind, metadata }: Conditioned): string {
  return `${kind} "${metadata.name}"${metadata.namespace ? ` in namespace "${metadata.namespace}"` : ""}`;
}
