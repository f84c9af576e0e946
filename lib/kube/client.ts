/** `createClient`: the verbs of the Kubernetes API over any transport. */
import { getLogger } from "../deps/logtape.ts";
import type { Observable } from "../deps/rxjs.ts";
import { type CallContext, callJson } from "./_call.ts";
import { followDefinitions, isDefinitions } from "./_definitions.ts";
import { StreamingLists } from "./_streaming_lists.ts";
import type {
  ApplyOptions,
  DeleteOptions,
  GetOptions,
  KubeClient,
  ListOptions,
  PatchType,
  WatchMonitor,
  WatchOptions,
  WriteOptions,
} from "./client_types.ts";
import { type Clock, systemClock } from "./clock.ts";
import { createDiscovery, type ServerDiscovery } from "./discovery.ts";
import { isKubeError, type Subject } from "./errors.ts";
import { apiVersionOf, resourceName, resourcePath } from "./path.ts";
import type { KubeRequest, KubeTransport } from "./transport.ts";
import type { ApiResource, Change, KubeList, KubeObject } from "./types.ts";
import { dropManagedFields, watch } from "./watch.ts";

/** Options of {@linkcode createClient}. Times in ms. */
export interface ClientOptions {
  /** Who owns the fields that are written. Default `kco`. */
  readonly fieldManager?: string;
  /** For a whole call, retries included; watches have their own. Default 30,000. */
  readonly deadline?: number;
  /** Tries after the first, of calls that may be repeated. Default 4. */
  readonly retries?: number;
  /** Called with each distinct `Warning` header, once. Default: logs it. */
  readonly onWarning?: (warning: string) => void;
  /**
   * How a watch gets what is there when it begins: `stream` asks for it as the watch's first events (`sendInitialEvents`) and
   * falls back to pages, for good, where the server does not do that. It spares the API server memory, and costs this process
   * half as much CPU again. Default `pages`.
   */
  readonly initialList?: "stream" | "pages";
  /** Told about every watch of this client, whoever begins it. */
  readonly monitor?: WatchMonitor;
  /** Time and chance, for tests. */
  readonly clock?: Clock;
}

const logger = getLogger(["kco", "kube"]);
const PAGE = 500;
const CONTENT_TYPE: Readonly<Record<PatchType | "apply", string>> = {
  apply: "application/apply-patch+yaml",
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
};

/**
 * A client over `transport`. Closing it closes the transport.
 *
 * Calls that may be repeated are, with jittered back-off, after 429, 5xx and broken connections; a 409 goes to the caller,
 * who alone knows what it means.
 */
export function createClient(transport: KubeTransport, options: ClientOptions = {}): KubeClient {
  return new Client({
    transport,
    clock: options.clock ?? systemClock,
    deadline: options.deadline ?? 30_000,
    retries: options.retries ?? 4,
    headers: {},
    onWarning: once(options.onWarning ?? ((warning) => logger.warn("API server warns: {warning}", { warning }))),
    streaming: new StreamingLists(options.initialList === "stream"),
    monitor: options.monitor,
  }, options.fieldManager ?? "kco");
}

class Client implements KubeClient {
  readonly transport: KubeTransport;
  readonly discovery: ServerDiscovery;
  readonly #context: CallContext;
  readonly #fieldManager: string;

  constructor(context: CallContext, fieldManager: string, discovery?: ServerDiscovery) {
    this.transport = context.transport;
    this.discovery = discovery ?? createDiscovery(context);
    this.#context = context;
    this.#fieldManager = fieldManager;
  }

