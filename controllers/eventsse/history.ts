/** What happened so far: the seam behind which memory, SQLite and JetStream keep it. */
import type { Observable } from "../../lib/deps/rxjs.ts";
import type { Filter, Journal } from "../../lib/sse/mod.ts";
import type { StreamEntry } from "./entry.ts";
import type { Message } from "./message.ts";

/** What came of a publication. */
export interface Kept {
  readonly seq: number;
  /** It was kept before under the same key and is not sent again. */
  readonly repeated: boolean;
}

/** Which part of the history is wanted, newest first. */
export interface PageQuery {
  readonly filter: Filter;
  readonly limit: number;
  /** Only numbers below this one. */
  readonly before?: number;
  /** ms since the epoch; both ends belong to it. */
  readonly since?: number;
  readonly until?: number;
  /** Every state of an Event, not its newest alone. */
  readonly versions: boolean;
}

/** A part of the history. */
export interface Page {
  readonly entries: readonly StreamEntry[];
  /** `before` of the next page; `undefined` at the end. */
  readonly next?: number;
}

/** Where events are kept. */
export interface History extends Journal<StreamEntry> {
  /** Every entry once, in order, when the journal has it. */
  readonly entries$: Observable<StreamEntry>;
  /** Keeps messages; resolves when they are safe. */
  append(messages: readonly Message[]): Promise<readonly Kept[]>;
  page(query: PageQuery): Page;
  /** What is in memory of it. */
  readonly size: { readonly bytes: number; readonly entries: number };
  /** What keeps it from working now; `undefined` where nothing does. */
  problem(): string | undefined;
  close(): Promise<void>;
}
