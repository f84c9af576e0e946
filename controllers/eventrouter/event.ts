/** An Event on its way through the router. */
import type { CoreEvent } from "../../sinks/mod.ts";

/** An Event as the API server told of it. */
export interface SourcedEvent {
  readonly event: CoreEvent;
  /** Which watch it came from: the namespace, empty for all of them. */
  readonly source: string;
  /** `resourceVersion` as a number: grows along a watch. */
  readonly position: number;
  /** It was there when the router looked for the first time; otherwise it came afterwards. */
  readonly listed: boolean;
  /** Versions before it may have been left out: a list tells the last one of each Event alone. */
  readonly afterGap: boolean;
  /** When the router read it, ms since the epoch. */
  readonly received: number;
}

/** What is known of the involved object. */
export interface ObjectFacts {
  /** UID of its composition; empty without one. */
  readonly compositionId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly owners: readonly OwnerFact[];
  /** Whether it is there. */
  readonly exists: boolean;
}

/** One owner of an object. */
export interface OwnerFact {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** What rules and layouts see of an Event. */
export interface EventView {
  /** `<uid>/<resourceVersion>`. */
  readonly id: string;
  /** UID of the involved object, of the Event where it has none. */
  readonly key: string;
  /** When it happened, RFC 3339. */
  readonly time: string;
  readonly count: number;
  /** When the router read it, ms since the epoch. */
  readonly received: number;
  readonly object: ObjectFacts;
  readonly event: CoreEvent;
  /** The original's POST body. */
  readonly body: Readonly<Record<string, unknown>>;
}
