/** What a stream can be resumed from. */
import type { EventId } from "./event_id.ts";
import { parseEventId } from "./event_id.ts";

/** One kept event. */
export interface Entry {
  /** Its number in the journal. */
  readonly seq: number;
}

/** Events in the order of their numbers, the oldest of them gone at some time. */
export interface Journal<E extends Entry> {
  readonly epoch: string;
  /** Number of the newest event ever kept; 0 where there was none. */
  readonly head: number;
  /** Everything after this number is still there. */
  readonly evicted: number;
  /** What comes after a number, oldest first. */
  after(seq: number): Iterable<E>;
}

/** Why a client cannot go on where it stopped. */
export type ResetReason =
  /** No id of this server's kind. */
  | "malformed"
  /** An id of another life of the journal. */
  | "unknown-epoch"
  /** The events after it are no longer kept. */
  | "evicted"
  /** An id that this journal has not given yet: it was restored from an older state. */
  | "ahead";

/** Where a new connection begins. */
export type Resume =
  /** With what happens from now on. */
  | { readonly type: "live"; readonly after: number }
  /** With what it missed: nothing is lost. */
  | { readonly type: "replay"; readonly after: number }
  /** Something may be lost: the client is told, and gets what is left. */
  | { readonly type: "reset"; readonly after: number; readonly reason: ResetReason };

/** The id that asks for all that is kept. */
export const EARLIEST = "earliest";

/** Decides where a connection begins that sent `lastEventId`. */
export function resumeFrom(journal: Omit<Journal<Entry>, "after">, lastEventId: string | undefined): Resume {
  if (lastEventId === undefined || lastEventId === "") return { type: "live", after: journal.head };
  if (lastEventId === EARLIEST) return { type: "replay", after: journal.evicted };
  const id = parseEventId(lastEventId);
  const reason = resetReason(journal, id);
  if (id === undefined || reason !== undefined) {
    return { type: "reset", after: journal.evicted, reason: reason ?? "malformed" };
  }
  return { type: "replay", after: id.seq };
}

function resetReason(journal: Omit<Journal<Entry>, "after">, id: EventId | undefined): ResetReason | undefined {
  if (id === undefined) return "malformed";
  if (id.epoch !== journal.epoch) return "unknown-epoch";
  if (id.seq < journal.evicted) return "evicted";
  if (id.seq > journal.head) return "ahead";
  return undefined;
}
