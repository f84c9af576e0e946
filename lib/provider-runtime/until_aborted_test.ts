import assert from "node:assert/strict";
import { TestScheduler } from "../deps/rxjs_testing.ts";
import { untilAborted } from "./until_aborted.ts";

/** `!` in `signal` aborts. */
function marbles(source: string, signal: string, expected: string, subscription: string): void {
  const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));
  scheduler.run(({ cold, hot, expectObservable, expectSubscriptions }) => {
    const abort = new AbortController();
    hot(signal).subscribe(() => abort.abort());
    const values = cold(source);
    expectObservable(values.pipe(untilAborted(abort.signal))).toBe(expected);
    expectSubscriptions(values.subscriptions).toBe(subscription);
  });
}

Deno.test("untilAborted() completes, and leaves its source, when the signal aborts", () => {
  marbles("--a--b--c--", "------x", "--a--b|", "^-----!");
});

Deno.test("untilAborted() completes with its source", () => {
  marbles("--a|", "------x", "--a|", "^--!");
});

Deno.test("untilAborted() completes at once when the signal was aborted before", () => {
  const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));
  scheduler.run(({ cold, expectObservable }) => {
    expectObservable(cold("a--b").pipe(untilAborted(AbortSignal.abort()))).toBe("|");
  });
});

Deno.test("untilAborted() changes nothing without a signal", () => {
  const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));
  scheduler.run(({ cold, expectObservable }) => {
    expectObservable(cold("a--b|").pipe(untilAborted(undefined))).toBe("a--b|");
  });
});
