import assert from "node:assert/strict";
import { Slots } from "./_slots.ts";

Deno.test("Slots.run() runs so many at once, the others in the order in which they came, also after a failure", async () => {
  const slots = new Slots(2);
  const log: string[] = [];
  const gates = ["a", "b", "c", "d"].map((name) => ({ name, ...Promise.withResolvers<void>() }));
  const runs = gates.map(({ name, promise }) => slots.run(() => (log.push(name), promise)));
  const [a, b, c, d] = gates;
  await Promise.resolve();
  assert.deepEqual(log, ["a", "b"]);
  b!.reject(new Error("broken"));
  await assert.rejects(runs[1]!, /broken/);
  assert.deepEqual(log, ["a", "b", "c"]);
  a!.resolve();
  await runs[0];
  assert.deepEqual(log, ["a", "b", "c", "d"]);
  c!.resolve();
  d!.resolve();
  await Promise.all([runs[2], runs[3]]);
  assert.equal(await slots.run(() => Promise.resolve("free again")), "free again");
});
