/** One call over any transport: deadline, retry, decoding, errors. */
import type { WatchMonitor } from "./client_types.ts";
import type { StreamingLists } from "./_streaming_lists.ts";
import { backoffDelay, type Clock } from "./clock.ts";
import {
  fromStatus,
  fromText,
  fromThrown,
  isFailureStatus,
  isInitializing,
  KubeError,
  type Subject,
} from "./errors.ts";
import type { KubeRequest, KubeResponse, KubeTransport } from "./transport.ts";

/** What all calls of a client share. */
export interface CallContext {
  readonly transport: KubeTransport;
  readonly clock: Clock;
  /** ms for a whole call, retries included. */
  readonly deadline: number;
  /** Tries after the first. */
  readonly retries: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly onWarning: (warning: string) => void;
  readonly streaming: StreamingLists;
  readonly monitor: WatchMonitor | undefined;
}

const RETRY = { base: 100, max: 5_000, jitter: 0.3 };
/** A storage that fills its cache; see {@linkcode isInitializing}. */
export const INITIALIZING = { base: 25, max: 1_000, jitter: 0.3 };

/** Runs one request to its decoded JSON answer, retrying what may be retried. */
export function callJson(context: CallContext, what: Subject, request: KubeRequest): Promise<unknown> {
  return withDeadline(context, what, request.abortSignal, async (signal) => {
    for (let failures = 1;; failures++) {
      try {
        return decode(what, await exchange(context, what, { ...request, abortSignal: signal }));
      } catch (thrown) {
        const error = fromThrown(what, thrown, signal);
        const delay = delayAfter(context, error, failures, request);
        if (delay === undefined) throw error;
        await context.clock.sleep(delay, signal);
      }
    }
  });
}

/** ms to wait before a call is tried again; `undefined` when it is not to be. */
function delayAfter(
  { clock, retries }: CallContext,
  error: KubeError,
  failures: number,
  request: KubeRequest,
): number | undefined {
  // It takes what it takes, and the deadline ends it.
  if (isInitializing(error)) return backoffDelay(failures, INITIALIZING, clock.random);
  if (failures > retries || !isRetryable(error, request)) return undefined;
  return error.retryAfter ?? backoffDelay(failures, RETRY, clock.random);
}

/** Opens a stream. Neither deadline nor retry: its reader has both. */
export async function openStream(
  context: CallContext,
  what: Subject,
  request: KubeRequest,
): Promise<ReadableStream<Uint8Array>> {
  try {
    if (context.transport.request === undefined) {
      refuseHeaders(context, what);
      return await context.transport.performRequest({ ...request, expectStream: true });
    }
    const response = await context.transport.request(request, context.headers);
    if (response.status >= 400) throw await errorOf(what, response);
    if (response.body === null) throw new KubeError(`Cannot ${what}: the answer has no body`, { reason: "Malformed" });
    warn(context, response.headers);
    return response.body;
  } catch (thrown) {
    throw fromThrown(what, thrown, request.abortSignal);
  }
}

async function exchange(context: CallContext, what: Subject, request: KubeRequest): Promise<Uint8Array> {
  if (context.transport.request === undefined) {
    refuseHeaders(context, what);
    return await context.transport.performRequest(request);
  }
  const response = await context.transport.request(request, context.headers);
  if (response.status >= 400) throw await errorOf(what, response);
  warn(context, response.headers);
  return await readAll(response.body);
}

/** A transport without `request` cannot carry headers; impersonating nobody would be an escalation. */
function refuseHeaders(context: CallContext, what: Subject): void {
  if (Object.keys(context.headers).length === 0) return;
  throw new KubeError(
    `Cannot ${what}: impersonation needs a transport with \`request\`, and this one has only \`performRequest\``,
    { reason: "Unsupported" },
  );
}

async function errorOf(what: Subject, response: KubeResponse): Promise<KubeError> {
  const text = new TextDecoder().decode(await readAll(response.body));
  const retryAfter = parseRetryAfter(response.headers.get("retry-after"));
  const value = tryParse(text);
  return isFailureStatus(value)
    ? fromStatus(what, value, response.status, retryAfter)
    : fromText(what, response.status, text, retryAfter);
}

/** `Retry-After` in ms, from seconds or an HTTP date. */
export function parseRetryAfter(value: string | null, now: number = Date.now()): number | undefined {
  if (value === null) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Only a foreign transport hands an error body back as if it had succeeded; every answer is looked at all the same. */
function decode(what: Subject, bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  const value = tryParse(text);
  if (value === undefined) {
    throw new KubeError(`Cannot ${what}: the answer is not JSON: ${text.trim().slice(0, 200) || "it is empty"}`, {
      reason: "Malformed",
    });
  }
  if (isFailureStatus(value)) throw fromStatus(what, value, 0);
  return value;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readAll(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  return body === null ? new Uint8Array() : await new Response(body).bytes();
}

/** 429 was not processed, so any verb may go again; the rest only where twice is the same as once. */
function isRetryable(error: KubeError, request: KubeRequest): boolean {
  if (error.code === 429) return true;
  const idempotent = request.method !== "POST" && request.contentType !== "application/json-patch+json";
  if (!idempotent) return false;
  return error.reason === "Network" || (error.code >= 500 && error.code !== 501 && error.code !== 505);
}

const WARNING = /^\d{3} \S+ "((?:[^"\\]|\\.)*)"/;

function warn(context: CallContext, headers: Headers): void {
  const value = headers.get("warning");
  if (value === null) return;
  for (const part of value.split(/, (?=\d{3} )/)) {
    const text = WARNING.exec(part)?.[1];
    context.onWarning(text === undefined ? part : text.replace(/\\(.)/g, "$1"));
  }
}

/** Ends `work` at the deadline even where the transport ignores its signal. */
async function withDeadline<T>(
  context: CallContext,
  what: Subject,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (outer?.aborted) throw fromThrown(what, outer.reason, outer);
  const call = new AbortController();
  const timer = new AbortController();
  const abort = () => call.abort(outer?.reason);
  outer?.addEventListener("abort", abort);
  const expired = context.clock.sleep(context.deadline, timer.signal).then(() => {
    if (!timer.signal.aborted) call.abort(new DOMException("deadline", "TimeoutError"));
  });
  const aborted = new Promise<never>((_, reject) => {
    call.signal.addEventListener("abort", () => {
      reject(outer?.aborted ? fromThrown(what, outer.reason, outer) : deadlineError(context, what));
    });
  });
  try {
    return await Promise.race([work(call.signal), aborted]);
  } finally {
    timer.abort();
    outer?.removeEventListener("abort", abort);
    await expired;
  }
}

function deadlineError(context: CallContext, what: Subject): KubeError {
  return new KubeError(`Cannot ${what}: no answer within ${context.deadline} ms`, { reason: "Deadline" });
}
