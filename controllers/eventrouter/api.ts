/** `Registration` of `eventrouter.krateo.io/v1alpha1`: the original's two fields, and what a sink needs beyond them. */
import type { ApiResource, Condition, KubeObject } from "../../lib/kube/mod.ts";

/** Somebody who wants to be told of Events. */
export interface Registration extends KubeObject {
  spec?: RegistrationSpec;
  status?: RegistrationStatus;
}

/** `spec`. Durations are Go's: `500ms`, `1m30s`. */
export interface RegistrationSpec extends Route {
  /** Name of the service, for messages. */
  readonly serviceName?: string;
  /** URL that Events are POSTed to; short for `sink.webhook.url`. */
  readonly endpoint?: string;
  /** One kind of sink, with its settings. */
  readonly sink?: SinkChoice;
  readonly layout?: LayoutSpec;
  readonly batch?: BatchSpec;
  readonly retry?: RetrySpec;
  /** Batches on their way at once; Events of one object are never on their way in two. */
  readonly concurrency?: number;
  readonly queue?: QueueSpec;
  /** Where Events go that the sink refuses. */
  readonly deadLetter?: { readonly sink: SinkChoice };
  readonly rateLimit?: { readonly perSecond: number; readonly burst?: number };
  /** Updates of one Event (its count grew) that come sooner than this after the last one are left out; `-1s`: all of them are. */
  readonly dedupInterval?: string;
  /** Events that happened longer ago are left out. */
  readonly maxAge?: string;
  /** `All`: also Events from before the Registration. Default `None`. */
  readonly history?: "None" | "All";
  /** Whether the sink's acknowledgement holds the checkpoint. Default: where the sink acknowledges. */
  readonly atLeastOnce?: boolean;
  /** Nothing is sent, what comes is queued. */
  readonly paused?: boolean;
}

/** `{ <kind>: <settings> }`, exactly one. */
export type SinkChoice = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Patterns that all have to match. Strings are RE2. */
export interface Rule {
  /** Patterns match the whole text; they match anywhere in it by default. */
  readonly anchored?: boolean;
  /** Of the involved object. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Of the involved object. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly message?: string;
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly reason?: string;
  readonly type?: string;
  readonly component?: string;
  readonly host?: string;
  /** How often the Event must have been counted. */
  readonly minCount?: number;
}

/**
 * A node of the route tree.
 *
 * An Event that one of `drop` matches is not taken. Without `routes`, what any of `match` matches is taken, and everything where
 * there is no `match`. With `routes`, an Event that all of `match` match is taken if one of `routes` takes it.
 */
export interface Route {
  readonly drop?: readonly Rule[];
  readonly match?: readonly Rule[];
  readonly routes?: readonly Route[];
}

/** What is sent: a ready form, or a structure with templates. */
export interface LayoutSpec {
  readonly preset?: LayoutPreset;
  /** JSON; each string in it is a Go template over the Event. */
  readonly template?: Readonly<Record<string, unknown>>;
}

/** Ready forms. */
export type LayoutPreset = "raw" | "cloudevents" | "otlp" | "slack" | "teams";

/** A batch is sent when one of these is reached. */
export interface BatchSpec {
  readonly count?: number;
  readonly bytes?: number;
  /** Since its first Event. */
  readonly wait?: string;
}

/** What happens after a failed attempt. */
export interface RetrySpec {
  /** Of one attempt. */
  readonly timeout?: string;
  /** Bound of the first random delay; doubled a failure. */
  readonly initialDelay?: string;
  readonly maxDelay?: string;
  /** Then the batch goes to the dead letter; 0 for never. */
  readonly attempts?: number;
  /** Failures in a row after which only one attempt at a time is made. */
  readonly breakerFailures?: number;
}

/** What a sink that is slow or down may hold. */
export interface QueueSpec {
  readonly items?: number;
  readonly bytes?: number;
  readonly policy?: QueuePolicy;
  /** Bytes on disk, for `Spill`. */
  readonly spillBytes?: number;
}

/** What happens when a queue is full. `BlockSource` holds every Registration up. */
export type QueuePolicy = "BlockSource" | "DropOldest" | "Spill" | "DeadLetter";

/** `status`. Written when a condition changes, and of counters at most twice a minute while they do. */
export interface RegistrationStatus {
  conditions?: Condition[];
  observedGeneration?: number;
  /** Since the router started. */
  counters?: Counters;
  lastError?: { message: string; time: string };
  [field: string]: unknown;
}

/** What became of Events. */
export interface Counters {
  delivered: number;
  retried: number;
  dropped: number;
  deadLettered: number;
  queued: number;
  /** s between now and the oldest Event that waits. */
  lagSeconds: number;
}

/** The Registration's resource. */
export const REGISTRATIONS: ApiResource = {
  group: "eventrouter.krateo.io",
  version: "v1alpha1",
  kind: "Registration",
  plural: "registrations",
  namespaced: false,
};

/** Label that tells the composition of an object, and that Events are sent with. */
export const COMPOSITION_ID = "krateo.io/composition-id";
