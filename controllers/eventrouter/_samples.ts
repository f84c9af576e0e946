/** Events for tests. */
import type { CoreEvent } from "../../sinks/mod.ts";
import { enriched, type EnrichedEvent } from "./enriched_event.ts";
import type { ObjectFacts } from "./event.ts";

/** An object of which nothing is known. */
export const NO_FACTS: ObjectFacts = { compositionId: "", labels: {}, annotations: {}, owners: [], exists: true };

/** An Event. */
export function coreEvent(position: number, more: Partial<CoreEvent> = {}): CoreEvent {
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: {
      name: `e${position}`,
      namespace: "default",
      uid: `uid-${position}`,
      resourceVersion: String(position),
      creationTimestamp: "2026-01-01T00:00:00Z",
    },
    involvedObject: { kind: "Pod", name: "web", uid: "object" },
    reason: "Tested",
    message: `message ${position}`,
    type: "Normal",
    ...more,
  };
}

/** An enriched one about the object `key`. */
export function sampleEvent(
  position: number,
  key = "object",
  facts: Partial<ObjectFacts> = {},
  received = 0,
): EnrichedEvent {
  const event = coreEvent(position, { involvedObject: { kind: "Pod", name: key, uid: key } });
  return enriched({ event, source: "", position, listed: false, afterGap: false, received }, {
    ...NO_FACTS,
    ...facts,
  });
}
