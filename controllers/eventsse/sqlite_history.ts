/** The history in a file: it survives a restart, and goes further back than memory. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { join } from "node:path";
import type { Observable } from "../../lib/deps/rxjs.ts";
import { matches, newEpoch } from "../../lib/sse/mod.ts";
import { makeEntry, type StreamEntry } from "./entry.ts";
import type { History, Kept, Page, PageQuery } from "./history.ts";
import { type HistoryBounds, MemoryHistory } from "./memory_history.ts";
import type { Message } from "./message.ts";

/** Options of {@linkcode SqliteHistory}. */
export interface SqliteHistoryOptions {
  /** Folder of the file; made where it is missing. */
  readonly directory: string;
  /** What is in memory of it. */
  readonly memory?: HistoryBounds;
  /** Bytes of events in the file. Default 1 GiB. */
  readonly maxBytes?: number;
  /** ms that events stay in the file. Default 7 days. */
  readonly maxAge?: number;
  readonly now?: () => number;
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS epoch (name TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, kept INTEGER NOT NULL, size INTEGER NOT NULL,
    subject TEXT, dedupe TEXT, message TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS events_by_subject ON events (subject, seq);
  CREATE INDEX IF NOT EXISTS events_by_dedupe ON events (dedupe) WHERE dedupe IS NOT NULL;
`;
const NEWEST_OF_SUBJECT =
  "(subject IS NULL OR seq = (SELECT max(newer.seq) FROM events newer WHERE newer.subject = events.subject))";
/** Rows read at once. */
const BATCH = 200;
/** Publications between two looks at what is too old. */
const PRUNE_EVERY = 256;

/** Every event in SQLite, the newest in memory as well: streams rarely read the file. */
export class SqliteHistory implements History {
  readonly #db: DatabaseSync;
  readonly #memory: MemoryHistory;
  readonly #options: SqliteHistoryOptions;
  readonly #now: () => number;
  readonly #insert: StatementSync;
  readonly #known: StatementSync;
  readonly #rowsAfter: StatementSync;
  #evicted = 0;
  /** Sum of the sizes in the file. */
  #bytes = 0;
  #untilPrune = PRUNE_EVERY;

  constructor(options: SqliteHistoryOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    Deno.mkdirSync(options.directory, { recursive: true });
    this.#db = new DatabaseSync(join(options.directory, "events.db"));
    this.#db.exec(SCHEMA);
    this.#insert = this.#db.prepare("INSERT INTO events (kept, size, subject, dedupe, message) VALUES (?, ?, ?, ?, ?)");
    this.#known = this.#db.prepare("SELECT seq FROM events WHERE dedupe = ?");
    this.#rowsAfter = this.#db.prepare(`SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ${BATCH}`);
    this.#bytes = this.#number("SELECT coalesce(sum(size), 0) AS n FROM events");
    this.#prune();
    this.#memory = this.#load();
  }

  get entries$(): Observable<StreamEntry> {
    return this.#memory.entries$;
  }

  get epoch(): string {
    return this.#memory.epoch;
  }

  get head(): number {
    return this.#memory.head;
  }

  get evicted(): number {
    return this.#evicted;
  }

  get size(): MemoryHistory["size"] {
    return this.#memory.size;
  }

  *after(seq: number): Generator<StreamEntry> {
    let place = seq;
    while (place < this.#memory.evicted) {
      const rows = this.#rowsAfter.all(place);
      if (rows.length === 0) break;
      for (const row of rows) {
        yield this.#entryOf(row);
        place = Number(row["seq"]);
      }
    }
    yield* this.#memory.after(place);
  }

  append(messages: readonly Message[]): Promise<readonly Kept[]> {
    const entries: StreamEntry[] = [];
    const kept: Kept[] = [];
    this.#db.exec("BEGIN");
    try {
      for (const message of messages) {
        const { seq, entry } = this.#keep(message);
        if (entry !== undefined) entries.push(entry);
        kept.push({ seq, repeated: entry === undefined });
      }
      this.#db.exec("COMMIT");
    } catch (error) {
      this.#db.exec("ROLLBACK");
      return Promise.reject(error);
    }
    for (const entry of entries) this.#memory.push(entry);
    this.#untilPrune -= entries.length;
    if (this.#untilPrune <= 0) this.#prune();
    return Promise.resolve(kept);
  }

  page(query: PageQuery): Page {
    const entries: StreamEntry[] = [];
    for (const entry of this.#before(query.before ?? this.head + 1, query.versions)) {
      const { time } = entry.message;
      const inTime = time >= (query.since ?? -Infinity) && time <= (query.until ?? Infinity);
      if (!inTime || !matches(query.filter, entry.labels)) continue;
      if (entries.length === query.limit) return { entries, next: entries.at(-1)?.seq ?? 0 };
      entries.push(entry);
    }
    return { entries };
  }

  problem(): string | undefined {
    return this.#db.isOpen ? undefined : "the file is closed";
  }

  async close(): Promise<void> {
    await this.#memory.close();
    this.#db.close();
  }

  #keep(message: Message): { readonly seq: number; readonly entry?: StreamEntry } {
    const { dedupe = null, subject = null } = message;
    const known = dedupe === null ? undefined : this.#known.get(dedupe);
    if (known !== undefined) return { seq: Number(known["seq"]) };
    const kept = this.#now();
    const text = JSON.stringify(message);
    this.#bytes += text.length;
    const { lastInsertRowid } = this.#insert.run(kept, text.length, subject, dedupe, text);
    const seq = Number(lastInsertRowid);
    return { seq, entry: makeEntry(message, this.epoch, seq, kept) };
  }

  *#before(seq: number, versions: boolean): Generator<StreamEntry> {
    const rows = this.#db.prepare(
      `SELECT * FROM events WHERE seq < ? ${
        versions ? "" : `AND ${NEWEST_OF_SUBJECT}`
      } ORDER BY seq DESC LIMIT ${BATCH}`,
    );
    for (let place = seq;;) {
      const batch = rows.all(place);
      for (const row of batch) {
        yield this.#entryOf(row);
        place = Number(row["seq"]);
      }
      if (batch.length < BATCH) return;
    }
  }

  #entryOf(row: Readonly<Record<string, unknown>>): StreamEntry {
    const message = JSON.parse(String(row["message"])) as Message; // written by this class
    return makeEntry(message, this.epoch, Number(row["seq"]), Number(row["kept"]));
  }

  /** Takes the newest events into memory, up to its bounds. */
  #load(): MemoryHistory {
    const { memory = {} } = this.#options;
    const epoch = this.#epoch();
    const oldest = this.#now() - (memory.maxAge ?? 2 * 60 * 60 * 1000);
    const maxBytes = memory.maxBytes ?? 64 * 1024 * 1024;
    const start = this.#db.prepare(
      "SELECT max(seq) AS seq FROM (SELECT seq, kept, sum(size) OVER (ORDER BY seq DESC) AS total FROM events) WHERE kept < ? OR total > ?",
    ).get(oldest, maxBytes);
    const loaded = new MemoryHistory({
      ...memory,
      epoch,
      now: this.#now,
      evicted: Math.max(this.#evicted, Number(start?.["seq"] ?? 0)),
    });
    for (let place = loaded.head;;) {
      const rows = this.#rowsAfter.all(place);
      for (const row of rows) {
        const message = JSON.parse(String(row["message"])) as Message; // written by this class
        place = Number(row["seq"]);
        loaded.push(makeEntry(message, epoch, place, Number(row["kept"])));
      }
      if (rows.length < BATCH) return loaded;
    }
  }

  /** The epoch of this file: numbers go on after a restart. */
  #epoch(): string {
    const known = this.#db.prepare("SELECT name FROM epoch").get();
    if (known !== undefined) return String(known["name"]);
    const epoch = newEpoch();
    this.#db.prepare("INSERT INTO epoch (name) VALUES (?)").run(epoch);
    return epoch;
  }

  /** Forgets what is too old or too much. */
  #prune(): void {
    this.#untilPrune = PRUNE_EVERY;
    const { maxAge = 7 * 24 * 60 * 60 * 1000, maxBytes = 1024 * 1024 * 1024 } = this.#options;
    const { changes } = this.#db.prepare("DELETE FROM events WHERE kept < ?").run(this.#now() - maxAge);
    if (this.#bytes > maxBytes) {
      this.#db.prepare(
        "DELETE FROM events WHERE seq <= (SELECT max(seq) FROM (SELECT seq, sum(size) OVER (ORDER BY seq DESC) AS total FROM events) WHERE total > ?)",
      ).run(maxBytes * 0.9); // so that not every look has to
    }
    if (changes > 0 || this.#bytes > maxBytes) {
      this.#bytes = this.#number("SELECT coalesce(sum(size), 0) AS n FROM events");
    }
    const last = this.#number("SELECT coalesce(max(seq), 0) AS n FROM sqlite_sequence WHERE name = 'events'");
    this.#evicted = this.#number("SELECT coalesce(min(seq) - 1, ?) AS n FROM events", last);
  }

  #number(sql: string, ...values: SQLInputValue[]): number {
    const row = this.#db.prepare(sql).get(...values);
    return Number(row?.["n"] ?? 0);
  }
}
