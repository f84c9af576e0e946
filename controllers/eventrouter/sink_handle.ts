/** A sink that is opened when it is needed, and anew when it has to be. */
import type { Sink } from "../../sinks/mod.ts";

interface Opened {
  readonly sink: Promise<Sink>;
  users: number;
  stale: boolean;
}

/** One sink for several users. */
export class SinkHandle {
  readonly #open: () => Promise<Sink>;
  readonly #onCloseError: (error: unknown) => void;
  #current: Opened | undefined;

  constructor(open: () => Promise<Sink>, onCloseError: (error: unknown) => void) {
    this.#open = open;
    this.#onCloseError = onCloseError;
  }

  /** Works with the sink; rejects with what opening it or `work` rejects with. A sink that does not open is opened anew next time. */
  async use<T>(work: (sink: Sink) => Promise<T>): Promise<T> {
    const opened = this.#current ??= { sink: this.#open(), users: 0, stale: false };
    opened.users++;
    try {
      return await work(
        await opened.sink.catch((error: unknown) => {
          if (this.#current === opened) this.#current = undefined;
          throw error;
        }),
      );
    } finally {
      opened.users--;
      if (opened.stale && opened.users === 0) await this.#close(opened);
    }
  }

  /** The next use opens it anew; the present ones go on with what they have, which is closed after the last of them. */
  async renew(): Promise<void> {
    const opened = this.#current;
    this.#current = undefined;
    if (opened === undefined) return;
    opened.stale = true;
    if (opened.users === 0) await this.#close(opened);
  }

  async #close({ sink }: Opened): Promise<void> {
    const opened = await sink.catch(() => undefined);
    await opened?.close().catch(this.#onCloseError);
  }
}
