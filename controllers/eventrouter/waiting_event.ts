/** An Event that waits for a sink, and is what the sink is given. */
import type { CoreEvent, Delivery } from "../../sinks/mod.ts";
import type { EventView, ObjectFacts } from "./event.ts";
import { countOf } from "./normalize.ts";

/** What is known of an Event beside its text. */
export interface WaitingFacts {
  readonly id: string;
  readonly key: string;
  readonly time: string;
  readonly source: string;
  readonly position: number;
  readonly afterGap: boolean;
  readonly received: number;
  readonly object: ObjectFacts;
  readonly cluster?: string;
}

/**
 * An Event as its text: one that was parsed is five times as large, and they wait by thousands. Made once, kept by all pipelines that
 * took it, and given to their sinks as it is; it is parsed only if one looks into it, and never kept parsed.
 */
export class WaitingEvent implements Delivery, WaitingFacts {
  readonly id: string;
  readonly key: string;
  readonly time: string;
  readonly source: string;
  readonly position: number;
  readonly afterGap: boolean;
  readonly received: number;
  readonly object: ObjectFacts;
  declare readonly cluster?: string;
  /** {@linkcode EventView.body} as JSON, on one line. */
  readonly json: string;
  static #made = 0;
  /** Grows from Event to Event of this process. */
  readonly arrival: number = WaitingEvent.#made++;

  /** The view that was asked for last: whoever reads one field of an Event reads others. */
  static #viewed: { readonly of: WaitingEvent; readonly view: EventView } | undefined;

  constructor(facts: WaitingFacts, json: string) {
    this.id = facts.id;
    this.key = facts.key;
    this.time = facts.time;
    this.source = facts.source;
    this.position = facts.position;
    this.afterGap = facts.afterGap;
    this.received = facts.received;
    this.object = facts.object;
    this.json = json;
    if (facts.cluster) this.cluster = facts.cluster;
  }

  get compositionId(): string {
    return this.object.compositionId;
  }

  get event(): CoreEvent {
    return this.view.event;
  }

  get body(): EventView["body"] {
    return this.view.body;
  }

  /** As rules and layouts see it, read from its text. */
  get view(): EventView {
    const viewed = WaitingEvent.#viewed;
    if (viewed?.of === this) return viewed.view;
    const { id, key, time, received, object } = this;
    // The seam where bytes become types: the text is that of an Event's body.
    const body = JSON.parse(this.json) as Omit<CoreEvent, "apiVersion" | "kind">;
    const event = { apiVersion: "v1", kind: "Event", ...body } as CoreEvent;
    const view = { id, key, time, received, object, event, body, count: countOf(event) };
    WaitingEvent.#viewed = { of: this, view };
    return view;
  }
}
