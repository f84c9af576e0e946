/** Which Events one Registration is done with: what makes a restart lose nothing and repeat nothing. */

import { PendingPositions } from "./pending_positions.ts";

/** What a checkpoint keeps of one watch. Positions are `resourceVersion`s. */
export interface LedgerState {
  /** Everything up to here was looked at: it is done with, unless it is pending. */
  readonly seen: number;
  /** From and to, both included: taken and not acknowledged. What a list left out lies between two ranges, not within one. */
  readonly pending: readonly (readonly [number, number])[];
  /** Acknowledged though beyond `seen`. */
  readonly acknowledged?: readonly number[];
  /** There were too many ranges: some reach over what a list left out. Only another list tells what of them is still to be sent. */
  readonly coarse?: true;
}

/**
 * Ranges above which those that only a gap separates become one: a checkpoint has to stay small. They are the last ones, furthest
 * from being sent.
 */
const EXACT = 4_000;

/** Why there is something between two that are pending: a list left it out, or the rules did. */
type Gap = "list" | "rules";

/** What waits on disk, one after the other. */
interface SpilledRange {
  from: number;
  to: number;
  /** Its first one is still there. */
  whole: boolean;
  /** It reaches over what a list left out. */
  coarse: boolean;
}

/**
 * What one Registration took from one watch, which comes in the order of positions.
 *
 *     looked at: 1 2 3 4 5 6          seen 6
 *     taken:       2   4 5
 *     done:            4              pending 2, 5
 *
 * After a restart the watch begins after {@linkcode low}; what comes again is taken again only where it was pending. What is kept is
 * as large as the queue, however much went through.
 *
 * Not every position that a watch tells after a restart was looked at before it: a list tells only the last version of each Event, and
 * the watch from {@linkcode low} then tells the earlier ones as well. A range that reached over them would have them sent after what
 * took their place. So a range ends where there is a gap; and where there are too many for that, a restart begins with another list,
 * which does not tell the earlier ones either ({@linkcode LedgerState.coarse}).
 */
export class Ledger {
  readonly #before: LedgerState;
  readonly #doneBefore: ReadonlySet<number>;
  /** Ranges of before that end before the last position that was asked for. */
  #passed = 0;
  /** How far the watch has come in this process. */
  #cursor = 0;
  /** Position and ordinal of what was taken: neighbours in order make one range. */
  readonly #pending = new PendingPositions();
  #ordinal = 0;
  /** Pending positions before which something may have been left out. */
  readonly #gaps = new Map<number, Gap>();
  /** What waits on disk is not listed one by one. */
  readonly #spilled: SpilledRange[] = [];
  /** What lies between what was taken last and what is taken next. */
  #between: Between = { done: false };
  /** What was looked at last was to be taken, and was not. */
  #left = false;

  readonly #exact: number;

  /**
   * @param before What an earlier process knew; absent, there was none.
   * @param exact Ranges above which gaps are given up.
   */
  constructor(before?: LedgerState, exact: number = EXACT) {
    this.#exact = exact;
    this.#before = before ?? { seen: 0, pending: [] };
    this.#doneBefore = new Set(before?.acknowledged);
  }

