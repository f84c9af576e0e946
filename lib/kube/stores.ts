/** `shareStores`: one watch for everybody who asks for the same thing. */
import type { KubeClient, WatchOptions, WatchSelection } from "./client_types.ts";
import { apiVersionOf, resourceName } from "./path.ts";
import { reflect, type Store } from "./store.ts";
import type { ApiResource, KubeObject } from "./types.ts";

/** What of a resource is watched. Two that say the same share a store. */
export type StoreSelector = WatchSelection;

/** Stores by what they hold. */
export interface Stores {
  /** The store of a resource; live while somebody subscribes to its `changes$`, whoever that is. */
  of(resource: ApiResource, selector?: StoreSelector): Store;
}

/** Options of {@linkcode shareStores}. */
export interface ShareStoresOptions {
  /** Told about the health of each watch, by the name of its resource. */
  readonly onHealth?: (name: string) => WatchOptions<KubeObject>["onHealth"];
}

/** Stores over the watches of one client, e.g. shared by all controllers of a process. */
export function shareStores(client: KubeClient, options: ShareStoresOptions = {}): Stores {
  const stores = new Map<string, Store>();
  return {
    of(resource, selector = {}) {
      const { namespace, labelSelector, fieldSelector, metadataOnly } = selector;
      const asked = [namespace, labelSelector, fieldSelector, metadataOnly];
      const key = JSON.stringify([apiVersionOf(resource), resource.plural, ...asked.map((part) => part || null)]);
      const known = stores.get(key);
      if (known !== undefined) return known;
      const onHealth = options.onHealth?.(resourceName(resource));
      const store = reflect(client.watch(resource, { ...selector, ...(onHealth && { onHealth }) }));
      stores.set(key, store);
      return store;
    },
  };
}
