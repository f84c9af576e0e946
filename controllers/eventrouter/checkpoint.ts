/** What outlives the process: how far each Registration has come. */
import { type LedgerState, withAcknowledged } from "./ledger.ts";

/** By UID of the Registration, then by source. */
export type Positions = Readonly<Record<string, Readonly<Record<string, LedgerState>>>>;

/** Where positions are kept. */
export interface Checkpoint {
  /** What was kept last; empty where nothing was. */
  load(): Promise<Positions>;
  /** Keeps positions in place of those before. */
  save(positions: Positions): Promise<void>;
  /** Notes acknowledgements at once, where that is possible; they are part of the next {@linkcode save}. */
  acknowledged?(registration: string, source: string, positions: readonly number[]): void;
  close(): void;
}

/** A line of a journal. */
export interface Acknowledgement {
  readonly registration: string;
  readonly source: string;
  readonly positions: readonly number[];
}

/** Positions with the acknowledgements that came after they were kept. */
export function replay(positions: Positions, acknowledgements: Iterable<Acknowledgement>): Positions {
  const result: Record<string, Record<string, LedgerState>> = structuredClone(positions);
  for (const { registration, source, positions } of acknowledgements) {
    const sources = result[registration] ??= {};
    sources[source] = withAcknowledged(sources[source] ?? { seen: 0, pending: [] }, positions);
  }
  return result;
}

/** For a router that need not remember: tests, and `kco dev`. */
export const forgetful: Checkpoint = {
  load: () => Promise.resolve({}),
  save: () => Promise.resolve(),
  close: () => {},
};
