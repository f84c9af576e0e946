/** Scripted API server and virtual time, for the tests of this folder. */
import type { Clock } from "./clock.ts";
import type { KubeRequest, KubeResponse, KubeTransport } from "./transport.ts";
import type { ApiResource, KubeObject } from "./types.ts";

export const PODS: ApiResource = { group: "", version: "v1", kind: "Pod", plural: "pods", namespaced: true };
export const NODES: ApiResource = { group: "", version: "v1", kind: "Node", plural: "nodes", namespaced: false };

/** A pod with just enough to be watched. */
export function pod(name: string, resourceVersion: string, uid = `uid-${name}`): KubeObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "demo", uid, resourceVersion } };
}

/** Answers one request. */
export type Step = (request: KubeRequest) => KubeResponse | Promise<KubeResponse>;

/** A transport that answers requests in the order of a script, and keeps the requests. */
export class ScriptedTransport implements KubeTransport {
  readonly requests: KubeRequest[] = [];
  readonly headers: Readonly<Record<string, string>>[] = [];
  closed = false;
  readonly #steps: Step[];

  constructor(...steps: Step[]) {
    this.#steps = steps;
  }

  /** Steps that were not asked for. */
  get left(): number {
    return this.#steps.length;
  }

  then(...steps: Step[]): void {
    this.#steps.push(...steps);
  }

  async request(request: KubeRequest, headers: Readonly<Record<string, string>> = {}): Promise<KubeResponse> {
    this.requests.push(request);
    this.headers.push(headers);
    const step = this.#steps.shift();
    if (step === undefined) return await hang(request);
    return await step(request);
  }

  performRequest(request: KubeRequest & { expectStream: true }): Promise<ReadableStream<Uint8Array>>;
  performRequest(request: KubeRequest): Promise<Uint8Array>;
  performRequest(): Promise<never> {
    return Promise.reject(new TypeError("the client must use `request` where there is one"));
  }

  close(): void {
    this.closed = true;
  }

  /** `GET /api/v1/pods?limit=500` of each request so far. */
  get log(): string[] {
    return this.requests.map(({ method, path, querystring }) =>
      `${method} ${path}${querystring?.size ? `?${querystring}` : ""}`
    );
  }
}

/** No answer until the request is aborted. */
export function hang(request: KubeRequest): Promise<never> {
  return new Promise((_, reject) => {
    request.abortSignal?.addEventListener("abort", () => reject(request.abortSignal?.reason));
  });
}

/** A JSON answer. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Step {
  return () => ({ status, headers: new Headers(headers), body: new Response(JSON.stringify(body)).body });
}

/** A text answer. */
export function text(body: string, status: number, headers: Record<string, string> = {}): Step {
  return () => ({ status, headers: new Headers(headers), body: new Response(body).body });
}

/** A failure `Status`. */
export function failure(
  code: number,
  reason: string,
  headers: Record<string, string> = {},
  message = `scripted ${reason}`,
): Step {
  return json(
    { kind: "Status", apiVersion: "v1", status: "Failure", reason, message, code },
    code,
    headers,
  );
}

/** One page of a list. */
export function list(items: KubeObject[], resourceVersion: string, continueToken?: string): Step {
  const metadata = { resourceVersion, ...(continueToken && { continue: continueToken }) };
  return json({ apiVersion: "v1", kind: "List", metadata, items });
}

/** A watch whose end the test holds in its hand. */
export class Stream {
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #cancelled = false;

  /** The step that answers with this stream. */
  readonly step: Step = (request) => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => void (this.#controller = controller),
      cancel: () => void (this.#cancelled = true),
    });
    request.abortSignal?.addEventListener("abort", () => this.break(request.abortSignal?.reason));
    return { status: 200, headers: new Headers(), body };
  };

  get cancelled(): boolean {
    return this.#cancelled;
  }

  event(type: string, object: unknown): this {
    return this.raw(JSON.stringify({ type, object }) + "\n");
  }

  raw(text: string): this {
    this.#controller?.enqueue(new TextEncoder().encode(text));
    return this;
  }

  end(): void {
    if (!this.#cancelled) this.#controller?.close();
    this.#cancelled = true;
  }

  break(reason: unknown): void {
    if (!this.#cancelled) this.#controller?.error(reason);
    this.#cancelled = true;
  }
}

/** Time that passes only when a test says so. */
export class VirtualClock implements Clock {
  #now = 1_000_000;
  readonly #sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  /** Every sleep that was asked for, in ms. */
  readonly slept: number[] = [];

  now(): number {
    return this.#now;
  }

  /** The middle: jitter takes nothing away and adds nothing. */
  random(): number {
    return 0.5;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(ms);
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const sleeper = { at: this.#now + ms, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", wake);
    });
  }

  /** Lets `ms` pass while everybody stands still: who should have woken meanwhile wakes with the next `advance`. */
  stall(ms: number): void {
    this.#now += ms;
  }

  /** Lets `ms` pass, waking sleepers in order and letting what they wake run in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const next = [...this.#sleepers].sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets everything that is ready run: streams and promises take several turns of the event loop. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}
