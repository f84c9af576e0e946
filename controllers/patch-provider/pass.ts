/** One Patch during one pass, and what a pass works with. */
import type { ApiResource, KubeObject, Store } from "../../lib/kube/mod.ts";
import type { Report } from "../../lib/provider-runtime/mod.ts";
import type { FieldPath, Json } from "../../lib/transform/mod.ts";
import type { Patch } from "./api.ts";
import type { Joins } from "./join.ts";
import type { Links } from "./links.ts";
import type { Memory } from "./memory.ts";
import type { Plan } from "./plan.ts";
import type { ObjectWatches } from "./watches/mod.ts";

/** The two kinds of Patch as one collection: their keys cannot meet. */
export interface Patches {
  /** Whether all Patches are known: before that nobody can tell who is older, or in a circle. */
  readonly ready: boolean;
  get(key: string): Patch | undefined;
  keys(): Iterable<string>;
  resourceOf(patch: Patch): ApiResource;
}

/** What the reconciler works with. */
export interface ReconcilerParts {
  readonly patches: Patches;
  readonly watches: ObjectWatches;
  readonly joins: Joins;
  readonly links: Links;
  readonly report: Report<Patch>;
  /** Has other Patches looked at again. */
  readonly nudge: (keys: readonly string[]) => void;
}

/** One target object, and what is to stand in it. */
export interface TargetState {
  readonly resource: ApiResource;
  readonly object: KubeObject;
  readonly placed: readonly { readonly path: FieldPath; readonly value: Json }[];
  /** Whether it holds the value. */
  readonly current: boolean;
}

/** What a pass found out. */
export interface Wish {
  readonly targets: readonly TargetState[];
  /** Identifies the value and where it goes. */
  readonly hash: string;
  readonly sources: Memory["sources"];
}

/** One Patch during one pass. */
export interface Pass {
  patch: Patch;
  readonly key: string;
  readonly memory: Memory;
  readonly plan: Plan | undefined;
  wish?: Wish | undefined;
}

/** Two stores read as one. */
export function bothKinds(
  cluster: { readonly store: Store<Patch>; readonly resource: ApiResource },
  namespaced: { readonly store: Store<Patch>; readonly resource: ApiResource },
): Patches {
  return {
    get ready() {
      return cluster.store.ready && namespaced.store.ready;
    },
    get: (key) => (key.includes("/") ? namespaced : cluster).store.get(key),
    *keys() {
      yield* cluster.store.keys();
      yield* namespaced.store.keys();
    },
    resourceOf: ({ metadata }) => metadata.namespace === undefined ? cluster.resource : namespaced.resource,
  };
}
