/**
 * What a sink is: the one interface between eventrouter and everything that it can deliver to.
 *
 * The router owns order, batching, queues, retries and acknowledgement; a sink only turns one batch into one exchange with its server.
 */
import type { KubeObject } from "../lib/mod.ts";

/** An Event in the shape of core/v1, whichever API it was read from; unknown fields are kept. */
export interface CoreEvent extends KubeObject {
  readonly involvedObject: {
    readonly apiVersion?: string;
    readonly kind?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly fieldPath?: string;
  };
  readonly reason?: string;
  readonly message?: string;
  /** `Normal` or `Warning`. */
  readonly type?: string;
  readonly count?: number;
  readonly source?: { readonly component?: string; readonly host?: string };
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly reportingComponent?: string;
  readonly reportingInstance?: string;
}

/** One Event on its way to a sink. Read its fields by their names: not all are the object's own, so `{...delivery}` lacks some. */
export interface Delivery {
  /** `<uid>/<resourceVersion>`: the same for each attempt, so that a sink that stores can drop what it has. */
  readonly id: string;
  /** The Event, with the label `krateo.io/composition-id`. */
  readonly event: CoreEvent;
  /** What to send: the Registration's layout applied to the Event; the Event itself without one. JSON. */
  readonly body: unknown;
  /** {@linkcode body} as JSON on one line, where it is at hand: then neither `body` nor `event` is read before somebody asks. */
  readonly json?: string;
  /** UID of the involved object (of the Event where it has none): deliveries of one key keep their order. */
  readonly key: string;
  /** When it happened, RFC 3339: the Event's `eventTime`, else `lastTimestamp`, `firstTimestamp`, `creationTimestamp`. */
  readonly time: string;
  /** Value of the label `krateo.io/composition-id`; empty where the object belongs to no composition. */
  readonly compositionId: string;
  /** Name of the cluster, where the router was given one. */
  readonly cluster?: string;
}

/** An open connection to one destination. */
export interface Sink {
  /**
   * Sends a batch in its order; resolves once the destination has acknowledged all of it.
   *
   * @param signal Aborts at the Registration's timeout and when the router stops.
   * @throws {SinkError} Saying whether to try again. Any other error is taken for `Unavailable`.
   */
  send(batch: readonly Delivery[], signal: AbortSignal): Promise<void>;
  /** Ends connections; nothing is sent afterwards. */
  close(): Promise<void>;
}

/** Names a key of a Secret; sinks never take a secret from a plain field. */
export interface SecretRef {
  readonly name: string;
  /** Default: the router's own namespace. */
  readonly namespace?: string;
  readonly key: string;
}

/** What a sink may use while it opens. */
export interface SinkContext {
  /** Name of the Registration, for messages. */
  readonly name: string;
  /** Reads a Secret's key as text. When the Secret changes, the router closes the sink and opens it anew. */
  secret(ref: SecretRef): Promise<string>;
}

/** One kind of sink: what `spec.sink.<name>` of a Registration means. */
export interface SinkKind<Settings> {
  /** Field of `spec.sink`, and name in metrics: `webhook`, `nats`. */
  readonly name: string;
  /** Structural schema (OpenAPI v3, as in a CRD) of the settings; the API server refuses what does not fit. */
  readonly schema: SinkSchema;
  /** Whether {@linkcode Sink.send} resolving means that the destination has stored the batch: such sinks take part in the checkpoint. */
  readonly acknowledges: boolean;
  /** Batches of Registrations that say nothing: Events, bytes, and ms that a batch may wait to be filled. */
  readonly batch?: { readonly count?: number; readonly bytes?: number; readonly wait?: number };
  /** Checks the settings and connects as far as this can fail for good; client libraries are loaded here, not before. */
  open(settings: Settings, context: SinkContext): Promise<Sink>;
}

/** A structural schema of a CRD. */
export type SinkSchema = Readonly<Record<string, unknown>>;

/**
 * Why a batch was not delivered.
 *
 * * `Unavailable`: try again later (network, timeout, 408, 429, 5xx).
 * * `Refused`: this batch will never be taken (other 4xx, too large, malformed): it goes to the dead letter.
 * * `Misconfigured`: no batch will be taken until settings or secrets change (TLS, authentication, missing stream).
 */
export type SinkErrorReason = "Unavailable" | "Refused" | "Misconfigured";

/** Options of {@linkcode SinkError}. */
export interface SinkErrorOptions extends ErrorOptions {
  /** Earliest next attempt, ms from now (`Retry-After`). */
  readonly retryAfter?: number;
  /** Where some of the batch was taken: the deliveries that this error is about, each with its own reason. The others are acknowledged. */
  readonly failed?: readonly { readonly id: string; readonly reason: SinkErrorReason; readonly message: string }[];
}

/** A failed {@linkcode Sink.send} or {@linkcode SinkKind.open}. */
export class SinkError extends Error {
  override readonly name = "SinkError";
  readonly reason: SinkErrorReason;
  /** Earliest next attempt, ms from now. */
  readonly retryAfter?: number;
  /** Deliveries that failed where others of the batch were taken. */
  readonly failed?: SinkErrorOptions["failed"];

  constructor(reason: SinkErrorReason, message: string, options: SinkErrorOptions = {}) {
    super(message, options);
    this.reason = reason;
    if (options.retryAfter !== undefined) this.retryAfter = options.retryAfter;
    if (options.failed !== undefined) this.failed = options.failed;
  }
}
