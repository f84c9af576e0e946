/** A webhook on loopback that keeps what it was sent. */
import type { CoreEvent } from "../../../sinks/mod.ts";
import { PATIENCE } from "./cluster.ts";

/** One POST. */
export interface Received {
  readonly body: CoreEvent;
  readonly text: string;
  readonly headers: Headers;
}

/** The webhook. */
export class Receiver implements AsyncDisposable {
  /** What was answered with success. */
  readonly received: Received[] = [];
  /** Answers instead of 200, unless `undefined`. */
  answer: ((received: Received) => Response | undefined) | undefined;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
      const text = await request.text();
      const received = { body: JSON.parse(text), text, headers: request.headers };
      const answer = this.answer?.(received);
      if (answer === undefined) this.received.push(received);
      return answer ?? new Response();
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/handle`;
  }

  /** The first that satisfies a condition, once it is there. */
  async first(wanted: (received: Received) => boolean): Promise<Received> {
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      const found = this.received.find(wanted);
      if (found !== undefined) return found;
      if (performance.now() > deadline) {
        throw new Error(
          `It never arrived; what did: ${this.received.map(({ text }) => text.slice(0, 200)).join("\n")}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
