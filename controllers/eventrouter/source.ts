/** Events of the cluster, from where somebody left off, in the order in which they happened. */
import { merge, NEVER, Observable, switchMap } from "../../lib/deps/rxjs.ts";
import type { ApiResource, KubeClient, KubeObject, WatchOptions } from "../../lib/kube/mod.ts";
import type { SourcedEvent } from "./event.ts";
import type { Gate } from "./gate.ts";
import { normalize } from "./normalize.ts";

/** Which API Events are read from; the API server keeps them once. */
export type EventApi = "v1" | "events.k8s.io/v1";

/** The resource of an {@linkcode EventApi}. */
export function eventResource(api: EventApi): ApiResource {
  const resource = { version: "v1", kind: "Event", plural: "events", namespaced: true };
  return { ...resource, group: api === "v1" ? "" : "events.k8s.io" };
}

/** Where to begin to read a source. */
export interface Resume {
  /** Nothing up to here is told. */
  readonly after: number;
  /** Up to here only a list may tell: a watch would tell what a list left out before. */
  readonly listUntil?: number;
}

/** Options of {@linkcode eventSource}. */
export interface EventSourceOptions {
  readonly client: KubeClient;
  readonly api: EventApi;
  /** Empty for all. */
  readonly namespaces: readonly string[];
  /** Where to begin, by source; the Events that exist come first where nothing is said. */
  readonly resume: ReadonlyMap<string, Resume>;
  /** While it is shut nothing is read; afterwards reading goes on where it stopped. */
  readonly gate: Gate;
  /** Told of an Event that has neither UID nor version. */
  readonly onMalformed: (object: KubeObject) => void;
  readonly onHealth?: WatchOptions<KubeObject>["onHealth"];
  readonly now?: () => number;
}

/**
 * Every Event and every update of one, once, along each watch in the order of `resourceVersion`.
 *
 *     watch: (reset b2 a1 synced)--c3--410--(reset a1 b2 c3 d5 synced)--
 *     gate:  --------------------------------------------[shut]---------
 *     result: (a1 b2)--------------c3---------------------------d5------
 *
 * A relist tells again what was told before: its versions are not beyond what this has seen.
 */
export function eventSource(options: EventSourceOptions): Observable<SourcedEvent> {
  const namespaces = options.namespaces.length > 0 ? options.namespaces : [""];
  return merge(...namespaces.map((namespace) => oneSource(options, namespace)));
}

function oneSource(options: EventSourceOptions, namespace: string): Observable<SourcedEvent> {
  return new Observable((subscriber) => {
    const cursor = new Cursor(options, namespace, (event) => subscriber.next(event));
    return options.gate.open$.pipe(switchMap((open) => open ? cursor.read() : NEVER)).subscribe({
      error: (error) => subscriber.error(error),
    });
  });
}

/** The API server's history is another one, e.g. restored from a backup: what was seen of the old one says nothing about it. */
export class HistoryReplacedError extends Error {
  override readonly name = "HistoryReplacedError";
  constructor(end: number, seen: number) {
    super(
      `Cannot go on after resourceVersion ${seen}: the API server is at ${end}: its history was replaced, start anew`,
    );
  }
}

/** Where one watch stands. */
class Cursor {
  readonly #options: EventSourceOptions;
  readonly #namespace: string;
  readonly #emit: (event: SourcedEvent) => void;
  readonly #now: () => number;
  #position: number;
  #known: boolean;
  /** Up to here a watch would tell too much. */
  readonly #listUntil: number;
  /** The list under way. */
  #listed: SourcedEvent[] | undefined;
  /** Versions between what was told last and what comes next were left out. */
  #gap = false;
  #reading = false;

  constructor(options: EventSourceOptions, namespace: string, emit: (event: SourcedEvent) => void) {
    this.#options = options;
    this.#namespace = namespace;
    this.#emit = emit;
    this.#now = options.now ?? Date.now;
    const resume = options.resume.get(namespace);
    this.#position = resume?.after ?? 0;
    this.#listUntil = resume?.listUntil ?? 0;
    this.#known = resume !== undefined;
  }

  /** Reads on from where it stands until it is unsubscribed. */
  read(): Observable<never> {
    return new Observable((subscriber) => {
      const { client, api, onHealth } = this.#options;
      this.#reading = true;
      const watching = client.watch<KubeObject>(eventResource(api), {
        transform: (object) => object,
        ...(this.#namespace !== "" && { namespace: this.#namespace }),
        ...(this.#known && this.#position >= this.#listUntil && { resourceVersion: String(this.#position) }),
        ...(onHealth && { onHealth }),
      }).subscribe((change) => {
        if (!this.#reading) return;
        if (change.type === "reset") this.#listed = [];
        else if (change.type === "applied") this.#take(change.object);
        else if (change.type === "synced") {
          const end = Number(change.resourceVersion) || 0;
          if (end > 0 && end < this.#position) subscriber.error(new HistoryReplacedError(end, this.#position));
          else this.#replay(end);
        }
      });
      return () => {
        this.#reading = false;
        this.#listed = undefined;
        watching.unsubscribe();
      };
    });
  }

  #take(object: KubeObject): void {
    const event = normalize(object);
    const position = Number(event?.metadata.resourceVersion);
    if (event === undefined || !Number.isSafeInteger(position)) return this.#options.onMalformed(object);
    const listing = this.#listed !== undefined;
    const standing = { listed: listing && !this.#known, afterGap: listing || this.#gap };
    const sourced = { event, source: this.#namespace, position, ...standing, received: this.#now() };
    if (this.#listed !== undefined) this.#listed.push(sourced);
    else if (this.#tell(sourced)) this.#gap = false;
  }

  /** A list is in the order of names; what happened is told in its own. */
  #replay(end: number): void {
    const listed = (this.#listed ?? []).sort((a, b) => a.position - b.position);
    this.#listed = undefined;
    this.#gap = true;
    for (const event of listed) {
      this.#tell(event);
      this.#known = true;
      // Whoever takes an Event may shut the gate: the rest is read again then.
      if (!this.#reading) return;
    }
    this.#position = Math.max(this.#position, end);
    this.#known = true;
  }

  #tell(event: SourcedEvent): boolean {
    if (event.position <= this.#position) return false;
    this.#position = event.position;
    this.#emit(event);
    return true;
  }
}
