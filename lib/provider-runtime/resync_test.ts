import assert from "node:assert/strict";
import { TestScheduler } from "../deps/rxjs_testing.ts";
import { resync } from "./resync.ts";

Deno.test("resync() triggers every key once a period, spread by its jitter", () => {
  const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));
  scheduler.run(({ expectObservable }) => {
    const draws = [0, 0.5];
    let draw = 0;
    const random = () => draws[draw++ % 2] ?? 0;
    const stream = resync(() => ["a", "b"], { period: 20, jitter: 0.2, scheduler, random });
    const values = { a: { key: "a", reason: "resync" }, b: { key: "b", reason: "resync" } };
    // The first round begins at 16 and spreads over 8: a draws its start, b its middle.
    expectObservable(stream, "^ 44ms !").toBe("16ms a 3ms b 15ms a 3ms b", values);
  });
});

Deno.test("resync() asks for the keys anew each period", () => {
  const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));
  scheduler.run(({ expectObservable }) => {
    const rounds = [["a"], [], ["c"]];
    const stream = resync(() => rounds.shift() ?? [], { period: 10, jitter: 0, scheduler, random: () => 0 });
    const values = { a: { key: "a", reason: "resync" }, c: { key: "c", reason: "resync" } };
    expectObservable(stream, "^ 35ms !").toBe("10ms a 19ms c", values);
  });
});