  async get<T extends KubeObject>(
    resource: ApiResource,
    name: string,
    namespace?: string,
    options: GetOptions = {},
  ): Promise<T> {
    return await this.#send<T>(resource, describe("get", resource, name, namespace), {
      method: "GET",
      path: resourcePath(resource, namespace, name),
      querystring: query({ resourceVersion: options.resourceVersion }),
    }, options.signal);
  }

  async find<T extends KubeObject>(
    resource: ApiResource,
    name: string,
    namespace?: string,
    options: GetOptions = {},
  ): Promise<T | undefined> {
    return await this.get<T>(resource, name, namespace, options).catch(undefinedWhenMissing);
  }

  async list<T extends KubeObject>(resource: ApiResource, options: ListOptions = {}): Promise<KubeList<T>> {
    try {
      return await this.#pages<T>(resource, options, options.limit ?? PAGE);
    } catch (error) {
      // The continue token outlived the server's history: one unpaged list cannot suffer that.
      if (!isKubeError(error, "Expired", "Gone")) throw error;
      return await this.#pages<T>(resource, options, 0);
    }
  }

  async #pages<T extends KubeObject>(resource: ApiResource, options: ListOptions, limit: number): Promise<KubeList<T>> {
    const items: T[] = [];
    let page: KubeList<T> | undefined;
    do {
      page = await this.#send<KubeList<T>>(resource, describe("list", resource, undefined, options.namespace), {
        method: "GET",
        path: resourcePath(resource, options.namespace),
        querystring: query({
          labelSelector: options.labelSelector,
          fieldSelector: options.fieldSelector,
          limit: limit || undefined,
          continue: page?.metadata.continue,
        }),
      }, options.signal);
      for (const item of page.items) items.push(withKind(resource, item));
    } while (page.metadata.continue);
    return { ...page, items };
  }

  async create<T extends KubeObject>(resource: ApiResource, object: T, options: WriteOptions = {}): Promise<T> {
    const { name, namespace } = object.metadata;
    return await this.#send<T>(resource, describe("create", resource, name, namespace), {
      method: "POST",
      path: resourcePath(resource, namespace, options.subresource ? name : undefined, options.subresource),
      querystring: this.#writeQuery(options),
      ...json("application/json", object),
    }, options.signal);
  }

  async replace<T extends KubeObject>(resource: ApiResource, object: T, options: WriteOptions = {}): Promise<T> {
    const { name, namespace } = object.metadata;
    return await this.#send<T>(resource, describe("update", resource, name, namespace, options.subresource), {
      method: "PUT",
      path: resourcePath(resource, namespace, name, options.subresource),
      querystring: this.#writeQuery(options),
      ...json("application/json", object),
    }, options.signal);
  }

  async apply<T extends KubeObject>(resource: ApiResource, object: T, options: ApplyOptions = {}): Promise<T> {
    const { name, namespace } = object.metadata;
    const querystring = this.#writeQuery(options);
    if (options.force) querystring.set("force", "true");
    return await this.#send<T>(resource, describe("apply", resource, name, namespace, options.subresource), {
      method: "PATCH",
      path: resourcePath(resource, namespace, name, options.subresource),
      querystring,
      ...json(CONTENT_TYPE.apply, object),
    }, options.signal);
  }

  async patch<T extends KubeObject>(
    resource: ApiResource,
    name: string,
    namespace: string | undefined,
    type: PatchType,
    patch: unknown,
    options: WriteOptions = {},
  ): Promise<T> {
    return await this.#send<T>(resource, describe("patch", resource, name, namespace, options.subresource), {
      method: "PATCH",
      path: resourcePath(resource, namespace, name, options.subresource),
      querystring: this.#writeQuery(options),
      ...json(CONTENT_TYPE[type], patch),
    }, options.signal);
  }

  async delete(resource: ApiResource, name: string, namespace?: string, options: DeleteOptions = {}): Promise<boolean> {
    const { propagationPolicy, gracePeriodSeconds, preconditions } = options;
    const body = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy, gracePeriodSeconds, preconditions };
    const answer = await this.#send<KubeObject>(resource, describe("delete", resource, name, namespace), {
      method: "DELETE",
      path: resourcePath(resource, namespace, name),
      querystring: query({ dryRun: options.dryRun ? "All" : undefined }),
      ...json("application/json", body),
    }, options.signal).catch(undefinedWhenMissing);
    return answer !== undefined;
  }

  watch<T extends KubeObject>(resource: ApiResource, options: WatchOptions<T> = {}): Observable<Change<T>> {
    const begin = (options: WatchOptions<T>) => watch<T>(this.#context, resource, options);
    if (!isDefinitions(resource)) return begin(options);
    return followDefinitions(this.discovery.book, options, options.transform ?? dropManagedFields, begin);
  }

  as(user: string, groups: readonly string[] = []): KubeClient {
    // Several groups are several header lines; a line break cannot occur in a value, so it can separate them.
    const headers: Record<string, string> = { "Impersonate-User": user };
    if (groups.length > 0) headers["Impersonate-Group"] = groups.join("\n");
    return new Client({ ...this.#context, headers }, this.#fieldManager, this.discovery);
  }

  close(): void {
    this.transport.close?.();
  }

  async #send<T>(resource: ApiResource, what: Subject, request: KubeRequest, signal?: AbortSignal): Promise<T> {
    const withSignal = signal === undefined ? request : { ...request, abortSignal: signal };
    try {
      const answer = await callJson(this.#context, what, { accept: "application/json", ...withSignal });
      return answer as T; // The seam where bytes become types: the server vouches for the shape of a resource.
    } catch (error) {
      if (isMissingResource(error)) this.discovery.forget(resource);
      throw error;
    }
  }

  #writeQuery(options: WriteOptions): URLSearchParams {
    return query({
      fieldManager: options.fieldManager ?? this.#fieldManager,
      fieldValidation: options.fieldValidation ?? "Strict",
      dryRun: options.dryRun ? "All" : undefined,
    });
  }
}

/** 404 without a name is about the resource, not about an object: its CRD is gone. */
function isMissingResource(error: unknown): boolean {
  return isKubeError(error, "NotFound") && error.status?.details?.name === undefined;
}

function undefinedWhenMissing(error: unknown): undefined {
  if (isKubeError(error, "NotFound")) return undefined;
  throw error;
}

/** Items of a list carry neither `apiVersion` nor `kind`; whoever holds an object alone needs both. */
function withKind<T extends KubeObject>(resource: ApiResource, item: T): T {
  item.apiVersion ??= apiVersionOf(resource);
  item.kind ??= resource.kind;
  return item;
}

function describe(
  verb: string,
  resource: ApiResource,
  name?: string,
  namespace?: string,
  subresource?: string,
): Subject {
  const tail = subresource ? `/${subresource}` : "";
  const object = name ? ` "${name}"` : "";
  const where = namespace ? ` in namespace "${namespace}"` : "";
  return `${verb} ${resourceName(resource)}${tail}${object}${where}`;
}

function query(parameters: Readonly<Record<string, string | number | undefined>>): URLSearchParams {
  const result = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== "") result.set(name, String(value));
  }
  return result;
}

const encoder = new TextEncoder();

function json(contentType: string, body: unknown): { contentType: string; bodyRaw: Uint8Array<ArrayBuffer> } {
  return { contentType, bodyRaw: encoder.encode(JSON.stringify(body)) };
}

/** Bounded, because a server may put names into its warnings. */
function once(report: (warning: string) => void): (warning: string) => void {
  const seen = new Set<string>();
  return (warning) => {
    if (seen.has(warning)) return;
    if (seen.size >= 1000) seen.clear();
    seen.add(warning);
    report(warning);
  };
}
