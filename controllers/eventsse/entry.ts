/** A message that was kept: numbered, and encoded once for everyone. */
import { encodeFrame, type Filter, formatEventId, type HubEntry, type RingEntry } from "../../lib/sse/mod.ts";
import type { Message } from "./message.ts";

/** What a history keeps and the hub sends. */
export interface StreamEntry extends HubEntry, RingEntry {
  readonly message: Omit<Message, "data">;
  /** All frames of the event, one after the other. */
  readonly frames: Uint8Array;
  /** Where each frame ends, in the order of the message's names. */
  readonly ends: readonly number[];
}

/** Bytes of an entry beyond its frames, roughly. */
const OVERHEAD = 600;

/** Gives a message its place. The text of its data is in the frames alone, so that it is kept once. */
export function makeEntry(message: Message, epoch: string, seq: number, kept: number): StreamEntry {
  const id = formatEventId({ epoch, seq });
  const { data, ...rest } = message;
  const encoded = message.names.map((event) => encodeFrame({ event, id, data }));
  const frames = new Uint8Array(encoded.reduce((sum, { length }) => sum + length, 0));
  const ends: number[] = [];
  let end = 0;
  for (const frame of encoded) {
    frames.set(frame, end);
    ends.push(end += frame.length);
  }
  return { seq, kept, size: frames.length + OVERHEAD, labels: message.labels, message: rest, frames, ends };
}

/**
 * What a client with this filter sees of an entry: frames of the topics that it asked for, the composition's own where it asked
 * for compositions, else all; so that nobody gets an Event twice who did not ask for it under both names.
 */
export function viewOf(entry: StreamEntry, filter: Filter): Uint8Array {
  const { names, source } = entry.message;
  const topics = filter["topic"] ?? [];
  const byComposition = topics.length === 0 && (filter["composition"]?.length ?? 0) > 0 && source === "kubernetes";
  const first = names.findIndex((name, index) =>
    byComposition ? index === names.length - 1 : topics.length === 0 || topics.includes(name)
  );
  const last = names.findLastIndex((name) => byComposition || topics.length === 0 || topics.includes(name));
  if (first < 0 || last < 0) return entry.frames;
  return entry.frames.subarray(first === 0 ? 0 : entry.ends[first - 1], entry.ends[last]);
}

const decoder = new TextDecoder();

/** The event's data: of a Kubernetes Event its JSON. */
export function dataOf(entry: StreamEntry): string {
  const text = decoder.decode(entry.frames.subarray(0, entry.ends[0]));
  const lines = text.split("\n").filter((line) => line.startsWith("data: "));
  return lines.map((line) => line.slice("data: ".length)).join("\n");
}
