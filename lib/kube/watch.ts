/** `watch`: a list and a watch made into one endless stream of changes. */
import { Observable } from "../deps/rxjs.ts";
import { type CallContext, callJson, INITIALIZING, openStream } from "./_call.ts";
import { ConnectionGuard } from "./_connection_guard.ts";
import { askForInitialEvents, endsInitialEvents, refusesInitialEvents } from "./_streaming_lists.ts";
import { decodeEvent, type WatchEvent } from "./_watch_event.ts";
import type { WatchHealth, WatchOptions, WatchSelection } from "./client_types.ts";
import { backoffDelay, elapsed } from "./clock.ts";
import { fromThrown, isInitializing, KubeError, type Subject } from "./errors.ts";
import { readLines } from "./lines.ts";
import { apiVersionOf, resourceName, resourcePath } from "./path.ts";
import type { ApiResource, Change, KubeList, KubeObject } from "./types.ts";

const PAGE = 500;
const BACKOFF = { base: 250, max: 30_000, jitter: 0.3 };
/** Asking for a resource that is not served is cheap, and whoever installs its CRD is waiting. */
const MISSING_BACKOFF = { ...BACKOFF, max: 5_000 };
/** Seconds that the server is asked to keep a watch open: random, so that many do not return at once. */
const TIMEOUT_SECONDS = { min: 290, max: 590 };
/** ms that the server may be late with ending a watch before the connection counts as half open. */
const GRACE = 30_000;
/** ms between two notes that the server was heard: each costs more than an event itself where metrics are told of it. */
const NOTED_EVERY = 100;

/**
 * Watches a resource: cold, endless, self-healing.
 *
 *     list:    (reset a b synced)      410        (reset b c synced)
 *     watch:                     --a'--x  -----b'-x reconnects by itself -----
 *
 *     or:      (reset a b synced)a'--x    the list and the watch are one connection
 *
 * Each subscription has at most one request under way. After 410, an ERROR event that it cannot resume from, or a first
 * failure to parse, it lists again or reconnects from the last `resourceVersion` with jittered back-off, which progress
 * resets. A resource that is not served (its CRD is gone) is an empty list, once the server has said so twice, and is
 * found again when it returns.
 */
export function watch<T extends KubeObject>(
  context: CallContext,
  resource: ApiResource,
  options: WatchOptions<T> = {},
): Observable<Change<T>> {
  return new Observable((subscriber) => {
    const stop = new AbortController();
    const emit = (change: Change<T>) => subscriber.next(change);
    const monitored = context.monitor?.({ resource, ...selectionOf(options) });
    const onHealth = (health: WatchHealth) => {
      options.onHealth?.(health);
      monitored?.health(health);
    };
    const run = new WatchRun<T>(context, resource, { ...options, onHealth }, emit, stop.signal);
    run.forever().catch((error) => subscriber.error(error));
    return () => {
      stop.abort();
      monitored?.end();
    };
  });
}

/** One subscription. */
class WatchRun<T extends KubeObject> {
  readonly #context: CallContext;
  readonly #resource: ApiResource;
  readonly #options: WatchOptions<T>;
  readonly #emit: (change: Change<T>) => void;
  readonly #signal: AbortSignal;
  readonly #what: Subject;
  readonly #project: (object: T) => T;
  /** Where to resume; `undefined` asks for a list. */
  #resourceVersion: string | undefined;
  /** The present connection sends a list that is not complete. */
  #listing = false;
  /** Failures since the last progress. */
  #failures = 0;
  #missing = 0;
  #lastContact: number;
  #noted = -Infinity;

  constructor(
    context: CallContext,
    resource: ApiResource,
    options: WatchOptions<T>,
    emit: (change: Change<T>) => void,
    signal: AbortSignal,
  ) {
    this.#context = context;
    this.#resource = resource;
    this.#options = options;
    this.#emit = emit;
    this.#signal = signal;
    this.#what = `watch ${resourceName(resource)}${options.namespace ? ` in namespace "${options.namespace}"` : ""}`;
    this.#project = options.transform ?? dropManagedFields;
    this.#resourceVersion = options.resourceVersion;
    this.#lastContact = context.clock.now();
  }

