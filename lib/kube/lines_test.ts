import assert from "node:assert/strict";
import { fc } from "../deps/fast_check.ts";
import { readLines } from "./lines.ts";

/** A stream of `chunks`; a byte stream where `bytes` is set, so that both readers are tried. */
function streamOf(chunks: readonly Uint8Array[], bytes: boolean): ReadableStream<Uint8Array> {
  const rest = chunks.filter((chunk) => chunk.length > 0).map((chunk) => chunk.slice());
  const pull = (controller: ReadableByteStreamController | ReadableStreamDefaultController<Uint8Array>) => {
    const chunk = rest.shift();
    if (chunk !== undefined) return controller.enqueue(chunk);
    controller.close();
    if ("byobRequest" in controller) controller.byobRequest?.respond(0);
  };
  return bytes ? new ReadableStream({ type: "bytes", pull }) : new ReadableStream({ pull });
}

for (const bytes of [true, false]) {
  const kind = bytes ? "byte" : "plain";

  Deno.test(`readLines() gives the same lines however a ${kind} stream is cut`, async () => {
    const text = fc.array(fc.constantFrom("a", "é", "😀", "\n", "{}", ""), { maxLength: 30 }).map((parts) =>
      parts.join("")
    );
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat({ max: 60 }), { maxLength: 8 }), async (text, cuts) => {
        const all = new TextEncoder().encode(text);
        const ends = [...cuts.filter((cut) => cut < all.length).sort((a, b) => a - b), all.length];
        const chunks = ends.map((end, index) => all.slice(ends[index - 1] ?? 0, end));
        const lines: string[] = [];
        const rest = await readLines(streamOf(chunks, bytes), (line) => void lines.push(line));
        assert.deepEqual([...lines, rest], text.split("\n"));
      }),
      { numRuns: 150 },
    );
  });

  Deno.test(`readLines() stops and cancels a ${kind} stream when its callback says so`, async () => {
    const lines: string[] = [];
    const body = streamOf([new TextEncoder().encode("a\nb\nc\n"), new TextEncoder().encode("d\n")], bytes);
    await readLines(body, (line) => lines.push(line) < 2);
    assert.deepEqual(lines, ["a", "b"]);
  });
}

Deno.test("readLines() rejects with the error of the stream", async () => {
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new TypeError("reset")) });
  await assert.rejects(readLines(body, () => {}), /reset/);
});

for (const type of ["bytes", undefined] as const) {
  const kind = type === "bytes" ? "byte" : "plain";
  Deno.test(`readLines() ends when its signal aborts, though the ${kind} stream knows nothing of it`, async () => {
    const cancelled = Promise.withResolvers<void>();
    const source = { cancel: () => cancelled.resolve(), pull: () => new Promise<void>(() => {}) };
    const body = type === "bytes" ? new ReadableStream({ ...source, type }) : new ReadableStream(source);
    const abort = new AbortController();
    const lines = readLines(body, () => assert.fail("there is no line"), abort.signal);
    abort.abort(new Error("enough"));
    await assert.rejects(lines, /enough/);
    await cancelled.promise;
  });
}
