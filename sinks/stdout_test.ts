import assert from "node:assert/strict";
import { contextWith, deliveries, delivery, failure, soon } from "./_testing.ts";
import { lineSink, stdout } from "./stdout.ts";

/** Takes `step` bytes at a time. */
function writer(step: number) {
  let text = "";
  return {
    text: () => text,
    async write(bytes: Uint8Array) {
      await Promise.resolve();
      text += new TextDecoder().decode(bytes.subarray(0, step));
      return Math.min(step, bytes.length);
    },
  };
}

Deno.test("stdout writes each body as one line of JSON, whole, in order, although the pipe takes few bytes at a time", async () => {
  const out = writer(7);
  const sink = lineSink(out);
  await Promise.all([sink.send(deliveries(0, 2), soon()), sink.send(deliveries(2, 4), soon())]);
  await sink.close();
  const lines = out.text().trimEnd().split("\n");
  assert.deepEqual(lines.map((line) => JSON.parse(line)), deliveries(0, 4).map(({ body }) => body));
});

Deno.test("stdout keeps a body with line ends and control characters on one line", async () => {
  const out = writer(1_000);
  const sink = lineSink(out);
  await sink.send(
    [delivery(0, {}, { body: "a\r\nb" }), delivery(1, {}, { body: { m: "a\n\u0000b\u001b[2J" } })],
    soon(),
  );
  assert.equal(out.text(), 'a\\r\\nb\n{"m":"a\\n\\u0000b\\u001b[2J"}\n');
});

Deno.test("stdout does not write once its signal has aborted", async () => {
  const out = writer(10);
  assert.equal((await failure(lineSink(out).send(deliveries(0, 1), AbortSignal.abort()))).reason, "Unavailable");
  assert.equal(out.text(), "");
});

Deno.test("stdout opens and closes without touching the process's own output", async () => {
  const sink = await stdout.open({}, contextWith());
  await sink.close();
});
