/** What a watch on some objects has to say. */
import type { ApiResource, KubeError, KubeObject } from "../../../lib/kube/mod.ts";

/** Objects that are looked at. */
export interface Query {
  readonly apiVersion: string;
  readonly kind: string;
  /** Ignored where the kind is cluster-scoped. */
  readonly namespace: string;
  readonly which: { readonly name: string } | { readonly labels: string };
  /** Who looks; `undefined`: the client's own user. */
  readonly user: string | undefined;
}

/**
 * What is seen: the objects that there are now; that the server does not serve their kind; or that it does not let them be
 * watched.
 */
export type Sight =
  | { readonly type: "seen"; readonly resource: ApiResource; readonly objects: readonly KubeObject[] }
  | { readonly type: "unserved" }
  | { readonly type: "refused"; readonly error: KubeError };

/** Whether two sights show the same. */
export function sameSight(a: Sight, b: Sight): boolean {
  if (a.type !== "seen" || b.type !== "seen") {
    return a.type === b.type && (a.type !== "refused" || b.type !== "refused" || a.error.message === b.error.message);
  }
  return a.resource === b.resource && a.objects.length === b.objects.length &&
    a.objects.every((object, i) => isSame(object, b.objects[i]));
}

function isSame(object: KubeObject, other: KubeObject | undefined): boolean {
  return object === other ||
    (object.metadata.uid === other?.metadata.uid &&
      object.metadata.resourceVersion === other?.metadata.resourceVersion);
}
