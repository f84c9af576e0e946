/** One journal, many clients. */
import { asyncScheduler, Observable, type SchedulerLike, type Subscription } from "../deps/rxjs.ts";
import { Client, type ClientContext } from "./client.ts";
import { formatEventId } from "./event_id.ts";
import { encodeFrame, HEARTBEAT } from "./frame.ts";
import { type Filter, FilterIndex, filterKey, matches } from "./filter.ts";
import { concat, Group, type HubEntry } from "./group.ts";
import { type Journal, type Resume, resumeFrom } from "./journal.ts";
import type { CloseReason, Sink } from "./sink.ts";
import { TimerWheel } from "./timer_wheel.ts";

/** Options of {@linkcode Hub}. Times in ms. */
export interface HubOptions<E extends HubEntry> {
  /** Holds every entry before it is published here. */
  readonly journal: Journal<E>;
  /** The frames of an entry for clients with a filter, ids included. Called once for each distinct filter that wants it. */
  readonly view: (entry: E, filter: Filter) => Uint8Array;
  /** Dimensions of filters, the most selective one first. */
  readonly dimensions: readonly string[];
  /** Least time between two rounds of writes. Default 10. */
  readonly tick?: number;
  /** Shortest and longest silence. Default 15,000 and 25,000. */
  readonly heartbeat?: readonly [number, number];
  /** How long a client may take nothing. Default 30,000. */
  readonly stallTimeout?: number;
  /** After this, and up to a fifth longer, a connection is ended for the client to connect again; 0 for never. Default 0. */
  readonly rotation?: number;
  /** How long clients wait before they connect again: this, and up to as much more. Default 2,000. */
  readonly retry?: number;
  /** Bytes written to a client at once: all that a slow one costs. Default 256 KiB. */
  readonly sliceBytes?: number;
  /** Entries that a client may be behind while it reads nothing. Default 100,000. */
  readonly maxLag?: number;
  readonly scheduler?: SchedulerLike;
  readonly random?: () => number;
}

/** Options of {@linkcode Hub.subscribe}. */
export interface SubscribeOptions {
  readonly filter?: Filter;
  /** What the client has: `<epoch>-<seq>`, `earliest`, or nothing. */
  readonly lastEventId?: string | undefined;
  readonly sink: Sink;
  /** ms after which the client's right to listen ends. */
  readonly expiresIn?: number | undefined;
  /** Asked again and again whether the right is still there; the connection ends when it is not. */
  readonly recheck?: Recheck | undefined;
  /** Called once when the connection ends, with the id that the client resumes from. */
  readonly onClose?: (reason: CloseReason, resumeId: string) => void;
}

/** A right that can be taken back at any time. */
export interface Recheck {
  /** ms between two questions. */
  readonly every: number;
  /** A rejection is no answer: the question is asked again when it is time. */
  readonly isAllowed: () => Promise<boolean>;
}

/** A connection that can be ended. */
export interface Connection {
  close(reason: CloseReason): void;
}

/** Counts since the start, but `clients` and `groups`: those are now. */
export interface HubStats {
  readonly clients: number;
  /** Distinct filters in use. */
  readonly groups: number;
  readonly published: number;
  readonly frames: number;
  readonly bytes: number;
  readonly replayed: number;
  readonly resets: number;
  readonly closed: Readonly<Record<CloseReason, number>>;
}

/**
 * Brings entries to clients: an entry is encoded once for each distinct filter that wants it, the index finds those filters, and
 * each client is written to once a tick, clients at the same place with the same bytes.
 *
 * The journal is the only buffer. A client is a place in it; between a reconnect's replay and the live stream there is no seam.
 */
