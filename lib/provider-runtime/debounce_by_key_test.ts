import assert from "node:assert/strict";
import { TestScheduler } from "../deps/rxjs_testing.ts";
import { debounceByKey } from "./debounce_by_key.ts";
import type { Trigger } from "./types.ts";

const values = {
  a: { key: "a", reason: "related" },
  b: { key: "b", reason: "related" },
  r: { key: "a", reason: "resync" },
} satisfies Record<string, Trigger<string>>;

function marbles(source: string, expected: string, quiet: number, maxWait?: number): void {
  const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));
  scheduler.run(({ hot, expectObservable }) => {
    const stage = debounceByKey<string>({ quiet, scheduler, ...(maxWait && { maxWait }) });
    expectObservable(hot(source, values).pipe(stage)).toBe(expected, values);
  });
}

Deno.test("debounceByKey() lets each key go when it has been quiet", () => {
  marbles("-a-a-b-----|", "------a-b--|", 3);
});

Deno.test("debounceByKey() holds a restless key no longer than maxWait", () => {
  marbles("-a-a-a-a-a-|", "-------a---(a|)", 3, 6);
});

Deno.test("debounceByKey() keeps the most urgent reason", () => {
  marbles("-a-r------|", "------a---|", 3);
  marbles("-r-a------|", "------a---|", 3);
});

Deno.test("debounceByKey() lets what it holds go when its source completes", () => {
  marbles("-ab|", "---(ab|)", 10);
});

Deno.test("debounceByKey() passes the error of its source on", () => {
  marbles("-a-#", "---#", 10);
});