  async forever(): Promise<void> {
    while (!this.#signal.aborted) {
      try {
        const known = this.#resourceVersion;
        if (known !== undefined || this.#context.streaming.mayStream(this.#resource)) await this.#connect(known);
        else await this.#list();
      } catch (thrown) {
        if (this.#signal.aborted) return;
        await this.#recover(fromThrown(this.#what, thrown));
      }
    }
  }

  /** Lists page by page; nothing of a page is emitted before all of it is here. */
  async #list(): Promise<void> {
    this.#listing = false;
    this.#report("listing");
    let continueToken: string | undefined;
    let resourceVersion = "";
    do {
      const page = await this.#page(continueToken);
      if (this.#signal.aborted) return;
      if (continueToken === undefined) this.#emit({ type: "reset" });
      for (const item of page.items) this.#emit({ type: "applied", object: this.#take(item) });
      continueToken = page.metadata.continue || undefined;
      resourceVersion = page.metadata.resourceVersion ?? "";
    } while (continueToken !== undefined && !this.#signal.aborted);
    if (!this.#signal.aborted) this.#synced(resourceVersion);
  }

  #synced(resourceVersion: string): void {
    this.#resourceVersion = resourceVersion;
    this.#missing = 0;
    this.#contact();
    this.#emit({ type: "synced", resourceVersion });
  }

  async #page(continueToken: string | undefined): Promise<KubeList<T>> {
    const querystring = this.#selectors();
    querystring.set("limit", String(this.#options.limit ?? PAGE));
    if (continueToken !== undefined) querystring.set("continue", continueToken);
    const what = this.#what.replace("watch", "list");
    const page = await callJson({ ...this.#context, retries: 0 }, what, {
      method: "GET",
      path: resourcePath(this.#resource, this.#options.namespace),
      querystring,
      accept: this.#accept("PartialObjectMetadataList"),
      abortSignal: this.#signal,
    });
    if (!isList(page)) throw new KubeError(`Cannot ${what}: the answer has no items`, { reason: "Malformed" });
    // The seam where bytes become types. An empty list of metadata alone comes from kube-apiserver as `null`.
    return { ...page, items: page.items ?? [] } as KubeList<T>;
  }

  /** One watch connection, from `resourceVersion` to its end; without one it begins with a list. */
  async #connect(resourceVersion: string | undefined): Promise<void> {
    const { clock } = this.#context;
    this.#listing = resourceVersion === undefined;
    if (this.#listing) this.#report("listing");
    const connection = new AbortController();
    const abort = () => connection.abort(this.#signal.reason);
    this.#signal.addEventListener("abort", abort);
    const seconds = Math.round(
      TIMEOUT_SECONDS.min + clock.random() * (TIMEOUT_SECONDS.max - TIMEOUT_SECONDS.min),
    );
    const opened = elapsed(clock);
    const guard = new ConnectionGuard(clock, connection, opened + seconds * 1000 + GRACE, this.#context.deadline);
    try {
      const querystring = this.#selectors();
      querystring.set("watch", "true");
      querystring.set("allowWatchBookmarks", "true");
      if (resourceVersion === undefined) askForInitialEvents(querystring);
      else querystring.set("resourceVersion", resourceVersion);
      querystring.set("timeoutSeconds", String(seconds));
      const body = await openStream(this.#context, this.#what, {
        method: "GET",
        path: resourcePath(this.#resource, this.#options.namespace),
        querystring,
        accept: this.#accept("PartialObjectMetadata"),
        abortSignal: connection.signal,
      });
      if (this.#listing) this.#emit({ type: "reset" });
      else guard.settled();
      await this.#read(body, guard, resourceVersion, connection.signal);
    } catch (error) {
      if (guard.expired && this.#listing) this.#context.streaming.fellSilent(this.#resource);
      throw guard.expired ? new KubeError(`Cannot ${this.#what}: ${guard.expired}`, { reason: "Deadline" }) : error;
    } finally {
      guard.stop();
      this.#signal.removeEventListener("abort", abort);
      connection.abort();
    }
  }

  async #read(
    body: ReadableStream<Uint8Array>,
    guard: ConnectionGuard,
    from: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const opened = elapsed(this.#context.clock);
    if (!this.#listing) this.#contact();
    let failure: KubeError | undefined;
    const take = (line: string): boolean => {
      if (this.#signal.aborted) return false;
      if (line === "") return true;
      const event = decodeEvent<T>(this.#what, line);
      if (event.type !== "ERROR") this.#hear(guard, event.type === "BOOKMARK");
      failure = this.#listing ? this.#handleInitial(event, guard) : this.#handle(event);
      return failure === undefined;
    };
    const rest = await readLines(body, take, signal);
    // No start of a JSON object is one itself, so a whole last line is told from a truncated one by parsing it.
    if (failure === undefined) take(rest.trim());
    if (failure !== undefined) throw failure;
    if (this.#signal.aborted) return;
    // A server that ends watches as soon as they begin must not be asked again at once.
    const idle = this.#resourceVersion === from && elapsed(this.#context.clock) - opened < 1000;
    if (idle) throw new KubeError(`Cannot ${this.#what}: the server ended it at once`, { reason: "Network" });
  }

  /** What is there, and what happens meanwhile, in no order of versions; its last bookmark says where to go on. */
  #handleInitial(event: WatchEvent<T>, guard: ConnectionGuard): KubeError | undefined {
    if (event.type === "ERROR") return event.error;
    if (event.type !== "BOOKMARK") {
      const object = this.#take(event.object);
      this.#emit({ type: event.type === "DELETED" ? "deleted" : "applied", object });
      return undefined;
    }
    if (!endsInitialEvents(event)) return undefined;
    this.#listing = false;
    guard.settled();
    this.#failures = 0;
    this.#context.streaming.proved(this.#resource);
    this.#synced(event.object.metadata.resourceVersion ?? "");
    return undefined;
  }

  #handle(event: WatchEvent<T>): KubeError | undefined {
    if (event.type === "ERROR") return event.error;
    const resourceVersion = event.object.metadata.resourceVersion;
    if (resourceVersion !== undefined && resourceVersion !== this.#resourceVersion) {
      this.#resourceVersion = resourceVersion;
      this.#failures = 0;
    }
    if (event.type === "BOOKMARK") return undefined;
    const object = this.#take(event.object);
    this.#emit(event.type === "DELETED" ? { type: "deleted", object } : { type: "applied", object });
    return undefined;
  }

  /** Decides from a failure where to go on, and waits. */
  async #recover(error: KubeError): Promise<void> {
    if (this.#listing && refusesInitialEvents(error)) {
      // Nothing failed: the server has no such lists. The pages are asked for at once.
      this.#context.streaming.refused(this.#resource);
      return;
    }
    this.#failures++;
    if (error.code === 410) {
      this.#resourceVersion = undefined;
    } else if (error.reason === "NotFound") {
      this.#resourceVersion = undefined;
      this.#missing++;
      // One 404 may be a server that is still starting; two in a row are a resource that is gone.
      if (this.#missing === 2) {
        this.#emit({ type: "reset" });
        this.#emit({ type: "synced", resourceVersion: "" });
      }
    } else if (error.reason === "BadRequest" || error.reason === "Invalid") {
      // The server does not know this resourceVersion (its history was replaced): only a list can tell.
      this.#resourceVersion = undefined;
    }
    const { clock } = this.#context;
    const delay = this.#delayAfter(error);
    // The first 410 is ordinary: history was compacted. A second one without progress waits.
    const wait = error.code === 410 && this.#failures === 1 ? 0 : delay;
    this.#report("failing", error, wait);
    await clock.sleep(wait, this.#signal);
  }

  #delayAfter(error: KubeError): number {
    const { random } = this.#context.clock;
    if (isInitializing(error)) return backoffDelay(this.#failures, INITIALIZING, random);
    const backoff = error.reason === "NotFound" ? MISSING_BACKOFF : BACKOFF;
    return Math.max(error.retryAfter ?? 0, backoffDelay(this.#failures, backoff, random));
  }

  #take(object: T): T {
    // Items of a list carry no kind; metadata-only objects carry the kind `PartialObjectMetadata`.
    if (this.#options.metadataOnly || object.kind === undefined) {
      object.apiVersion = apiVersionOf(this.#resource);
      object.kind = this.#resource.kind;
    }
    return this.#project(object);
  }

  #selectors(): URLSearchParams {
    const querystring = new URLSearchParams();
    if (this.#options.labelSelector) querystring.set("labelSelector", this.#options.labelSelector);
    if (this.#options.fieldSelector) querystring.set("fieldSelector", this.#options.fieldSelector);
    return querystring;
  }

  #accept(kind: "PartialObjectMetadata" | "PartialObjectMetadataList"): string {
    return this.#options.metadataOnly ? `application/json;as=${kind};g=meta.k8s.io;v=v1` : "application/json";
  }

  /** Notes that an event came. */
  #hear(guard: ConnectionGuard, bookmark: boolean): void {
    const now = this.#context.clock.now();
    if (!bookmark && Math.abs(now - this.#noted) < NOTED_EVERY) return;
    this.#noted = now;
    guard.heard(bookmark);
    if (!this.#listing) this.#contact();
  }

  #contact(): void {
    this.#lastContact = this.#context.clock.now();
    this.#report("live");
  }

  #report(state: WatchHealth["state"], error?: KubeError, retryIn?: number): void {
    this.#options.onHealth?.({
      state,
      lastContact: this.#lastContact,
      ...(error && { error }),
      ...(retryIn !== undefined && { retryIn }),
    });
  }
}

function selectionOf({ namespace, labelSelector, fieldSelector, metadataOnly }: WatchSelection): WatchSelection {
  return {
    ...(namespace !== undefined && { namespace }),
    ...(labelSelector !== undefined && { labelSelector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
    ...(metadataOnly !== undefined && { metadataOnly }),
  };
}

/** An object without `managedFields`. A new `metadata` without them: `delete` would turn every object that is kept into a slow and large dictionary. */
export function dropManagedFields<T extends KubeObject>(object: T): T {
  if (object.metadata.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  object.metadata = metadata;
  return object;
}

function isList(value: unknown): value is { readonly items: unknown[] | null; readonly metadata: unknown } {
  return typeof value === "object" && value !== null && "items" in value && "metadata" in value &&
    (value.items === null || Array.isArray(value.items));
}
