import assert from "node:assert/strict";
import { map, NEVER, Observable, of, tap } from "../deps/rxjs.ts";
import { TestScheduler } from "../deps/rxjs_testing.ts";
import { type Change, type KubeObject, reflect } from "../kube/mod.ts";
import { pauseFilter } from "./pause_filter.ts";
import { pauseState } from "./pause_state.ts";
import type { Trigger } from "./types.ts";

function thing(name: string, annotations: Record<string, string> = {}): KubeObject {
  return { apiVersion: "v1", kind: "Thing", metadata: { name, annotations } };
}

/** Time in marbles is ms since the epoch. */
const until = (ms: number) => ({ "krateo.io/pause-until": new Date(ms).toISOString() });
const changes = {
  "0": { type: "synced", resourceVersion: "1" },
  a: { type: "applied", object: thing("a") },
  u: { type: "applied", object: thing("a", until(8)) },
  p: { type: "applied", object: thing("a", { "krateo.io/paused": "true" }) },
  b: { type: "applied", object: thing("b") },
  x: { type: "deleted", object: thing("a") },
} satisfies Record<string, Change>;

/** `fleet` writes `[` and `]`. */
function marbles(objects: string, fleet: string | undefined, expected: string): void {
  const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));
  scheduler.run(({ hot, expectObservable }) => {
    let on = false;
    const fleet$ = hot(fleet ?? "-").pipe(tap((mark) => on = mark === "["), map(() => undefined));
    const store = reflect<KubeObject>(hot(objects, changes));
    const state = pauseState(store, {
      scheduler,
      ...(fleet !== undefined &&
        { fleet: { known: true, changes$: fleet$, pauseOf: () => on ? "frozen" : undefined } }),
    });
    expectObservable(state.changes$).toBe(expected);
  });
}

Deno.test("pauseState() tells of each change of an object, and of the end of its pause-until at that very time", () => {
  marbles("0-u--------", undefined, "--a-----a--");
});

Deno.test("pauseState() forgets the end of a pause that was taken back, or whose object is gone", () => {
  marbles("0-u-a------", undefined, "--a-a------");
  marbles("0-u-x------", undefined, "--a--------");
});

Deno.test("pauseState() tells of every object when a pause of the fleet begins or ends", () => {
  marbles("0-(ab)---------", "------[----]---", "--(ab)(ab)-(ab)");
});

Deno.test("pauseState() and pauseFilter() let a key go at the time of its pause-until", () => {
  const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));
  scheduler.run(({ hot, expectObservable }) => {
    const store = reflect<KubeObject>(hot("0-u--------", changes));
    const state = pauseState(store, { scheduler });
    const source = hot<Trigger>("---t-------", { t: { key: "a", reason: "change" } });
    const result = source.pipe(pauseFilter(state.isHeld, state.changes$), map(({ key }) => key));
    expectObservable(result).toBe("--------a--");
  });
});

Deno.test("pauseState() tells an object's own pause from that of the fleet", () => {
  const fleet = { known: true, changes$: NEVER, pauseOf: () => "frozen" };
  const state = pauseState(reflect<KubeObject>(of()), { fleet });
  assert.equal(state.fleetPause(thing("a")), "frozen");
  assert.equal(state.fleetPause(thing("a", { "krateo.io/paused": "true" })), undefined);
  assert.equal(state.isPaused(thing("a")), true);
  assert.equal(pauseState(reflect<KubeObject>(new Observable())).isPaused(thing("a")), false);
  // What is not known yet holds, and is not told.
  const unknown = pauseState(reflect<KubeObject>(of()), { fleet: { ...fleet, known: false } });
  assert.deepEqual([unknown.isPaused(thing("a")), unknown.fleetPause(thing("a"))], [true, undefined]);
});
