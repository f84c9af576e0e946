/** An Event and what is known of its object, made once for all Registrations. */
import type { ObjectMeta } from "../../lib/kube/mod.ts";
import type { CoreEvent } from "../../sinks/mod.ts";
import { COMPOSITION_ID } from "./api.ts";
import type { EventView, ObjectFacts, SourcedEvent } from "./event.ts";
import { countOf, originalBody, timeOf } from "./normalize.ts";
import { WaitingEvent } from "./waiting_event.ts";

/** An Event with all that the Registrations' pipelines ask of it: made once, shown to all, kept by none. */
export interface EnrichedEvent extends SourcedEvent, EventView {
  /** What is kept of it. */
  readonly waiting: WaitingEvent;
}

/** The Event with what is known of its object. */
export function enriched(sourced: SourcedEvent, object: ObjectFacts, cluster?: string): EnrichedEvent {
  const { event } = sourced;
  const { metadata } = event;
  const routed: CoreEvent = { ...event, metadata: labelled(metadata, object.compositionId) };
  const body = originalBody(routed);
  const { source, position, listed, afterGap, received } = sourced;
  const id = `${metadata.uid}/${metadata.resourceVersion}`;
  const key = event.involvedObject.uid || metadata.uid || "";
  const time = timeOf(event);
  const facts = { id, key, time, source, position, afterGap, received, object, ...(cluster && { cluster }) };
  const waiting = new WaitingEvent(facts, JSON.stringify(body));
  const count = countOf(event);
  return { event: routed, source, position, listed, afterGap, received, id, key, time, count, object, body, waiting };
}

/** With the label, in Go's order; a field that is `undefined` is none in JSON. */
function labelled(metadata: ObjectMeta, compositionId: string): ObjectMeta {
  const { name, generateName, namespace, uid, resourceVersion, generation, creationTimestamp, ...rest } = metadata;
  const { labels, ...others } = rest;
  const first = { name, generateName, namespace, uid, resourceVersion, generation, creationTimestamp };
  // Literals of one shape are many times as fast as adding fields one by one, and this is done for every Event.
  return { ...first, labels: { ...labels, [COMPOSITION_ID]: compositionId }, ...others } as ObjectMeta;
}
