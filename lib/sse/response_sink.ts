/** A client as the body of a `Response`. */
import type { Sink } from "./sink.ts";

/** Headers that every event stream needs: nothing on the way may keep, change or collect it. */
export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-cache, no-store, no-transform",
  // nginx and its ingress collect answers unless they are asked not to
  "X-Accel-Buffering": "no",
};

/** A sink, and the body that its bytes come out of. */
export interface BodySink {
  readonly sink: Sink;
  readonly body: ReadableStream<Uint8Array>;
}

/** Works with every server that takes a `Response`; costs some 40 KiB a client with `Deno.serve`. */
export function bodySink(onCancel: () => void): BodySink {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let drained: (() => void) | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (started) => void (controller = started),
    pull: () => {
      drained?.();
      drained = undefined;
    },
    cancel: onCancel,
  }, { highWaterMark: 1 });
  // The server breaks the stream before it tells so.
  const isBroken = () => controller === undefined || controller.desiredSize === null;
  const sink: Sink = {
    write(bytes) {
      if (isBroken()) return Promise.reject(new DOMException("The client is gone", "AbortError"));
      controller?.enqueue(bytes);
      if ((controller?.desiredSize ?? 0) > 0) return undefined;
      return new Promise((resolve) => drained = resolve);
    },
    close(abort) {
      if (isBroken()) return;
      if (abort) controller?.error(new DOMException("The client reads too slowly or is gone", "AbortError"));
      else controller?.close();
    },
  };
  return { sink, body };
}
