/** One connected client of a hub. */
import { encodeFrame, HEARTBEAT } from "./frame.ts";
import { formatEventId } from "./event_id.ts";
import { concat, type Group, type HubEntry } from "./group.ts";
import type { CloseReason, Sink } from "./sink.ts";
import type { TimerWheel, WheelTimer } from "./timer_wheel.ts";

/** What a client needs of its hub. Times in ms. */
export interface ClientContext<E extends HubEntry> {
  readonly epoch: string;
  /** Number of the journal's newest entry. */
  readonly head: () => number;
  readonly wheel: TimerWheel;
  readonly now: () => number;
  /** The next heartbeat's delay. */
  readonly heartbeat: () => number;
  /** How long one write may take. */
  readonly stallTimeout: number;
  /** Entries that a client may lag. */
  readonly maxLag: number;
  readonly wrote: (frames: number, bytes: number, replayed: boolean) => void;
  /** Called when a client that has caught up once can take more. */
  readonly ready: (client: Client<E>) => void;
  readonly closed: (client: Client<E>, reason: CloseReason) => void;
}

/**
 * A place in the journal and a connection to bring forward from there, one piece at a time: while a write is under way nothing
 * is collected for the client, so that it costs one piece however slow it is.
 */
export class Client<E extends HubEntry> {
  /** Number of the newest entry that was written, or looked at and not wanted. */
  seq: number;
  readonly #context: ClientContext<E>;
  readonly #sink: Sink;
  readonly #timers = new Set<WheelTimer>();
  readonly #liveFrom: number;
  /** Number of the last id that the client has heard of. */
  #told: number;
  #writing = false;
  #writeBegan = 0;
  #lastWrite: number;
  #open = true;

  constructor(
    readonly group: Group<E, Client<E>>,
    context: ClientContext<E>,
    sink: Sink,
    begin: { readonly after: number; readonly opening: Uint8Array },
  ) {
    this.#context = context;
    this.#sink = sink;
    this.seq = this.#told = begin.after;
    this.#liveFrom = context.head();
    this.#lastWrite = context.now();
    this.#write(begin.opening);
    this.#beat();
  }

  /** Ends it where it is further behind than a client may be. */
  checkLag(): void {
    if (this.#writing && this.#context.head() - this.seq > this.#context.maxLag) this.close("slow");
  }

  get #replaying(): boolean {
    return this.seq < this.#liveFrom;
  }

  /** The id that the client resumes from when it is closed now. */
  get resumeId(): string {
    return formatEventId({ epoch: this.#context.epoch, seq: this.seq });
  }

  /** Writes the next piece, if there is one and the connection takes it. */
  pump(): void {
    while (this.#open && !this.#writing) {
      if (this.group.lost(this.seq)) return this.close("slow");
      const slice = this.group.slice(this.seq);
      if (slice === undefined) return;
      const replayed = this.#replaying;
      this.seq = slice.seq;
      if (slice.frames === 0) continue;
      this.#told = slice.last;
      this.#context.wrote(slice.frames, slice.bytes.length, replayed);
      this.#write(slice.bytes);
    }
  }

  /** Runs something after `delay` ms, unless the client is gone by then. */
  after(delay: number, run: () => void): void {
    if (!this.#open) return;
    const timer = this.#context.wheel.schedule(delay, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
  }

  /** Says a last thing where the connection takes it, and ends. */
  close(reason: CloseReason, farewell?: Uint8Array): void {
    if (!this.#open) return;
    this.#open = false;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    const abort = reason === "gone" || reason === "slow" || reason === "stalled";
    // Who is gone before it could be said learns it from the end of the stream.
    if (farewell !== undefined && !abort) this.#sink.write(farewell)?.catch(() => undefined);
    this.#sink.close(abort);
    this.#context.closed(this, reason);
  }

  #write(bytes: Uint8Array): void {
    this.#lastWrite = this.#context.now();
    const pending = this.#sink.write(bytes);
    if (pending === undefined) return;
    this.#writing = true;
    this.#writeBegan = this.#lastWrite;
    pending.then(this.#written, this.#failed);
  }

  readonly #written = (): void => {
    this.#writing = false;
    // What was missed follows at once; what is new waits for the tick, so that all get the same piece.
    if (this.#replaying) this.pump();
    else if (this.seq < this.#context.head()) this.#context.ready(this);
  };

  readonly #failed = (): void => this.close("gone");

  /** Keeps the connection open while nothing happens, and notices when the other side has stopped. */
  #beat(): void {
    const delay = this.#context.heartbeat();
    this.after(delay, () => {
      const now = this.#context.now();
      if (this.#writing && now - this.#writeBegan >= this.#context.stallTimeout) return this.close("stalled");
      this.pump();
      if (!this.#writing && now - this.#lastWrite >= delay / 2) this.#write(this.#heartbeat());
      this.#beat();
    });
  }

  /** Names the place as well where it has moved past unwanted entries: otherwise they would count as lost one day. */
  #heartbeat(): Uint8Array {
    if (this.seq <= this.#told) return HEARTBEAT;
    this.#told = this.seq;
    return concat([HEARTBEAT, encodeFrame({ id: this.resumeId })]);
  }
}
