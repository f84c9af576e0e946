import assert from "node:assert/strict";
import { nanoseconds } from "./_time.ts";

Deno.test("nanoseconds() keeps every digit of a time and takes the fallback where there is none", () => {
  const rows: [time: string, result: string][] = [
    ["1970-01-01T00:00:01Z", "1000000000"],
    ["2026-01-02T03:04:05.123456Z", "1767323045123456000"],
    ["2026-01-02T03:04:05.123456789Z", "1767323045123456789"],
    ["2026-01-02T04:04:05.1+01:00", "1767323045100000000"],
    ["", "5000000"],
    ["yesterday", "5000000"],
  ];
  for (const [time, result] of rows) assert.equal(nanoseconds(time, 5), result, time);
});
