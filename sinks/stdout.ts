/** Events on the router's standard output, a line each: for clusters that collect the logs of containers. */
import { oneAtATime, throwIfAborted } from "./_batch.ts";
import { linesOf } from "./_body.ts";
import { object } from "./_schema.ts";
import type { Sink, SinkKind } from "./types.ts";

/** There is nothing to set. */
export type StdoutSettings = Readonly<Record<never, never>>;

/** Something that takes bytes, not necessarily all at once. */
export interface ByteWriter {
  write(bytes: Uint8Array): Promise<number>;
}

/** `spec.sink.stdout`. Nobody says that a line was stored, so that this sink takes no part in the checkpoint. */
export const stdout: SinkKind<StdoutSettings> = {
  name: "stdout",
  acknowledges: false,
  schema: object("Writes each event as a line of JSON to the router's standard output.", {}),
  open: () => Promise.resolve(lineSink(Deno.stdout)),
};

/** A sink that writes lines to `writer`; batches never mingle. */
export function lineSink(writer: ByteWriter): Sink {
  const inTurn = oneAtATime();
  return {
    send: (batch, signal) =>
      inTurn(async () => {
        throwIfAborted(signal, batch, "standard output");
        let rest = linesOf(batch);
        while (rest.length > 0) rest = rest.subarray(await writer.write(rest));
      }),
    close: () => inTurn(() => Promise.resolve()),
  };
}
