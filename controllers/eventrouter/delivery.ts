/** From an Event that waits to what a sink is given. */
import type { Delivery } from "../../sinks/mod.ts";
import { type Layout, PRESETS } from "./presets.ts";
import type { WaitingEvent } from "./waiting_event.ts";

/** What a sink is given of an Event: itself, where it is sent as it is. */
export function deliveryOf(waiting: WaitingEvent, layout: Layout): Delivery {
  if (layout === PRESETS.raw) return waiting;
  const { view } = waiting;
  return { ...labelsOf(waiting), event: view.event, body: layout(view, waiting.cluster) };
}

/** For a dead letter: the Event as it was, and why it comes. */
export function deadLetterOf(
  waiting: WaitingEvent,
  letter: { readonly registration: string; readonly reason: string; readonly time: string },
): Delivery {
  const { event, body } = waiting.view;
  return { ...labelsOf(waiting), event, body: { ...letter, event: body } };
}

function labelsOf({ id, key, time, compositionId, cluster }: WaitingEvent) {
  return { id, key, time, compositionId, ...(cluster && { cluster }) };
}
