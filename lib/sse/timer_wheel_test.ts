import assert from "node:assert/strict";
import { TestScheduler } from "../deps/rxjs_testing.ts";
import { Observable } from "../deps/rxjs.ts";
import { TimerWheel } from "./timer_wheel.ts";

Deno.test("TimerWheel runs each timer once, up to a tick late, over several turns, and rests when none waits", () => {
  const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));
  scheduler.run(({ expectObservable }) => {
    const wheel = new TimerWheel({ tick: 10, slots: 4, scheduler });
    const runs = new Observable<string>((subscriber) => {
      wheel.schedule(5, () => subscriber.next("a"));
      wheel.schedule(95, () => subscriber.next("b"));
      wheel.schedule(30, () => subscriber.next("never")).cancel();
      wheel.schedule(50, () => wheel.schedule(10, () => subscriber.next("c")));
    });
    // The wheel turns already when the later ones are set, so that they wait for one tick more.
    expectObservable(runs).toBe("10ms a 69ms c 29ms b");
    scheduler.schedule(() => assert.equal(wheel.size, 0), 200);
  });
});
