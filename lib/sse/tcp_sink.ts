/** A client as a bare TCP connection. */
import type { Sink } from "./sink.ts";

/** The part of `Deno.TcpConn` that a stream needs. */
export interface StreamSocket {
  read(buffer: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  closeWrite(): Promise<void>;
  close(): void;
}

/** What clients send while they listen means nothing, so that all of it may land in one place. */
const scratch = new Uint8Array(512);

/** ms that a client has to take its last bytes and to close its side. */
const LINGER = 2_000;

/**
 * Writes to a connection whose response head is written already; costs a sixth of the memory of a `Response` body.
 *
 * @param onGone Called once when the client has left, the connection broke, or it was closed here.
 */
export function tcpSink(socket: StreamSocket, onGone: () => void): Sink {
  return new TcpSink(socket, onGone);
}

class TcpSink implements Sink {
  readonly #socket: StreamSocket;
  readonly #onGone: () => void;
  /** The write under way. */
  #pending: Promise<void> | undefined;
  #length = 0;
  #bytes: Uint8Array | undefined;
  #lingering: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(socket: StreamSocket, onGone: () => void) {
    this.#socket = socket;
    this.#onGone = onGone;
    this.#listen();
  }

  write(bytes: Uint8Array): Promise<void> {
    // Only a farewell comes while a write is under way.
    if (this.#pending !== undefined) return this.#pending.then(() => this.#start(bytes));
    return this.#start(bytes);
  }

  close(abort: boolean): void {
    if (abort || this.#closed) return this.#end();
    const finish = () => {
      if (this.#closed) return;
      this.#socket.closeWrite().catch(() => this.#end());
    };
    this.#lingering = setTimeout(() => this.#end(), LINGER);
    // Twice: the farewell begins when the write under way is over.
    (this.#pending ?? DONE).then(() => this.#pending).then(finish, () => this.#end());
  }

  #start(bytes: Uint8Array): Promise<void> {
    this.#bytes = bytes;
    this.#length = bytes.length;
    // A field and one function for all writes, not a closure each: there are tens of thousands a second.
    return this.#pending = this.#socket.write(bytes).then(this.#written);
  }

  readonly #written = (count: number): Promise<void> | undefined => {
    this.#length -= count;
    const bytes = this.#bytes;
    if (this.#length > 0 && bytes !== undefined) {
      return this.#socket.write(bytes.subarray(bytes.length - this.#length)).then(this.#written);
    }
    this.#bytes = this.#pending = undefined;
    return undefined;
  };

  /** Notices the end of the connection. */
  async #listen(): Promise<void> {
    try {
      while (await this.#socket.read(scratch) !== null);
    } catch {
      // A reset is an end as well.
    }
    this.#onGone();
    this.#end();
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#lingering);
    try {
      this.#socket.close();
    } catch {
      // Its server closed it at the same time.
    }
  }
}

const DONE: Promise<void> = Promise.resolve();
