/** The shapes of Helm, pure: no cluster. */

/** Any value of a values file: JSON after YAML. */
export type Values = { [key: string]: unknown };

/** A file of a chart, path relative to the chart's root. */
export interface ChartFile {
  readonly name: string;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** One entry of `dependencies` in Chart.yaml (or requirements.yaml). */
export interface ChartDependency {
  readonly name: string;
  readonly version?: string;
  readonly repository?: string;
  readonly condition?: string;
  readonly tags?: readonly string[];
  readonly enabled?: boolean;
  readonly "import-values"?: readonly unknown[];
  readonly alias?: string;
}

/** Chart.yaml. Unknown keys are kept. */
export interface ChartMetadata {
  readonly name: string;
  readonly version: string;
  readonly apiVersion?: string;
  readonly appVersion?: string;
  readonly description?: string;
  readonly type?: string;
  readonly kubeVersion?: string;
  readonly dependencies?: readonly ChartDependency[];
  readonly [key: string]: unknown;
}

/** A loaded chart with its vendored subcharts. */
export interface Chart {
  readonly metadata: ChartMetadata;
  /** values.yaml, parsed; `{}` where there is none. */
  readonly values: Values;
  /** values.yaml as written, comments included; absent where there is none. */
  readonly valuesText?: string;
  /** values.schema.json as written; absent where there is none. */
  readonly schemaText?: string;
  /** Chart.lock, parsed. */
  readonly lock?: unknown;
  /** Files below templates/. */
  readonly templates: readonly ChartFile[];
  /** Everything else but crds/: what `.Files` sees. */
  readonly files: readonly ChartFile[];
  /** Files below crds/. */
  readonly crds: readonly ChartFile[];
  /** Vendored subcharts as they lie in charts/, not yet filtered by conditions. */
  readonly dependencies: readonly Chart[];
}

/** Where a chart comes from. */
export interface ChartReference {
  /** `oci://…`, a `.tgz`/`.tar.gz` URL, or the base URL of a Helm repository. `file:` URLs are for tests and `dev`. */
  readonly url: string;
  /** Chart name in a Helm repository, or the last path segment for OCI. */
  readonly repo?: string;
  /** Exact version or semver range; empty or absent means the newest stable one. */
  readonly version?: string;
}

/** How to fetch. */
export interface FetchOptions {
  readonly username?: string;
  readonly password?: string;
  /** Text of a `.dockerconfigjson`: credentials for registries where `username` is absent. */
  readonly dockerConfigJson?: string;
  readonly insecureSkipVerifyTLS?: boolean;
  /** PEM certificates trusted besides the system's. */
  readonly caCert?: string;
  /** Largest archive taken, bytes. Default 100 MiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** A fetched archive. */
export interface FetchedChart {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** `sha256:<hex>` of `bytes`. */
  readonly digest: string;
  /** The URL the archive really came from (after index.yaml, without credentials). */
  readonly resolvedUrl: string;
  /** The version that the range resolved to, where the source tells. */
  readonly version?: string;
}

/** `.Release`. */
export interface ReleaseInfo {
  readonly name: string;
  readonly namespace: string;
  readonly revision: number;
  readonly isInstall: boolean;
  readonly isUpgrade: boolean;
}

/** `.Capabilities`. */
export interface Capabilities {
  /** e.g. `v1.35.4` */
  readonly kubeVersion: string;
  /** e.g. `apps/v1`, `apps/v1/Deployment` */
  readonly apiVersions: readonly string[];
}

/** Answers `lookup apiVersion kind namespace name`; `name` empty asks for a list. `{}` where there is nothing. */
export type Lookup = (apiVersion: string, kind: string, namespace: string, name: string) => Promise<unknown>;

/** Limits of one render. */
export interface RenderLimits {
  /** ms. Default 30,000. */
  readonly timeout?: number;
  /** Characters of output in all. Default 64 Mi. */
  readonly maxOutput?: number;
  /** MiB of the worker's heap. Default 512. */
  readonly maxMemory?: number;
}

/** Input of a render. */
export interface RenderRequest {
  readonly chart: Chart;
  /** The user's values; the chart's defaults are coalesced below them. */
  readonly values: Values;
  readonly release: ReleaseInfo;
  readonly capabilities: Capabilities;
  readonly lookup?: Lookup;
  readonly limits?: RenderLimits;
  /**
   * Keys put into `global` after values.schema.json has judged the values: a chart's author cannot know of them, and a
   * schema that is closed would refuse them.
   */
  readonly injectedGlobal?: Values;
  /** Skip values.schema.json. Default false. */
  readonly skipSchemaValidation?: boolean;
  /** Leave the result's `crds` empty: reading them may take longer than all templates, and only an installation needs them. Default false. */
  readonly skipCrds?: boolean;
  /** Makes random functions repeat themselves: renders with one seed are equal byte by byte. Default none. */
  readonly seed?: string;
}

/** One rendered document. */
export interface ManifestDocument {
  /** `# Source:` path, e.g. `podinfo/templates/deployment.yaml`. */
  readonly source: string;
  /** The document's text as rendered, without separators. */
  readonly text: string;
  /** The parsed object. */
  readonly object: Record<string, unknown>;
}

/** The ten hook events of Helm. */
export type HookEvent =
  | "pre-install"
  | "post-install"
  | "pre-delete"
  | "post-delete"
  | "pre-upgrade"
  | "post-upgrade"
  | "pre-rollback"
  | "post-rollback"
  | "test";

/** What to do with a hook's object, and when. */
export type HookDeletePolicy = "hook-succeeded" | "hook-failed" | "before-hook-creation";

/** A hook: a document that runs at an event. */
export interface Hook extends ManifestDocument {
  readonly name: string;
  readonly kind: string;
  readonly events: readonly HookEvent[];
  readonly weight: number;
  readonly deletePolicies: readonly HookDeletePolicy[];
}

/** What a chart and values become. */
export interface RenderResult {
  /** Non-hook documents in install order. */
  readonly documents: readonly ManifestDocument[];
  /** Helm's manifest text of `documents`: what a release record stores. */
  readonly manifest: string;
  /** Hooks, sorted as Helm runs them within an event. */
  readonly hooks: readonly Hook[];
  /** Helm's text of the hooks, in the order in which `helm template` prints them. */
  readonly hookManifest?: string;
  /** NOTES.txt, rendered; empty where there is none. */
  readonly notes: string;
  /** Documents of crds/ of the chart and its enabled subcharts, in Helm's order, not rendered. */
  readonly crds: readonly ManifestDocument[];
  /** Values as the templates saw them (after coalescing). */
  readonly values: Values;
  /** Objects that `lookup` asked for. */
  readonly lookups: readonly { apiVersion: string; kind: string; namespace: string; name: string }[];
}

/** Statuses of a release. */
export type ReleaseStatus =
  | "unknown"
  | "deployed"
  | "uninstalled"
  | "superseded"
  | "failed"
  | "uninstalling"
  | "pending-install"
  | "pending-upgrade"
  | "pending-rollback";

/** A release record as Helm 4 stores it (and Helm 3 can read), decoded. */
export interface ReleaseRecord {
  readonly name: string;
  readonly namespace: string;
  readonly version: number;
  readonly info: {
    /** RFC 3339 with nanoseconds. */
    readonly first_deployed: string;
    readonly last_deployed: string;
    readonly deleted: string;
    readonly description: string;
    readonly status: ReleaseStatus;
    readonly notes?: string;
  };
  /** The parent chart as Helm stores it: metadata, templates, values, schema, files; subcharts are not stored. */
  readonly chart: Readonly<Record<string, unknown>>;
  readonly config: Values;
  readonly manifest: string;
  readonly hooks: readonly Readonly<Record<string, unknown>>[];
  /** `ssa` for all that we write. */
  readonly apply_method?: string;
  readonly labels?: Readonly<Record<string, string>>;
}
