/** What a Kubernetes client can do; `createClient` in `client.ts` makes one over any transport. */
import type { Observable } from "../deps/rxjs.ts";
import type { KubeError } from "./errors.ts";
import type { KubeTransport } from "./transport.ts";
import type { ApiResource, Change, KubeList, KubeObject } from "./types.ts";

/** Options of a single read. */
export interface GetOptions {
  readonly resourceVersion?: string;
  readonly signal?: AbortSignal;
}

/** Options of a list and of a watch. */
export interface ListOptions {
  /** Only this namespace; all of them when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Objects a page. Default 500. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** Options of a watch. */
export interface WatchOptions<T extends KubeObject> extends Omit<ListOptions, "signal"> {
  /** Ask the server for `PartialObjectMetadata` only. */
  readonly metadataOnly?: boolean;
  /**
   * Begin with what happened after this one, without a list: a `reset` comes only where the server no longer knows it (410).
   * Only for consumers that keep what they have seen.
   */
  readonly resourceVersion?: string;
  /** Applied to each object before it is emitted, e.g. to keep a projection. Default: drops `managedFields`. */
  readonly transform?: (object: T) => T;
  /** Called at each change of the watch's health and at contacts with the server, ten a second at most: for readiness and staleness. */
  readonly onHealth?: (health: WatchHealth) => void;
}

/** How a watch is doing. Times in ms. */
export interface WatchHealth {
  /** `listing`: a list is under way. `live`: connected. `failing`: waiting to try again after `error`. */
  readonly state: "listing" | "live" | "failing";
  /** When the server was last heard, since the epoch: now minus this bounds the staleness of what is known. */
  readonly lastContact: number;
  readonly error?: KubeError;
  readonly retryIn?: number;
}

/** What of a resource is watched. */
export type WatchSelection = Pick<
  WatchOptions<KubeObject>,
  "namespace" | "labelSelector" | "fieldSelector" | "metadataOnly"
>;

/**
 * Follows every watch of a client, e.g. for metrics and readiness: called when somebody begins one, with what it watches. The
 * result is told of its health and of its end.
 */
export type WatchMonitor = (watch: WatchSelection & { readonly resource: ApiResource }) => {
  health(health: WatchHealth): void;
  end(): void;
};

/** Options common to all writes. */
export interface WriteOptions {
  /** Who owns the written fields. Default `kco`. */
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
  /** Default `Strict`: unknown fields are an error, not a silent loss. */
  readonly fieldValidation?: "Strict" | "Warn" | "Ignore";
  readonly subresource?: "status" | "scale";
  readonly signal?: AbortSignal;
}

/** Options of a server-side apply. */
export interface ApplyOptions extends WriteOptions {
  /** Take fields that another manager owns. Default `false`: a conflict rejects with reason `Conflict`. */
  readonly force?: boolean;
}

/** Options of a delete. */
export interface DeleteOptions {
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/** The three patch formats besides server-side apply. */
export type PatchType = "merge" | "json" | "strategic";

/** A client. Every failure is a `KubeError`. */
export interface KubeClient {
  readonly transport: KubeTransport;
  readonly discovery: Discovery;
  get<T extends KubeObject>(resource: ApiResource, name: string, namespace?: string, options?: GetOptions): Promise<T>;
  /** Like `get`, but `undefined` where there is none (404). */
  find<T extends KubeObject>(
    resource: ApiResource,
    name: string,
    namespace?: string,
    options?: GetOptions,
  ): Promise<T | undefined>;
  /** The whole list, read page by page. */
  list<T extends KubeObject>(resource: ApiResource, options?: ListOptions): Promise<KubeList<T>>;
  create<T extends KubeObject>(resource: ApiResource, object: T, options?: WriteOptions): Promise<T>;
  /** PUT. `metadata.resourceVersion` in the object makes it optimistic. */
  replace<T extends KubeObject>(resource: ApiResource, object: T, options?: WriteOptions): Promise<T>;
  /** Server-side apply of exactly the fields in `object`. */
  apply<T extends KubeObject>(resource: ApiResource, object: T, options?: ApplyOptions): Promise<T>;
  patch<T extends KubeObject>(
    resource: ApiResource,
    name: string,
    namespace: string | undefined,
    type: PatchType,
    patch: unknown,
    options?: WriteOptions,
  ): Promise<T>;
  /** Resolves to `false` where there was nothing to delete. */
  delete(resource: ApiResource, name: string, namespace?: string, options?: DeleteOptions): Promise<boolean>;
  /** Cold, endless, self-healing: never completes, never errors; relists after 410 and reconnects with back-off. */
  watch<T extends KubeObject>(resource: ApiResource, options?: WatchOptions<T>): Observable<Change<T>>;
  /** The same client, impersonating a user (e.g. `system:serviceaccount:ns:name`). */
  as(user: string, groups?: readonly string[]): KubeClient;
  close(): void;
}

/** What the server serves, from aggregated discovery, cached and refreshed on a miss. Nothing negative is cached. */
export interface Discovery {
  /** The resource of a manifest's `apiVersion` and `kind`; `undefined` where the server has none such now. */
  resourceFor(apiVersion: string, kind: string): Promise<ApiResource | undefined>;
  /** All resources the server serves, every served version. */
  resources(): Promise<readonly ApiResource[]>;
  /** `Capabilities.APIVersions` in Helm's sense: `v1`, `apps/v1`, `apps/v1/Deployment`, … */
  apiVersions(): Promise<readonly string[]>;
  /** `/version`, e.g. `v1.35.4`. */
  serverVersion(): Promise<{ readonly gitVersion: string; readonly major: string; readonly minor: string }>;
  /** Forget what is cached. */
  invalidate(): void;
}
