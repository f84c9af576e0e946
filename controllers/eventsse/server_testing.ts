/** A server and a client to test with. Tests only. */
import { EventParser, type ServerEvent } from "../../lib/sse/mod.ts";
import { type EventSse, type EventSseOptions, startEventSse } from "./mod.ts";

/** A server on a free port that closes at the end of its scope. */
export async function startServer(options: EventSseOptions = {}): Promise<EventSse & AsyncDisposable> {
  const server = await startEventSse({ port: 0, ...options });
  return { ...server, [Symbol.asyncDispose]: () => server.close() };
}

/** The Event that the original's tests use, of a composition. */
export function sampleEvent(uid: string, composition: string, more: Record<string, unknown> = {}): object {
  return {
    kind: "Event",
    apiVersion: "v1",
    metadata: {
      name: `event-${uid}`,
      namespace: "demo-system",
      uid,
      creationTimestamp: null,
      labels: composition === "" ? {} : { "krateo.io/composition-id": composition },
    },
    involvedObject: { kind: "Service", namespace: "demo-system", name: "fake-service-1", apiVersion: "v1" },
    reason: "LoremIpsum",
    message: "Neque porro quisquam est",
    source: { component: "krateo" },
    firstTimestamp: "2024-07-05T07:33:07Z",
    lastTimestamp: "2024-07-05T07:33:09Z",
    type: "Warning",
    eventTime: null,
    reportingComponent: "",
    reportingInstance: "",
    ...more,
  };
}

/** An answer that was read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Asks, and reads the answer. */
export async function ask(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Sends JSON. */
export function post(url: string, value: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const body = JSON.stringify(value);
  return ask(url, { method: "POST", body, headers: { "Content-Type": "application/json", ...headers } });
}

/** An open stream that is read as far as a test asks. */
export class StreamReader implements AsyncDisposable {
  /** All text so far. */
  text = "";
  readonly events: ServerEvent[] = [];
  readonly parser = new EventParser();
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #abort: AbortController;

  private constructor(readonly response: Response, abort: AbortController) {
    if (response.body === null) throw new Error("The answer has no body");
    this.#reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    this.#abort = abort;
  }

  /** Connects, and waits until the stream has begun. */
  static async open(url: string, headers: Record<string, string> = {}): Promise<StreamReader> {
    const abort = new AbortController();
    const response = await fetch(url, { headers, signal: abort.signal });
    if (response.status !== 200) {
      throw new Error(`${url}: ${response.status} ${await response.text()}`);
    }
    const reader = new StreamReader(response, abort);
    await reader.until(() => reader.parser.retry !== undefined);
    return reader;
  }

  /** Reads until a condition holds. Rejects when the stream ends or 10 s pass before. */
  async until(condition: () => boolean): Promise<void> {
    const deadline = setTimeout(() => this.#abort.abort(new Error(`Nothing came, but ${this.text}`)), 10_000);
    try {
      while (!condition()) {
        if (!await this.#read()) throw new Error(`The stream ended with ${this.text}`);
      }
    } finally {
      clearTimeout(deadline);
    }
  }

  /** Reads until there are so many events. */
  async count(events: number): Promise<readonly ServerEvent[]> {
    await this.until(() => this.events.length >= events);
    return this.events;
  }

  /** Reads to the end. */
  async end(): Promise<void> {
    while (await this.#read());
  }

  async #read(): Promise<boolean> {
    const { done, value } = await this.#reader.read();
    if (done) return false;
    this.text += value;
    this.events.push(...this.parser.push(value));
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#reader.cancel().catch(() => undefined);
  }
}