  /**
   * The watch has come to this position: whether its Event is still to be taken.
   *
   * @param afterGap Not everything before it was told.
   */
  look(position: number, afterGap = false): boolean {
    if (position > this.#cursor) this.#cursor = position;
    const wanted = this.#wants(position);
    // What an earlier process was done with is no neighbour: a range must not reach over it.
    if (!wanted) this.#between.done = true;
    // Nor is what the rules left out: they, or what they remember, may be others after a restart.
    if (afterGap) this.#between.gap = "list";
    else if (this.#left) this.#between.gap ??= "rules";
    this.#left = wanted;
    return wanted;
  }

  /** It was taken, and waits behind everything that was taken before. */
  spill(position: number): void {
    const { done, gap } = this.#begin();
    const last = this.#spilled.at(-1);
    if (last === undefined || done || (gap && this.#spilled.length < this.#exact)) {
      this.#spilled.push({ from: position, to: position, whole: true, coarse: false });
    } else {
      last.to = position;
      last.coarse ||= gap === "list";
    }
  }

  /** The first of those that wait does so no more, but is to be acknowledged. */
  unspill(position: number, afterGap = false): void {
    const [first] = this.#spilled;
    this.#add(position, { done: first?.whole ?? false, ...(afterGap && { gap: "list" }) });
    if (first === undefined) return;
    first.from = position + 1;
    first.whole = false;
    if (first.from > first.to) this.#spilled.shift();
  }

  /** It was taken and is to be acknowledged. */
  take(position: number): void {
    this.#add(position, this.#begin());
  }

  /** It is done with. */
  resolve(position: number): void {
    this.#pending.delete(position);
    if (this.#gaps.size > 0) this.#gaps.delete(position);
  }

  /** Position after which a watch must begin for nothing to be lost. */
  get low(): number {
    const { seen, pending } = this.state();
    const first = pending[0];
    return first === undefined ? seen : first[0] - 1;
  }

  /** What a checkpoint is to keep. */
  state(): LedgerState {
    const { seen, pending } = this.#before;
    const ahead = pending.filter(([, to]) => to > this.#cursor).map(([from, to]): [number, number] => {
      return [Math.max(from, this.#cursor + 1), to];
    });
    const acknowledged = [...this.#doneBefore].filter((position) => position > this.#cursor);
    const { ranges, coarse } = this.#ranges();
    const spilled = this.#spilled.map(({ from, to }): [number, number] => [from, to]);
    const isCoarse = coarse || this.#spilled.some(({ coarse }) => coarse) || (this.#before.coarse && ahead.length > 0);
    return {
      seen: Math.max(seen, this.#cursor),
      pending: [...ranges, ...spilled, ...ahead],
      ...(acknowledged.length > 0 && { acknowledged }),
      ...(isCoarse && { coarse: true }),
    };
  }

  #wants(position: number): boolean {
    if (this.#doneBefore.has(position)) return false;
    if (position > this.#before.seen) return true;
    const { pending } = this.#before;
    // Both grow: what the watch has passed is never asked for again.
    while (this.#passed < pending.length && (pending[this.#passed]?.[1] ?? 0) < position) this.#passed++;
    const next = pending[this.#passed];
    return next !== undefined && next[0] <= position;
  }

  /** What lies before the one that is taken now. */
  #begin(): Between {
    const between = this.#between;
    this.#between = { done: false };
    this.#left = false;
    return between;
  }

  #add(position: number, { done, gap }: Between): void {
    if (done) this.#ordinal++;
    if (gap !== undefined) this.#gaps.set(position, gap);
    this.#pending.add(position, this.#ordinal++);
  }

  #ranges(): { readonly ranges: [number, number][]; readonly coarse: boolean } {
    const ranges: [number, number][] = [];
    let coarse = false;
    let last: [number, number] | undefined;
    let next = -1;
    this.#pending.forEach((position, ordinal) => {
      const gap = this.#gaps.get(position);
      const apart = gap !== undefined && ranges.length < this.#exact;
      if (last !== undefined && ordinal === next && !apart) {
        last[1] = position;
        coarse ||= gap === "list";
      } else ranges.push(last = [position, position]);
      next = ordinal + 1;
    });
    return { ranges, coarse };
  }
}

/** What lies before a position that is taken. */
interface Between {
  /** Something that an earlier process was done with. */
  done: boolean;
  gap?: Gap;
}

/** The state after acknowledgements that came since it was kept. */
export function withAcknowledged(state: LedgerState, positions: Iterable<number>): LedgerState {
  const acknowledged = new Set([...state.acknowledged ?? [], ...positions]);
  return { ...state, acknowledged: [...acknowledged] };
}
