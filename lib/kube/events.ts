/** Kubernetes Events, `events.k8s.io/v1`. */
import { type Clock, systemClock } from "./clock.ts";
import type { KubeClient } from "./client_types.ts";
import { isKubeError } from "./errors.ts";
import type { ApiResource, KubeObject } from "./types.ts";

/** Something to tell about an object. */
export interface EventInput {
  readonly regarding: KubeObject;
  readonly related?: KubeObject;
  readonly type: "Normal" | "Warning";
  /** Why, CamelCase, at most 128 characters. */
  readonly reason: string;
  /** What was done or tried, CamelCase, at most 128 characters. */
  readonly action: string;
  /** For people. Cut at 1,024 bytes, the API server's limit. */
  readonly note: string;
}

/** Records Events in the background; recording never throws and never waits. */
export interface EventRecorder {
  record(event: EventInput): void;
  /** Resolves when everything recorded so far is written or given up. */
  flush(): Promise<void>;
}

/** Options of {@linkcode createEventRecorder}. Times in ms. */
export interface EventRecorderOptions {
  /** e.g. `kco.krateo.io/core-provider` */
  readonly controller: string;
  /** This process, e.g. the pod's name. Default: the controller's name. */
  readonly instance?: string;
  /** How long the same event is only counted. Default 300,000. */
  readonly maxSilence?: number;
  /** Called with events that could not be written. */
  readonly onError?: (error: unknown, event: EventInput) => void;
  readonly clock?: Clock;
}

const EVENTS: ApiResource = {
  group: "events.k8s.io",
  version: "v1",
  kind: "Event",
  plural: "events",
  namespaced: true,
};
const NOTE_BYTES = 1024;
const WORD_LENGTH = 128;
/** Streaks and waiting events that are remembered at most. */
const LIMIT = 4096;

/** The same thing said again and again. */
interface Streak {
  note: string;
  /** When it was last written. */
  writtenAt: number;
  count: number;
  /** The Event that a series is counted on. */
  name: string;
}

/**
 * Records Events.
 *
 * The same event (object, type, reason, action, note) is written once and then only counted; every `maxSilence` while it
 * goes on, its count is written as the Event's `series`. An event whose note changed is a new one: no message is swallowed.
 */
export function createEventRecorder(client: KubeClient, options: EventRecorderOptions): EventRecorder {
  return new Recorder(client, options);
}

class Recorder implements EventRecorder {
  readonly #client: KubeClient;
  readonly #options: EventRecorderOptions;
  readonly #clock: Clock;
  readonly #streaks = new Map<string, Streak>();
  #waiting = 0;
  #tail: Promise<void> = Promise.resolve();
  #sequence = 0;

  constructor(client: KubeClient, options: EventRecorderOptions) {
    this.#client = client;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  record(event: EventInput): void {
    const now = this.#clock.now();
    const key = keyOfStreak(event);
    const note = truncateBytes(event.note, NOTE_BYTES);
    const streak = this.#streaks.get(key);
    if (streak !== undefined && streak.note === note) {
      streak.count++;
      if (now - streak.writtenAt < (this.#options.maxSilence ?? 300_000)) return;
      streak.writtenAt = now;
      this.#enqueue(event, () => this.#writeSeries(event, streak, now));
      return;
    }
    const next: Streak = { note, writtenAt: now, count: 1, name: this.#nameOf(event, now) };
    this.#streaks.delete(key);
    this.#streaks.set(key, next);
    if (this.#streaks.size > LIMIT) {
      for (const oldest of this.#streaks.keys()) {
        this.#streaks.delete(oldest);
        break;
      }
    }
    this.#enqueue(event, () => this.#create(event, next, now));
  }

  flush(): Promise<void> {
    return this.#tail;
  }

  #enqueue(event: EventInput, write: () => Promise<void>): void {
    if (this.#waiting >= LIMIT) {
      this.#options.onError?.(new RangeError(`Cannot record the event: ${LIMIT} others wait to be written`), event);
      return;
    }
    this.#waiting++;
    this.#tail = this.#tail.then(write).catch((error) => this.#options.onError?.(error, event)).finally(() => {
      this.#waiting--;
    });
  }

  async #create(event: EventInput, streak: Streak, now: number): Promise<void> {
    const { controller, instance = controller } = this.#options;
    await this.#client.create<KubeObject>(EVENTS, {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { name: streak.name, namespace: namespaceOf(event) },
      eventTime: microTime(now),
      type: event.type,
      reason: event.reason.slice(0, WORD_LENGTH),
      action: event.action.slice(0, WORD_LENGTH),
      note: streak.note,
      regarding: referenceTo(event.regarding),
      ...(event.related && { related: referenceTo(event.related) }),
      reportingController: controller,
      reportingInstance: instance.slice(0, WORD_LENGTH),
    });
  }

  async #writeSeries(event: EventInput, streak: Streak, now: number): Promise<void> {
    const series = { count: streak.count, lastObservedTime: microTime(now) };
    try {
      await this.#client.patch(EVENTS, streak.name, namespaceOf(event), "merge", { series });
    } catch (error) {
      if (!isKubeError(error, "NotFound")) throw error;
      // The server forgets Events after an hour; the streak goes on as a new one.
      streak.name = this.#nameOf(event, now);
      await this.#create(event, streak, now);
    }
  }

  #nameOf(event: EventInput, now: number): string {
    this.#sequence = (this.#sequence + 1) % 0x1000;
    const suffix = `.${now.toString(16)}${this.#sequence.toString(16).padStart(3, "0")}`;
    return event.regarding.metadata.name.slice(0, 253 - suffix.length) + suffix;
  }
}

function keyOfStreak(event: EventInput): string {
  const object = (of: KubeObject | undefined) =>
    of && [of.apiVersion, of.kind, of.metadata.namespace, of.metadata.name, of.metadata.uid];
  return JSON.stringify([object(event.regarding), object(event.related), event.type, event.reason, event.action]);
}

/** Events about cluster-scoped objects live in `default`, by convention. */
function namespaceOf(event: EventInput): string {
  return event.regarding.metadata.namespace ?? "default";
}

function referenceTo(object: KubeObject): Record<string, string> {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name,
    ...(namespace && { namespace }),
    ...(uid && { uid }),
    ...(resourceVersion && { resourceVersion }),
  };
}

/** RFC 3339 with microseconds, as Kubernetes writes `metav1.MicroTime`. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}

const encoder = new TextEncoder();

/** The longest start of `text` that takes at most `limit` bytes of UTF-8 and cuts no character in two. */
export function truncateBytes(text: string, limit: number): string {
  const room = new Uint8Array(limit);
  const { read } = encoder.encodeInto(text, room);
  return text.slice(0, read);
}
