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

/** What a sink is given of an Event. One that is sent as it is, is parsed only if the sink looks into it. */
export function deliveryOf(waiting: WaitingEvent, layout: Layout, cluster: string | undefined): Delivery {
  if (layout !== PRESETS.raw) {
    const view = viewOf(waiting);
    return { ...labelsOf(waiting, cluster), event: view.event, body: layout(view, cluster) };
  }
  let view: EventView | undefined;
  const read = () => view ??= viewOf(waiting);
  return {
    ...labelsOf(waiting, cluster),
    json: waiting.text,
    get event() {
      return read().event;
    },
    get body() {
      return read().body;
    },
  };
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
