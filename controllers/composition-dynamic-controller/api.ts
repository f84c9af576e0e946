/** The object that a user writes, and every name by which the outside knows this controller. */
import type { ApiResource, Condition, KubeObject } from "../../lib/kube/mod.ts";
import type { ChartSpec, LoadedChart } from "../../lib/release/mod.ts";

/** An object of a generated kind: a wish for a Helm release. */
export interface Composition extends KubeObject {
  spec?: Record<string, unknown>;
  status?: CompositionStatus;
}

/** `status` of a composition. */
export interface CompositionStatus {
  conditions?: Condition[];
  observedGeneration?: number;
  /** `spec.chart.url` of the definition. */
  helmChartUrl?: string;
  helmChartVersion?: string;
  /** FNV-1 of the deployed manifest, hexadecimal. */
  digest?: string;
  /** The digest before the last change. */
  previousDigest?: string;
  releaseName?: string;
  /** Helm revision that is deployed. */
  revision?: number;
  managed?: ManagedObject[];
  [field: string]: unknown;
}

/** One child in `status.managed`. */
export interface ManagedObject {
  apiVersion: string;
  /** Plural. */
  resource: string;
  name: string;
  /** Empty for cluster-scoped objects. */
  namespace: string;
  /** The API path, e.g. `/apis/apps/v1/namespaces/demo/deployments/web`. */
  path: string;
}

/** Finalizer that holds a composition until its release is gone. */
export const FINALIZER = "composition.krateo.io/finalizer";

/** Labels of a composition. */
export const LABEL = {
  version: "krateo.io/composition-version",
  releaseName: "krateo.io/release-name",
  definitionName: "krateo.io/composition-definition-name",
  definitionNamespace: "krateo.io/composition-definition-namespace",
  definitionGroup: "krateo.io/composition-definition-group",
  definitionVersion: "krateo.io/composition-definition-version",
  definitionResource: "krateo.io/composition-definition-resource",
} as const;

/** Labels of a child. */
export const CHILD_LABEL = {
  id: "krateo.io/composition-id",
  name: "krateo.io/composition-name",
  namespace: "krateo.io/composition-namespace",
  group: "krateo.io/composition-group",
  kind: "krateo.io/composition-kind",
  resource: "krateo.io/composition-resource",
  installedVersion: "krateo.io/composition-installed-version",
  krateoNamespace: "krateo.io/krateo-namespace",
} as const;

/** Annotations of a composition, besides the runtime's own. */
export const ANNOTATION = {
  gracefullyPaused: "krateo.io/gracefully-paused",
  gracefullyPausedTime: "krateo.io/gracefully-paused-time",
} as const;

/** What a (kind, version) stands for: the chart that a definition names. */
export interface Blueprint {
  readonly definition: { readonly name: string; readonly namespace: string };
  readonly chartSpec: ChartSpec;
  /** The version that compositions of this definition are to have now. Another than their own: they are moved. */
  readonly currentVersion: string;
  /** The chart itself; fetched when first asked for. */
  readonly chart: () => Promise<LoadedChart>;
}

/** Finds the blueprint of a composition. */
export interface Blueprints {
  /** @returns The blueprint, or a sentence that says why there is none (or more than one). */
  of(resource: ApiResource, composition: Composition): Blueprint | string;
}
