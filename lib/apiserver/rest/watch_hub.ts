/** All open watches of the server: their streams, bookmarks, time limits and end. */
import type { Store } from "../storage/mod.ts";
import type { Commit, Entry } from "../storage/mod.ts";
import type { ApiError } from "../status.ts";
import type { Representation } from "./representation.ts";

/** Events that may wait for a slow reader before its watch is ended; it can take it up again where it was. */
const MAX_QUEUED = 10_000;

/** Events of a backlog that are encoded at once, when its reader asks for more. */
const BACKLOG_STEP = 100;

/** The longest delay that a timer can have. */
const MAX_TIMER = 2 ** 31 - 1;

const encoder = new TextEncoder();

interface WatcherOptions {
  readonly representation: Representation;
  readonly bookmarks: boolean;
  /** Seconds; unlimited when absent. */
  readonly timeout: number | undefined;
  readonly byteStream: boolean;
}

/** Opens watches, sends them bookmarks, and ends them all. */
export class WatchHub {
  readonly #watchers = new Set<Watcher>();
  readonly #timer: ReturnType<typeof setInterval>;
  #closed = false;

  /** @param bookmarkInterval ms between bookmarks. */
  constructor(readonly store: Store, bookmarkInterval: number) {
    this.#timer = setInterval(() => this.#bookmarkAll(), bookmarkInterval);
  }

  get size(): number {
    return this.#watchers.size;
  }

  open(options: WatcherOptions): Watcher {
    const watcher = new Watcher(this.store, options);
    this.#watchers.add(watcher);
    watcher.onEnd(() => this.#watchers.delete(watcher));
    if (this.#closed) watcher.end();
    return watcher;
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const watcher of [...this.#watchers]) watcher.end();
  }

  #bookmarkAll(): void {
    for (const watcher of this.#watchers) if (watcher.bookmarks) watcher.bookmark();
  }
}

/** One watch. */
export class Watcher {
  readonly stream: ReadableStream<Uint8Array>;
  readonly bookmarks: boolean;
  readonly #store: Store;
  readonly #byteStream: boolean;
  readonly #teardown: (() => void)[] = [];
  /** What is there when a watch begins, and what happens until all of it is sent. */
  #backlog: Backlog | undefined;
  #representation: Representation;
  #controller: ReadableStreamDefaultController<Uint8Array> | ReadableByteStreamController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store, options: WatcherOptions) {
    this.#store = store;
    this.bookmarks = options.bookmarks;
    this.#representation = options.representation;
    this.#byteStream = options.byteStream;
    this.stream = this.#open();
    if (options.timeout !== undefined) {
      this.#timer = setTimeout(() => this.#timedOut(), Math.min(options.timeout * 1000, MAX_TIMER));
    }
  }

  /** Sends an event. Bound, so that it can be handed on. */
  readonly send = (type: Commit["type"], entry: Entry): void => {
    if (this.#backlog !== undefined) this.#backlog.later.push({ type, entry });
    else this.#enqueue(eventBytes(type, entry, this.#representation));
  };

  /** Sends the present objects as their reader asks for them, then a bookmark that says so if `mark` is set. */
  sendPresent(entries: Iterable<Entry>, mark: boolean): void {
    this.#backlog = { entries: [...entries], at: 0, mark, revision: this.#store.revision, later: [] };
    this.#sendBacklog();
  }

  /** Tells the reader how far it is. While a backlog is sent it need not know. */
  bookmark(): void {
    if (this.#backlog === undefined) this.#bookmark(this.#store.revision, false);
  }

  #bookmark(revision: number, initialEventsEnd: boolean): void {
    const object = this.#representation.bookmark(revision, initialEventsEnd);
    this.#enqueue(encoder.encode(`{"type":"BOOKMARK","object":${object}}\n`));
  }

  /** Goes on in another representation. */
  represent(representation: Representation): void {
    this.#representation = representation;
  }

  /** Sends an ERROR event and ends. */
  fail(error: ApiError): void {
    this.#enqueue(encoder.encode(`{"type":"ERROR","object":${JSON.stringify(error.status)}}\n`));
    this.end();
  }

  /** Calls `teardown` when the watch ends, at once if it has. */
  onEnd(teardown: () => void): void {
    if (this.#controller === undefined) teardown();
    else this.#teardown.push(teardown);
  }

  end(): void {
    const controller = this.#controller;
    if (controller === undefined) return;
    this.#release();
    controller.close();
    // A byte stream whose reader waits with a buffer of its own ends only when that buffer is answered, too.
    if ("byobRequest" in controller) controller.byobRequest?.respond(0);
  }

  #open(): ReadableStream<Uint8Array> {
    const cancel = () => this.#release();
    const pull = () => this.#sendBacklog();
    if (this.#byteStream) {
      const start = (controller: ReadableByteStreamController) => void (this.#controller = controller);
      return new ReadableStream({ type: "bytes", start, pull, cancel });
    }
    const start = (controller: ReadableStreamDefaultController<Uint8Array>) => void (this.#controller = controller);
    return new ReadableStream<Uint8Array>({ start, pull, cancel });
  }

  /** Sends the next part of the backlog; behind its last one, everything that waited for it. */
  #sendBacklog(): void {
    const backlog = this.#backlog;
    if (backlog === undefined) return;
    const part = backlog.entries.slice(backlog.at, backlog.at + BACKLOG_STEP);
    backlog.at += part.length;
    const lines = part.map((entry) => `{"type":"ADDED","object":${this.#representation.encode(entry)}}\n`);
    if (lines.length > 0) this.#enqueue(encoder.encode(lines.join("")));
    if (backlog.at < backlog.entries.length) return;
    this.#backlog = undefined;
    if (backlog.mark) this.#bookmark(backlog.revision, true);
    for (const { type, entry } of backlog.later) this.send(type, entry);
  }

  #release(): void {
    this.#controller = undefined;
    clearTimeout(this.#timer);
    for (const teardown of this.#teardown.splice(0)) teardown();
  }

  #timedOut(): void {
    if (this.bookmarks) this.bookmark();
    this.end();
  }

  #enqueue(bytes: Uint8Array): void {
    const controller = this.#controller;
    if (controller === undefined) return;
    if (this.#byteStream) {
      // A byte stream takes the buffer over, so watchers cannot share it.
      controller.enqueue(bytes.slice() as Uint8Array<ArrayBuffer>);
      if ((controller.desiredSize ?? 0) < -MAX_QUEUED * 1024) this.end();
      return;
    }
    controller.enqueue(bytes as Uint8Array<ArrayBuffer>);
    if ((controller.desiredSize ?? 0) < -MAX_QUEUED) this.end();
  }
}

interface Backlog {
  readonly entries: readonly Entry[];
  at: number;
  readonly mark: boolean;
  readonly revision: number;
  readonly later: { readonly type: Commit["type"]; readonly entry: Entry }[];
}

/** The latest event of each representation: a commit goes to all its watchers at once, so one is enough to remember. */
const latest = new WeakMap<Representation, { type: string; entry: Entry; bytes: Uint8Array }>();

function eventBytes(type: Commit["type"], entry: Entry, representation: Representation): Uint8Array {
  const known = latest.get(representation);
  if (known?.entry === entry && known.type === type) return known.bytes;
  const bytes = encoder.encode(`{"type":"${type}","object":${representation.encode(entry)}}\n`);
  latest.set(representation, { type, entry, bytes });
  return bytes;
}