export class Hub<E extends HubEntry> {
  readonly #options: HubOptions<E>;
  readonly #scheduler: SchedulerLike;
  readonly #random: () => number;
  readonly #wheel: TimerWheel;
  readonly #groups = new Map<string, Group<E, Client<E>>>();
  readonly #index: FilterIndex<Group<E, Client<E>>>;
  readonly #dirty = new Set<Group<E, Client<E>>>();
  readonly #onClose = new Map<Client<E>, SubscribeOptions["onClose"]>();
  readonly #context: ClientContext<E>;
  readonly #closed: Record<CloseReason, number> = {
    gone: 0,
    slow: 0,
    stalled: 0,
    rotation: 0,
    drain: 0,
    expired: 0,
  };
  #published = 0;
  #frames = 0;
  #bytes = 0;
  #replayed = 0;
  #resets = 0;
  #flushing: Subscription | undefined;
  #lastFlush = -Infinity;
  #draining = false;

  constructor(options: HubOptions<E>) {
    this.#options = options;
    this.#scheduler = options.scheduler ?? asyncScheduler;
    this.#random = options.random ?? Math.random;
    this.#index = new FilterIndex(options.dimensions);
    const [shortest, longest] = options.heartbeat ?? [15_000, 25_000];
    this.#wheel = new TimerWheel({ tick: Math.max(1, Math.min(250, shortest / 8)), scheduler: this.#scheduler });
    this.#context = {
      epoch: options.journal.epoch,
      head: () => options.journal.head,
      wheel: this.#wheel,
      now: () => this.#scheduler.now(),
      heartbeat: () => shortest + this.#random() * (longest - shortest),
      stallTimeout: options.stallTimeout ?? 30_000,
      maxLag: options.maxLag ?? 100_000,
      wrote: (frames, bytes, replayed) => {
        this.#frames += frames;
        this.#bytes += bytes;
        if (replayed) this.#replayed += frames;
      },
      ready: (client) => this.#touch(client.group),
      closed: (client, reason) => this.#forget(client, reason),
    };
  }

  /** What happened so far. */
  get stats(): HubStats {
    return {
      clients: this.#onClose.size,
      groups: this.#groups.size,
      published: this.#published,
      frames: this.#frames,
      bytes: this.#bytes,
      replayed: this.#replayed,
      resets: this.#resets,
      closed: { ...this.#closed },
    };
  }

  /** Sends an entry, the journal's newest, to whoever wants it. */
  publish(entry: E): void {
    this.#published++;
    for (const group of this.#index.candidates(entry.labels)) {
      if (!matches(group.filter, entry.labels)) continue;
      group.append(entry);
      this.#touch(group);
    }
  }

  /** Starts to bring a client what it missed and what happens from now on. */
  subscribe(options: SubscribeOptions): Connection {
    const group = this.#groupOf(options.filter ?? {});
    const resume = resumeFrom(this.#options.journal, options.lastEventId);
    const begin = { after: resume.after, opening: this.#opening(resume, options.lastEventId) };
    const client = new Client(group, this.#context, options.sink, begin);
    group.clients.add(client);
    this.#onClose.set(client, options.onClose);
    if (resume.type === "reset") this.#resets++;
    if (options.expiresIn !== undefined) client.after(options.expiresIn, () => client.close("expired"));
    if (options.recheck !== undefined) this.#recheck(client, options.recheck);
    const rotation = this.#options.rotation ?? 0;
    if (rotation > 0) client.after(rotation * (1 + this.#random() / 5), () => this.#rotate(client));
    client.pump();
    if (this.#draining) this.#sendAway(client);
    return client;
  }

  /** A client's bytes as a stream, which ends when the hub ends the connection; unsubscribing leaves. */
  stream(filter: Filter = {}, lastEventId?: string): Observable<Uint8Array> {
    return new Observable((subscriber) => {
      const sink: Sink = {
        write: (bytes) => {
          subscriber.next(bytes);
          return undefined;
        },
        close: () => subscriber.complete(),
      };
      const connection = this.subscribe({ filter, lastEventId, sink });
      return () => connection.close("gone");
    });
  }

  /** Tells every client, the coming ones as well, to connect again elsewhere, each after a time of its own; then ends it. */
  drain(): void {
    this.#draining = true;
    this.#flushing?.unsubscribe();
    this.#flush();
    for (const client of [...this.#onClose.keys()]) this.#sendAway(client);
  }

  #opening(resume: Resume, lastEventId: string | undefined): Uint8Array {
    const hello = [HEARTBEAT, encodeFrame({ retry: this.#retry() })];
    if (resume.type === "reset") {
      const id = formatEventId({ epoch: this.#options.journal.epoch, seq: resume.after });
      const data = JSON.stringify({ reason: resume.reason, lastEventId, resumesAfter: id });
      hello.push(encodeFrame({ event: "reset", id, data }));
    }
    return concat(hello);
  }

  /** Spread, so that clients who lost their server together do not come back together. */
  #retry(): number {
    return Math.round((this.#options.retry ?? 2_000) * (1 + this.#random()));
  }

  #recheck(client: Client<E>, recheck: Recheck): void {
    client.after(recheck.every, async () => {
      // Who cannot be asked about now keeps the right until somebody answers, or the connection expires.
      const isAllowed = await recheck.isAllowed().catch(() => true);
      if (isAllowed) this.#recheck(client, recheck);
      else client.close("expired");
    });
  }

  #rotate(client: Client<E>): void {
    client.pump();
    client.close("rotation", encodeFrame({ retry: this.#retry() }));
  }

  #sendAway(client: Client<E>): void {
    client.close("drain", encodeFrame({ event: "drain", retry: this.#retry(), data: '{"reason":"shutdown"}' }));
  }

  #groupOf(filter: Filter): Group<E, Client<E>> {
    const key = filterKey(filter);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const { journal, view, sliceBytes = 256 * 1024 } = this.#options;
    const group = new Group<E, Client<E>>(filter, { journal, view, sliceBytes });
    this.#groups.set(key, group);
    this.#index.add(filter, group);
    return group;
  }

  #touch(group: Group<E, Client<E>>): void {
    this.#dirty.add(group);
    if (this.#flushing !== undefined) return;
    const wait = Math.max(0, this.#lastFlush + (this.#options.tick ?? 10) - this.#scheduler.now());
    this.#flushing = this.#scheduler.schedule(() => this.#flush(), wait);
  }

  #flush(): void {
    this.#flushing = undefined;
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    for (const group of dirty) {
      let behind = Infinity;
      for (const client of group.clients) {
        client.pump();
        client.checkLag();
        behind = Math.min(behind, client.seq);
      }
      group.trim(Math.min(behind, this.#options.journal.head));
    }
    // From its end: what came during a long round shares the next one.
    this.#lastFlush = this.#scheduler.now();
  }

  #forget(client: Client<E>, reason: CloseReason): void {
    this.#closed[reason]++;
    const { group } = client;
    group.clients.delete(client);
    const onClose = this.#onClose.get(client);
    this.#onClose.delete(client);
    onClose?.(reason, client.resumeId);
    if (group.clients.size > 0) return;
    this.#groups.delete(filterKey(group.filter));
    this.#index.delete(group.filter, group);
    this.#dirty.delete(group);
  }
}
