/** What follows from an attempt to send a batch. */
import { type Delivery, SinkError, type SinkErrorReason } from "../../sinks/mod.ts";

/** A delivery that its sink will never take. */
export interface Refusal {
  readonly delivery: Delivery;
  readonly message: string;
}

/** What became of the deliveries of a batch: each of them is in one of the lists. */
export interface Verdict {
  readonly delivered: readonly Delivery[];
  readonly refused: readonly Refusal[];
  /** To be tried again, in this order. */
  readonly rest: readonly Delivery[];
  /** The rest is to be tried in smaller batches: one of it is the culprit. */
  readonly split: boolean;
  /** Why there is a rest. */
  readonly reason?: SinkErrorReason;
  readonly message?: string;
  readonly retryAfter?: number;
}

/** Judges a failed attempt. Pure. */
export function judge(batch: readonly Delivery[], thrown: unknown): Verdict {
  const error = asSinkError(thrown);
  const { reason, message } = error;
  const why = { reason, message, ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }) };
  if (error.failed !== undefined) return { ...judgeEach(batch, error.failed), ...why, split: false };
  const none = { delivered: [], refused: [], split: false };
  if (reason !== "Refused") return { ...none, rest: batch, ...why };
  const [only] = batch;
  if (batch.length > 1 || only === undefined) return { ...none, rest: batch, split: true, ...why };
  return { ...none, refused: [{ delivery: only, message }], rest: [] };
}

function judgeEach(batch: readonly Delivery[], failures: NonNullable<SinkError["failed"]>) {
  const byId = new Map(failures.map((failure) => [failure.id, failure]));
  const delivered: Delivery[] = [];
  const refused: Refusal[] = [];
  const rest: Delivery[] = [];
  for (const delivery of batch) {
    const failure = byId.get(delivery.id);
    if (failure === undefined) delivered.push(delivery);
    else if (failure.reason === "Refused") refused.push({ delivery, message: failure.message });
    else rest.push(delivery);
  }
  return { delivered, refused, rest };
}

/** Any error that is no {@linkcode SinkError} counts as `Unavailable`. */
export function asSinkError(thrown: unknown): SinkError {
  if (thrown instanceof SinkError) return thrown;
  return new SinkError("Unavailable", thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}
