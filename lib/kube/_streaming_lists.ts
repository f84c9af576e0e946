/** Lists that come as the first events of a watch (Kubernetes API: `sendInitialEvents`), and which servers have them. */
import type { WatchEvent } from "./_watch_event.ts";
import type { KubeError } from "./errors.ts";
import type { ApiResource, KubeObject } from "./types.ts";

/** Watches that may fall silent before their list is complete until their server counts as one that ignores the request. */
const PATIENCE = 2;

/**
 * Remembers which servers refuse streaming lists. A server is known by the API group that it serves: groups may be those of
 * aggregated servers, which need not be like the main one.
 */
export class StreamingLists {
  readonly #wanted: boolean;
  readonly #refused = new Set<string>();
  readonly #proved = new Set<string>();
  readonly #silences = new Map<string, number>();

  /** @param wanted Whether to ask for them at all. */
  constructor(wanted: boolean) {
    this.#wanted = wanted;
  }

  /** Whether to begin a watch of this resource with one. */
  mayStream({ group }: ApiResource): boolean {
    return this.#wanted && !this.#refused.has(group);
  }

  /** A list came to its end. */
  proved({ group }: ApiResource): void {
    this.#proved.add(group);
    this.#silences.delete(group);
  }

  refused({ group }: ApiResource): void {
    this.#refused.add(group);
  }

  /** No end of the list came: either the connection died, or the server does not know what it was asked for. */
  fellSilent({ group }: ApiResource): void {
    if (this.#proved.has(group)) return;
    const silences = (this.#silences.get(group) ?? 0) + 1;
    this.#silences.set(group, silences);
    if (silences >= PATIENCE) this.#refused.add(group);
  }
}

/** The query of a watch that begins with a list. */
export function askForInitialEvents(querystring: URLSearchParams): void {
  querystring.set("sendInitialEvents", "true");
  querystring.set("resourceVersionMatch", "NotOlderThan");
}

/** Whether an event says that the list is complete. */
export function endsInitialEvents(event: WatchEvent<KubeObject>): boolean {
  return event.type === "BOOKMARK" && event.object.metadata.annotations?.["k8s.io/initial-events-end"] === "true";
}

/** Whether a server says that it does not do this: the feature is switched off, or older than it. */
export function refusesInitialEvents(error: KubeError): boolean {
  return (error.code === 422 || error.code === 400) && /sendInitialEvents|resourceVersionMatch/.test(error.message);
}
