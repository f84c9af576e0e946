/** `CompositionDefinition` of `core.krateo.io/v1alpha1`: the original's fields, and a status that tells more. */
import type { ApiResource, Condition, KubeObject } from "../../lib/kube/mod.ts";
import type { ChartSpec } from "../../lib/release/mod.ts";
import type { SchemaNote } from "../../lib/schema/mod.ts";

/** A chart that is to become a kind. */
export interface CompositionDefinition extends KubeObject {
  spec?: { chart?: ChartSpec };
  status?: DefinitionStatus;
}

/** `status` of a definition. */
export interface DefinitionStatus {
  conditions?: Condition[];
  observedGeneration?: number;
  /** Generated kind. */
  kind?: string;
  /** Plural of the generated kind. */
  resource?: string;
  /** e.g. `composition.krateo.io/v1-1-10` */
  apiVersion?: string;
  /** Where the chart's archive really came from. */
  packageUrl?: string;
  /** `sha256:<hex>` of the chart's archive. */
  digest?: string;
  managed?: ManagedKind;
  /** What became of values.schema.json. */
  schema?: SchemaReport;
  [field: string]: unknown;
}

/** The kind of a definition with all the versions that it stands for. */
export interface ManagedKind {
  group?: string;
  kind?: string;
  versionInfo?: VersionInfo[];
}

/** A version of a generated kind. */
export interface VersionInfo {
  version: string;
  served?: boolean;
  stored?: boolean;
  chart?: ChartSpec;
}

/** What the API server does not enforce as the chart's author wrote it. */
export interface SchemaReport {
  origin: "schema" | "inferred";
  dropped?: SchemaNote[];
  relaxed?: SchemaNote[];
  shifted?: SchemaNote[];
}

/** Finalizer that holds a definition until its compositions are gone. */
export const DEFINITION_FINALIZER = "finalizer.managedresource.krateo.io";

/** The definition's resource. */
export const DEFINITIONS: ApiResource = {
  group: "core.krateo.io",
  version: "v1alpha1",
  kind: "CompositionDefinition",
  plural: "compositiondefinitions",
  namespaced: true,
};

/** The resource of CRDs. */
export const CRDS: ApiResource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};
