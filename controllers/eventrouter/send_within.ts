/** One attempt to send, with an end. */
import type { Delivery, Sink } from "../../sinks/mod.ts";

/**
 * Sends a batch. Rejects after `timeout` ms and when `abort` aborts, even where the sink does not listen to its signal: it must not
 * hold a lane.
 */
export async function sendWithin(
  sink: Sink,
  batch: readonly Delivery[],
  timeout: number,
  abort: AbortSignal,
): Promise<void> {
  const attempt = new AbortController();
  const stop = () => attempt.abort(abort.reason);
  const expire = () => attempt.abort(new DOMException(`no answer within ${timeout} ms`, "TimeoutError"));
  const timer = setTimeout(expire, timeout);
  abort.addEventListener("abort", stop);
  const ended = new Promise<never>((_, reject) => {
    attempt.signal.addEventListener("abort", () => reject(attempt.signal.reason));
  });
  try {
    if (abort.aborted) stop();
    await Promise.race([sink.send(batch, attempt.signal), ended]);
  } finally {
    clearTimeout(timer);
    abort.removeEventListener("abort", stop);
  }
}
