import assert from "node:assert/strict";
import { map, tap } from "../deps/rxjs.ts";
import { TestScheduler } from "../deps/rxjs_testing.ts";
import { pauseFilter } from "./pause_filter.ts";
import type { Trigger } from "./types.ts";

const values = {
  a: { key: "a", reason: "change" },
  b: { key: "b", reason: "change" },
  r: { key: "a", reason: "resync" },
} satisfies Record<string, Trigger<string>>;

/** `paused` writes `[` where the key a is paused and `]` where it resumes. */
function marbles(source: string, paused: string, expected: string): string[] {
  const held: string[] = [];
  const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));
  scheduler.run(({ hot, expectObservable }) => {
    let on = false;
    const changes = hot(paused).pipe(tap((mark) => on = mark === "["), map(() => "a"));
    const stage = pauseFilter((key) => key === "a" && on, changes, { onHeld: (key) => held.push(key) });
    expectObservable(hot(source, values).pipe(stage)).toBe(expected, values);
  });
  return held;
}

Deno.test("pauseFilter() holds a paused key back and lets it go once when it resumes", () => {
  assert.deepEqual(marbles("--a--b--a----------|", "--[------------]---", "-----b---------a---|"), ["a"]);
});

Deno.test("pauseFilter() lets nothing go when nothing came while paused", () => {
  assert.deepEqual(marbles("a--------|", "--[--]----", "a--------|"), []);
});

Deno.test("pauseFilter() keeps the most urgent reason", () => {
  marbles("---r-a-----|", "--[-----]---", "--------a--|");
});

Deno.test("pauseFilter() completes with its source though a key is held", () => {
  marbles("---a--|", "--[----", "------|");
});
