import assert from "node:assert/strict";
import { childCpuSecondsOf, cpuSecondsOf, memoryOf, peakMemoryOf } from "./process.ts";

Deno.test("cpuSecondsOf() adds user and system time, whatever the command is called", () => {
  const rest = "S 1 2 3 4 5 6 7 8 9 10 250 50 100 20 20 0";
  assert.equal(cpuSecondsOf(`12 (deno) ${rest}`), 3);
  assert.equal(cpuSecondsOf(`12 (a) b (c) ${rest}`), 3);
  assert.equal(childCpuSecondsOf(`12 (a) b (c) ${rest}`), 1.2);
});

Deno.test("peakMemoryOf() and memoryOf() read MiB, and none of a process that is over", () => {
  const status = "Name:\tdeno\nVmHWM:\t  153600 kB\nVmRSS:\t  1024 kB\n";
  assert.equal(peakMemoryOf(status), 150);
  assert.equal(memoryOf(status), 1);
  assert.equal(memoryOf("Name:\tdeno\nState:\tZ (zombie)\n"), undefined);
  assert.equal(peakMemoryOf("Name:\tdeno\nState:\tZ (zombie)\n"), undefined);
});
