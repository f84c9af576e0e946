/** Finalizers, added and removed by patches that cannot overwrite anybody else's. */
import { type ApiResource, isKubeError, type KubeClient, type KubeObject } from "../kube/mod.ts";

/** Tries against a busy object before the conflict goes to the caller. */
const TRIES = 5;

/** Whether an object has a finalizer. */
export function hasFinalizer(object: KubeObject, finalizer: string): boolean {
  return object.metadata.finalizers?.includes(finalizer) ?? false;
}

/** Adds a finalizer unless it is there; resolves to the object as it is then. */
export async function addFinalizer<T extends KubeObject>(
  client: KubeClient,
  resource: ApiResource,
  object: T,
  finalizer: string,
): Promise<T> {
  return await change(client, resource, object, (finalizers) => {
    return finalizers.includes(finalizer) ? undefined : [...finalizers, finalizer];
  }) ?? object;
}

/** Removes a finalizer; resolves to the object as it is then, `undefined` once it is gone. */
export async function removeFinalizer<T extends KubeObject>(
  client: KubeClient,
  resource: ApiResource,
  object: T,
  finalizer: string,
): Promise<T | undefined> {
  try {
    return await change(client, resource, object, (finalizers) => {
      return finalizers.includes(finalizer) ? finalizers.filter((name) => name !== finalizer) : undefined;
    });
  } catch (error) {
    if (isKubeError(error, "NotFound")) return undefined;
    throw error;
  }
}

/** A merge patch replaces the whole list, so it carries the version that the list was read at. */
async function change<T extends KubeObject>(
  client: KubeClient,
  resource: ApiResource,
  object: T,
  edit: (finalizers: readonly string[]) => string[] | undefined,
): Promise<T> {
  const { name, namespace, uid } = object.metadata;
  for (let current = object, tries = 1;; tries++) {
    const finalizers = edit(current.metadata.finalizers ?? []);
    if (finalizers === undefined) return current;
    const metadata = { uid, resourceVersion: current.metadata.resourceVersion, finalizers };
    try {
      return await client.patch<T>(resource, name, namespace, "merge", { metadata });
    } catch (error) {
      if (!isKubeError(error, "Conflict") || tries >= TRIES) throw error;
      current = await client.get<T>(resource, name, namespace);
      // Another object of the same name is none of our business.
      if (current.metadata.uid !== uid) throw error;
    }
  }
}
