/** An Event that waits, as a line of a {@linkcode Spill}. */
import { WaitingEvent, type WaitingFacts } from "./waiting_event.ts";

/** JSON has no tab outside of a string, and writes those within as `\t`. */
const SEPARATOR = "\t";

/** One line: what is known of the Event, and its text as it is. */
export function lineOf(waiting: WaitingEvent): string {
  const { id, key, time, source, position, afterGap, received, object, cluster } = waiting;
  const facts: WaitingFacts = {
    id,
    key,
    time,
    source,
    position,
    afterGap,
    received,
    object,
    ...(cluster && { cluster }),
  };
  return JSON.stringify(facts) + SEPARATOR + waiting.json;
}

/** The Event of a {@linkcode lineOf}. */
export function ofLine(line: string): WaitingEvent {
  const end = line.indexOf(SEPARATOR);
  // The seam where bytes become types: `lineOf` alone writes such lines.
  return new WaitingEvent(JSON.parse(line.slice(0, end)) as WaitingFacts, line.slice(end + 1));
}
