/** Which Events one Registration is done with: what makes a restart lose nothing and repeat nothing. */

/** What a checkpoint keeps of one watch. Positions are `resourceVersion`s. */
export interface LedgerState {
  /** Everything up to here was looked at: it is done with, unless it is pending. */
  readonly seen: number;
  /** From and to, both included: taken and not acknowledged. */
  readonly pending: readonly (readonly [number, number])[];
  /** Acknowledged though beyond `seen`. */
  readonly acknowledged?: readonly number[];
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
 */
export class Ledger {
  readonly #before: LedgerState;
  readonly #doneBefore: ReadonlySet<number>;
  /** How far the watch has come in this process. */
  #cursor = 0;
  /** Position and ordinal of what was taken: neighbours in order make one range. */
  readonly #pending = new Map<number, number>();
  #ordinal = 0;
  /** From and to, both included: what waits on disk is not listed one by one. */
  #spilled: [number, number] | undefined;

  /** @param before What an earlier process knew; absent, there was none. */
  constructor(before?: LedgerState) {
    this.#before = before ?? { seen: 0, pending: [] };
    this.#doneBefore = new Set(before?.acknowledged);
  }

  /** The watch has come to this position: whether its Event is still to be taken. */
  look(position: number): boolean {
    if (position > this.#cursor) this.#cursor = position;
    const wanted = this.#wants(position);
    // What an earlier process was done with is no neighbour: a range must not reach over it.
    if (!wanted) this.#ordinal++;
    return wanted;
  }

  /** It was taken, and waits behind everything that was taken before. */
  spill(position: number): void {
    if (this.#spilled === undefined) this.#spilled = [position, position];
    else this.#spilled[1] = position;
  }

  /** The first of those that wait does so no more, but is to be acknowledged. */
  unspill(position: number): void {
    this.take(position);
    if (this.#spilled === undefined) return;
    this.#spilled[0] = position + 1;
    if (this.#spilled[0] > this.#spilled[1]) this.#spilled = undefined;
  }

  /** It was taken and is to be acknowledged. */
  take(position: number): void {
    this.#pending.set(position, this.#ordinal++);
  }

  /** It is done with. */
  resolve(position: number): void {
    this.#pending.delete(position);
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
    return {
      seen: Math.max(seen, this.#cursor),
      pending: [...this.#ranges(), ...(this.#spilled ? [[...this.#spilled] as const] : []), ...ahead],
      ...(acknowledged.length > 0 && { acknowledged }),
    };
  }

  #wants(position: number): boolean {
    if (this.#doneBefore.has(position)) return false;
    return position > this.#before.seen ||
      this.#before.pending.some(([from, to]) => from <= position && position <= to);
  }

  #ranges(): [number, number][] {
    const ranges: [number, number][] = [];
    let last: [number, number] | undefined;
    let next = -1;
    for (const [position, ordinal] of this.#pending) {
      if (last !== undefined && ordinal === next) last[1] = position;
      else ranges.push(last = [position, position]);
      next = ordinal + 1;
    }
    return ranges;
  }
}

/** The state after acknowledgements that came since it was kept. */
export function withAcknowledged(state: LedgerState, positions: Iterable<number>): LedgerState {
  const acknowledged = new Set([...state.acknowledged ?? [], ...positions]);
  return { ...state, acknowledged: [...acknowledged] };
}
