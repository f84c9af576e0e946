import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { Spill } from "./spill.ts";

Deno.test("Spill gives back in order what was written over several files, and leaves nothing behind", async () => {
  const directory = await Deno.makeTempDir();
  const spill = new Spill<{ n: number; text: string }>(join(directory, "spill"), 64 * 1024 * 1024);
  const text = "x".repeat(10_000);
  for (let n = 0; n < 300; n++) spill.push({ n, text });
  const read: number[] = [];
  for (let n = 300; spill.items > 0; n++) {
    if (n < 310) spill.push({ n, text });
    read.push(...spill.shift(7).map(({ n }) => n));
  }
  deepEqual(read, Array.from({ length: 310 }, (_, n) => n));
  equal(spill.bytes, 0);
  spill.close();
  deepEqual([...Deno.readDirSync(directory)], []);
  await Deno.remove(directory);
});

Deno.test("Spill is full at its limit, and begins empty where another process left files", async () => {
  const directory = await Deno.makeTempDir();
  await Deno.writeTextFile(join(directory, "0.jsonl"), '{"n":1}\n');
  const spill = new Spill<{ n: number }>(directory, 10);
  equal(spill.items, 0);
  spill.push({ n: 1 });
  equal(spill.full, false);
  spill.push({ n: 2 });
  equal(spill.full, true);
  spill.close();
});
