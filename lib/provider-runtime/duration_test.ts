import assert from "node:assert/strict";
import { parseDuration } from "./duration.ts";

const durations: [text: string, ms: number | undefined][] = [
  ["30s", 30_000],
  ["1h2m3s", 3_723_000],
  ["1.5m", 90_000],
  [".5s", 500],
  ["250ms", 250],
  ["0", 0],
  ["", undefined],
  ["30", undefined],
  ["-5s", undefined],
  ["5s later", undefined],
];
for (const [text, ms] of durations) {
  Deno.test(`parseDuration() of "${text}" is ${ms}`, () => assert.equal(parseDuration(text), ms));
}
