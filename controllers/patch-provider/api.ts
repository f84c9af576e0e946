/** `Patch` and `NamespacedPatch` of `krateo.io/v1alpha1`: the original's fields, and those that make a join of it. */
import type { ApiResource, Condition, KubeObject } from "../../lib/kube/mod.ts";
import type { Json, MergeOptions } from "../../lib/transform/mod.ts";

/** Values of other objects that are to stand in a field of some object. */
export interface Patch extends KubeObject {
  spec?: PatchSpec;
  status?: PatchStatus;
}

/** `spec` of a Patch. */
export interface PatchSpec {
  /** Where the value comes from: one source, or several that are joined under their names. */
  from?: SourceSpec | SourceSpec[];
  /** Where it goes. */
  to?: TargetSpec;
  /** A CEL expression over `value`, `sources` and `target`; nothing is written while it is false. */
  when?: string;
  mergeOptions?: MergeOptions;
  /** What becomes of the written field when the Patch is deleted. Default `Delete`. */
  deletionPolicy?: DeletionPolicy;
  /** What becomes of the written field when the source value goes. Default `Keep`. */
  removalPolicy?: "Keep" | "Remove";
  /** ServiceAccount in whose name everything is read and written. */
  serviceAccountName?: string;
  /** Its namespace, of a cluster-scoped Patch. Default `default`. */
  serviceAccountNamespace?: string;
}

/** `Delete` and `Orphan` are the original's words for `Release` and `Keep`. */
export type DeletionPolicy = "Delete" | "Orphan" | "Release" | "Revert" | "Keep";

/** An object by name. */
export interface ReferenceSpec {
  /** Default `v1`. */
  apiVersion?: string;
  kind?: string;
  name?: string;
  /** Default `default`; ignored for cluster-scoped kinds. A NamespacedPatch has its own. */
  namespace?: string;
}

/** One source. */
export interface SourceSpec {
  /** The name of its value among several. */
  as?: string;
  objectReference?: ReferenceSpec;
  fieldPath?: string;
  /** `base64`: the value, or each value of an object, is decoded first: for `data` of Secrets. */
  decode?: "base64";
}

/** The target. */
export interface TargetSpec {
  objectReference?: ReferenceSpec;
  /** All objects of the reference's kind and namespace with these labels, in place of a name. */
  selector?: LabelSelectorSpec;
  /** Default: the path of the source. */
  fieldPath?: string;
  transform?: string;
  transforms?: string[];
  /** `base64`: the result, or each value of an object, is encoded: for `data` of Secrets. */
  encode?: "base64";
  /** Whose fields may be taken. Default `TakeEdits`: those of plain writes, not those of other appliers. */
  onConflict?: ConflictPolicy;
}

/** Whose fields a Patch may take. */
export type ConflictPolicy = "TakeEdits" | "Force" | "Fail";

/** `metav1.LabelSelector`. */
export interface LabelSelectorSpec {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: "In" | "NotIn" | "Exists" | "DoesNotExist"; values?: string[] }[];
}

/** `status` of a Patch. Never holds a value of a Secret. */
export interface PatchStatus {
  conditions?: Condition[];
  observedGeneration?: number;
  /** The sources in words: `ConfigMap default/foo data`. */
  from?: string;
  /** The target in words. */
  to?: string;
  /** Identifies what was written; keyed by the uid of the source where that is a Secret. */
  lastAppliedHash?: string;
  /** The sources as they were when the value was last written. */
  sources?: SeenSource[];
  /** Where the value stands. */
  targets?: SeenTarget[];
  [field: string]: unknown;
}

/** A source in `status.sources`. */
export interface SeenSource {
  as?: string;
  resourceVersion: string;
}

/** A target in `status.targets`. */
export interface SeenTarget {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  uid: string;
  resourceVersion: string;
  /** What stood there before, kept for the policy `Revert` alone. */
  original?: OriginalValue[];
}

/** What stood at a place before a Patch wrote there; without a value: nothing. */
export interface OriginalValue {
  path: string;
  value?: Json;
}

/** The cluster-scoped kind. */
export const PATCHES: ApiResource = {
  group: "krateo.io",
  version: "v1alpha1",
  kind: "Patch",
  plural: "patches",
  namespaced: false,
};

/** The kind for tenants: it touches nothing outside its own namespace. */
export const NAMESPACED_PATCHES: ApiResource = {
  group: "krateo.io",
  version: "v1alpha1",
  kind: "NamespacedPatch",
  plural: "namespacedpatches",
  namespaced: true,
};

/** Finalizer that holds a Patch until its field is released, reverted or kept. */
export const PATCH_FINALIZER = "finalizer.managedresource.krateo.io";

/** The resource of CRDs. */
export const CRDS: ApiResource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};
