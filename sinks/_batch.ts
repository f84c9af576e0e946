/** What several sinks do with a batch. */
import { type Delivery, SinkError, type SinkErrorReason } from "./types.ts";

/** One delivery that was not taken. */
export interface Failed {
  readonly id: string;
  readonly reason: SinkErrorReason;
  readonly message: string;
}

/** `deliver 3 events`, as it stands after "Cannot". */
export function deliver(batch: readonly Delivery[]): string {
  return `deliver ${batch.length} ${batch.length === 1 ? "event" : "events"}`;
}

/**
 * Sends deliveries one by one, see {@linkcode sendParts}.
 *
 * @throws {SinkError} With `failed` where some were taken.
 */
export function sendEach(batch: readonly Delivery[], send: (one: Delivery) => Promise<void>): Promise<void> {
  return sendParts(batch.map((delivery) => [delivery]), ([one]) => one ? send(one) : Promise.resolve());
}

/**
 * Sends parts of a batch one after the other; the first error that is no refusal ends the attempt, so that none overtakes another.
 *
 * @throws {SinkError} With `failed` where some were taken.
 */
export async function sendParts<Part extends readonly Delivery[]>(
  parts: readonly Part[],
  send: (part: Part) => Promise<void>,
): Promise<void> {
  const failed: Failed[] = [];
  let stopped: SinkError | undefined;
  for (const part of parts) {
    const error = stopped ?? await send(part).then(() => undefined, toSinkError);
    if (error === undefined) continue;
    if (error.reason !== "Refused") stopped = error;
    for (const { id } of part) failed.push({ id, reason: error.reason, message: error.message });
  }
  throwFailed(parts.flat(), failed, stopped);
}

/** Throws the one error that stands for all of `failed`; does nothing where there is none. */
export function throwFailed(batch: readonly Delivery[], failed: readonly Failed[], stopped?: SinkError): void {
  const [first] = failed;
  if (first === undefined) return;
  const worst = stopped ?? failed.find(({ reason }) => reason !== "Refused") ?? first;
  const wait = stopped?.retryAfter;
  // Without a list, a refusal would be taken for one of the batch as a whole, and be tried again in parts.
  const part = failed.length < batch.length || failed.some(({ reason }) => reason !== worst.reason) ||
    worst.reason === "Refused";
  throw new SinkError(worst.reason, worst.message, {
    ...(wait !== undefined && { retryAfter: wait }),
    ...(part && { failed }),
    ...(stopped?.cause !== undefined && { cause: stopped.cause }),
  });
}

/** Any error that is no {@linkcode SinkError} is taken for `Unavailable`. */
export function toSinkError(error: unknown): SinkError {
  if (error instanceof SinkError) return error;
  return new SinkError("Unavailable", error instanceof Error ? error.message : String(error), { cause: error });
}

/** Throws where `signal` has aborted: for sinks whose exchange cannot be interrupted once it began. */
export function throwIfAborted(signal: AbortSignal, batch: readonly Delivery[], label: string): void {
  if (signal.aborted) throw abortError(signal, batch, label);
}

/** The error of an attempt that `signal` ended. */
export function abortError(signal: AbortSignal, batch: readonly Delivery[], label: string): SinkError {
  const timeout = signal.reason instanceof DOMException && signal.reason.name === "TimeoutError";
  const why = timeout ? "no answer within the timeout" : "it was stopped";
  return new SinkError("Unavailable", `Cannot ${deliver(batch)} to ${label}: ${why}`);
}

/** `promise`, or the error of `signal` where it aborts first; what `promise` becomes afterwards is nobody's concern any more. */
export async function orAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  batch: readonly Delivery[],
  label: string,
): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(abortError(signal, batch, label));
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Runs tasks one after the other, in the order in which they were given. */
export function oneAtATime(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task, task);
    last = next.catch(() => undefined); // the caller of `task` has its error
    return next;
  };
}
