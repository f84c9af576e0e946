/** What the server knows about a kind, whether built in or made by a CRD; the seam between the REST layer and the schema engine. */
import type { KubeObject, ManagedFieldsEntry } from "../kube/mod.ts";
import type { StructuralSchema } from "../schema/mod.ts";

/** A column of `kubectl get`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  /** JSONPath into the object, for CRDs. */
  readonly jsonPath?: string;
  /** Computes the cell, for built-in kinds. `now` in ms since the epoch. */
  readonly cell?: (object: KubeObject, now: number) => string | number | boolean | null;
}

/** One served (or stored) version of a kind. */
export interface ResourceVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  /** Schema of the whole object; a function so that large built-in documents load only when needed. */
  readonly schema: () => StructuralSchema | undefined;
  readonly columns: readonly PrinterColumn[];
  readonly status: boolean;
  readonly scale?: {
    readonly specReplicasPath: string;
    readonly statusReplicasPath: string;
    readonly labelSelectorPath?: string;
  };
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  /** Dotted paths that field selectors may name besides `metadata.name` and `metadata.namespace`, e.g. `spec.nodeName`. */
  readonly selectableFields?: readonly string[];
  /** Turns an object of this version into one of the storage version, and back. Identity (but apiVersion) when absent. */
  readonly toStorage?: (object: KubeObject) => KubeObject;
  readonly fromStorage?: (object: KubeObject) => KubeObject;
}

/** A kind. */
export interface ResourceKind {
  readonly group: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** Most preferred first. */
  readonly versions: readonly ResourceVersion[];
  /** `crd`: pruned, defaulted and validated by its schema alone. `builtin`: also by the rules of its kind. */
  readonly origin: "builtin" | "crd";
  /**
   * The resource whose objects these are, seen through another group (`events.k8s.io` events are core events). The versions'
   * `toStorage` and `fromStorage` convert from and to the storage version of that resource. Absent: its own.
   */
  readonly storedAs?: { readonly group: string; readonly plural: string };
  /** What requests may do: `create`, `get`, …; all eight of a stored resource when absent. Reviews can only be created. */
  readonly verbs?: readonly string[];
  /** Whether the server counts `metadata.generation`; true when absent. Some built-in kinds, as ConfigMap, do not. */
  readonly generation?: boolean;
  /** Fills in what the real server fills in on create (clusterIP, nodePort, strategy, …); built-in kinds only. */
  readonly prepare?: (object: KubeObject, old: KubeObject | undefined) => void;
  /** Rules of the kind beyond its schema (immutable fields, DNS names of keys, …); built-in kinds only. */
  readonly check?: (object: KubeObject, old: KubeObject | undefined) => FieldError[];
}

/** One cause in an `Invalid` Status. Messages are Kubernetes' own: `Invalid value: "x": must be of type integer`. */
export interface FieldError {
  readonly reason:
    | "FieldValueRequired"
    | "FieldValueInvalid"
    | "FieldValueTypeInvalid"
    | "FieldValueNotSupported"
    | "FieldValueDuplicate"
    | "FieldValueNotFound"
    | "FieldValueForbidden"
    | "FieldValueTooLong"
    | "FieldValueTooMany";
  /** e.g. `spec.ports[0].port` */
  readonly field: string;
  readonly message: string;
}

/**
 * The schema engine, `lib/apiserver/schema/mod.ts`.
 *
 * All functions take plain JSON that they may change in place only where they say so.
 */
export interface SchemaEngine {
  /** Removes in place what the schema does not know, and nulls as the real server does; returns the paths removed. */
  prune(schema: StructuralSchema, object: unknown): string[];
  /** Fills defaults in place, as the real server does (not into absent parents without a default of their own). */
  applyDefaults(schema: StructuralSchema, object: unknown): void;
  /** Structural validation, value validations and CEL rules; `old` for transition rules. */
  validate(schema: StructuralSchema, object: unknown, old: unknown): FieldError[];
  /** Checks a CRD's schema as the real server does before it accepts the CRD. */
  checkStructural(schema: unknown, path: string): FieldError[];
}

/** A field that another manager owns. */
export interface ApplyConflict {
  readonly manager: string;
  readonly apiVersion: string;
  readonly subresource?: string;
  /** e.g. `.spec.replicas` */
  readonly field: string;
}

/** Field management, `lib/apiserver/apply/mod.ts`: structured merge and `managedFields`. */
export interface FieldManager {
  /** Server-side apply of `config` onto `live` (absent on create). Throws never for conflicts: it returns them. */
  apply(input: {
    readonly schema: StructuralSchema | undefined;
    readonly live: KubeObject | undefined;
    readonly config: KubeObject;
    readonly manager: string;
    readonly force: boolean;
    readonly subresource?: string;
    /** RFC 3339 */
    readonly now: string;
  }): { readonly object: KubeObject; readonly conflicts: readonly ApplyConflict[] };
  /** `managedFields` of `next` after a create, update or patch by `manager` that changed `live` into it. */
  updated(input: {
    readonly schema: StructuralSchema | undefined;
    readonly live: KubeObject | undefined;
    readonly next: KubeObject;
    readonly manager: string;
    readonly subresource?: string;
    readonly now: string;
  }): ManagedFieldsEntry[];
  /** Kubernetes' strategic merge patch, by the schema's list types and the patch strategies of built-in kinds. */
  strategicMerge(schema: StructuralSchema | undefined, live: KubeObject, patch: unknown): KubeObject;
}
