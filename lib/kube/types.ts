/**
 * Kubernetes objects as raw JSON.
 *
 * An object is what the API server sent, never rebuilt from a class, so unknown fields and odd quantities survive.
 */

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** One entry of `metadata.ownerReferences`. */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** One entry of `metadata.managedFields`. */
export interface ManagedFieldsEntry {
  manager?: string;
  operation?: "Apply" | "Update";
  apiVersion?: string;
  time?: string;
  fieldsType?: "FieldsV1";
  fieldsV1?: Record<string, unknown>;
  subresource?: string;
}

/** `metadata` of every object. Times are RFC 3339. */
export interface ObjectMeta {
  name: string;
  namespace?: string;
  generateName?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFieldsEntry[];
}

/** Any Kubernetes object. Narrow it with an interface that extends this one. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** What a server says when a list is asked for. */
export interface KubeList<T extends KubeObject = KubeObject> {
  apiVersion: string;
  kind: string;
  metadata: { resourceVersion?: string; continue?: string; remainingItemCount?: number };
  items: T[];
}

/** `v1 Status`: the body of every error answer. */
export interface Status {
  kind: "Status";
  apiVersion: "v1";
  metadata?: Record<string, unknown>;
  status?: "Success" | "Failure";
  message?: string;
  reason?: string;
  details?: {
    name?: string;
    group?: string;
    kind?: string;
    uid?: string;
    causes?: { reason?: string; message?: string; field?: string }[];
    retryAfterSeconds?: number;
  };
  code?: number;
}

/** `metav1.Condition`, with the field `observedGeneration` that the original lacked. */
export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason: string;
  message: string;
  /** RFC 3339; changes only when `status` does. */
  lastTransitionTime: string;
  observedGeneration?: number;
}

/** An API group and version with a kind: what a manifest names. `group` is `""` for core. */
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** An API resource: what a URL names. `group` is `""` for core. */
export interface ApiResource extends GroupVersionKind {
  /** Plural resource name, e.g. `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
}

/** The identity of an object within its resource: `namespace/name`, or `name` when cluster-scoped. */
export type ObjectKey = string;

/**
 * One step of a watch.
 *
 * `reset` starts a new generation of knowledge (first list or a relist), `applied`* follow, `synced` ends it; what was
 * known before `reset` and not applied until `synced` is gone. Afterwards `applied` and `deleted` come as they happen.
 */
export type Change<T extends KubeObject = KubeObject> =
  | { readonly type: "reset" }
  | { readonly type: "applied"; readonly object: T }
  | { readonly type: "deleted"; readonly object: T }
  | { readonly type: "synced"; readonly resourceVersion: string };
