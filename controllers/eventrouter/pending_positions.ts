/** Positions that were taken and are not done with. */

/** In the place of an ordinal: it is done with. */
const DONE = -1;
/** Places of what is done with that are kept at least, so that tidying up pays. */
const SLACK = 1_024;

/**
 * Positions in ascending order, each with an ordinal; done with in any order.
 *
 * Two arrays that grow at one end and are tidied up from time to time: a `Map` would ask for memory for every Event of every pipeline.
 */
export class PendingPositions {
  #positions: number[] = [];
  #ordinals: number[] = [];
  #done = 0;

  /** @param position Above all before. */
  add(position: number, ordinal: number): void {
    this.#positions.push(position);
    this.#ordinals.push(ordinal);
  }

  /** Whether it was pending; it is not any more. */
  delete(position: number): boolean {
    const at = this.#find(position);
    if (this.#positions[at] !== position || this.#ordinals[at] === DONE) return false;
    this.#ordinals[at] = DONE;
    this.#done++;
    if (this.#done > SLACK && this.#done * 2 > this.#positions.length) this.#tidy();
    return true;
  }

  /** Calls `visit` with each, in order. */
  forEach(visit: (position: number, ordinal: number) => void): void {
    for (const [at, position] of this.#positions.entries()) {
      const ordinal = this.#ordinals[at] ?? DONE;
      if (ordinal !== DONE) visit(position, ordinal);
    }
  }

  /** Place of the first that is not below. */
  #find(position: number): number {
    let from = 0;
    let to = this.#positions.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#positions[middle] ?? 0) < position) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #tidy(): void {
    const left = this.#ordinals.map((ordinal) => ordinal !== DONE);
    this.#positions = this.#positions.filter((_, at) => left[at]);
    this.#ordinals = this.#ordinals.filter((_, at) => left[at]);
    this.#done = 0;
  }
}
