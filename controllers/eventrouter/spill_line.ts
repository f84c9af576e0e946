/** An Event that waits, as a line of a {@linkcode Spill}. */
import type { WaitingEvent } from "./event.ts";

/** JSON has no tab outside of a string, and writes those within as `\t`. */
const SEPARATOR = "\t";

/** One line: what is known of the Event, and its text as it is. */
export function lineOf({ text, ...known }: WaitingEvent): string {
  return JSON.stringify(known) + SEPARATOR + text;
}

/** The Event of a {@linkcode lineOf}. */
export function ofLine(line: string): WaitingEvent {
  const end = line.indexOf(SEPARATOR);
  // The seam where bytes become types: `lineOf` alone writes such lines.
  const known = JSON.parse(line.slice(0, end)) as Omit<WaitingEvent, "text">;
  return { ...known, text: line.slice(end + 1) };
}
