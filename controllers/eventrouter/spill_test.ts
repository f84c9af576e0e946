import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { sampleEvent } from "./_samples.ts";
import { Spill } from "./spill.ts";
import { lineOf, ofLine } from "./spill_line.ts";

Deno.test("Spill gives back in order what was written over several files, and leaves nothing behind", async () => {
  const directory = await Deno.makeTempDir();
  const spill = new Spill(join(directory, "spill"), 64 * 1024 * 1024);
  const text = "x".repeat(10_000);
  for (let n = 0; n < 300; n++) spill.push(`${n} ${text}`);
  const read: number[] = [];
  for (let n = 300; spill.items > 0; n++) {
    if (n < 310) spill.push(`${n} ${text}`);
    read.push(...spill.shift(7).map((line) => parseInt(line)));
  }
  deepEqual(read, Array.from({ length: 310 }, (_, n) => n));
  equal(spill.bytes, 0);
  spill.close();
  deepEqual([...Deno.readDirSync(directory)], []);
  await Deno.remove(directory);
});

Deno.test("Spill is full at its limit, and begins empty where another process left files", async () => {
  const directory = await Deno.makeTempDir();
  await Deno.writeTextFile(join(directory, "0.lines"), "1\n");
  const spill = new Spill(directory, 4);
  equal(spill.items, 0);
  spill.push("1");
  equal(spill.full, false);
  spill.push("2");
  equal(spill.full, true);
  spill.close();
});

Deno.test("ofLine() gives the Event of lineOf() back, whatever its text holds", () => {
  const { waiting } = sampleEvent(7, "tab\there, line\nthere", { labels: { app: "a\tb" } });
  deepEqual({ ...ofLine(lineOf(waiting)), arrival: 0 }, { ...waiting, arrival: 0 });
  equal(lineOf(waiting).includes("\n"), false);
});
