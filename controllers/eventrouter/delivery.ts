/** From an Event that waits to what a sink is given. */
import type { CoreEvent, Delivery } from "../../sinks/mod.ts";
import type { EventView, WaitingEvent } from "./event.ts";
import { countOf } from "./normalize.ts";
import { type Layout, PRESETS } from "./presets.ts";

/** The Event as rules and layouts see it, read from its text. */
export function viewOf({ id, key, time, received, object, text }: WaitingEvent): EventView {
  // The seam where bytes become types: the text is that of an Event's body.
  const body = JSON.parse(text) as Omit<CoreEvent, "apiVersion" | "kind">;
  const event = { apiVersion: "v1", kind: "Event", ...body } as CoreEvent;
  return { id, key, time, received, object, event, body, count: countOf(event) };
}

/** What a sink is given of an Event. */
export function deliveryOf(waiting: WaitingEvent, layout: Layout, cluster: string | undefined): Delivery {
  if (layout === PRESETS.raw) return new AsItIs(waiting, cluster);
  const view = viewOf(waiting);
  return { ...labelsOf(waiting, cluster), event: view.event, body: layout(view, cluster) };
}

/**
 * An Event that is sent as it is: parsed only if the sink looks into it. A class, since there are thousands at a time, and an object
 * with accessors of its own is ten times as large.
 */
class AsItIs implements Delivery {
  readonly id: string;
  readonly key: string;
  readonly time: string;
  readonly compositionId: string;
  readonly json: string;
  declare readonly cluster?: string;
  readonly #waiting: WaitingEvent;
  #view: EventView | undefined;

  constructor(waiting: WaitingEvent, cluster: string | undefined) {
    this.id = waiting.id;
    this.key = waiting.key;
    this.time = waiting.time;
    this.compositionId = waiting.object.compositionId;
    this.json = waiting.text;
    this.#waiting = waiting;
    if (cluster) this.cluster = cluster;
  }

  get event(): CoreEvent {
    return this.#read().event;
  }

  get body(): EventView["body"] {
    return this.#read().body;
  }

  #read(): EventView {
    return this.#view ??= viewOf(this.#waiting);
  }
}

/** For a dead letter: the Event as it was, and why it comes. */
export function deadLetterOf(
  waiting: WaitingEvent,
  letter: { readonly registration: string; readonly reason: string; readonly time: string },
  cluster: string | undefined,
): Delivery {
  const { event, body } = viewOf(waiting);
  return { ...labelsOf(waiting, cluster), event, body: { ...letter, event: body } };
}

function labelsOf({ id, key, time, object: { compositionId } }: WaitingEvent, cluster: string | undefined) {
  return { id, key, time, compositionId, ...(cluster && { cluster }) };
}
