import assert from "node:assert/strict";
import { BehaviorSubject, NEVER, Observable, of, Subject, throwError } from "../deps/rxjs.ts";
import type { Clock } from "../kube/mod.ts";
import { type Controller, startManager } from "./manager.ts";
import { reconcile } from "./reconcile.ts";
import type { Outcome, Trigger } from "./types.ts";

/** A clock whose sleeps end when the test says so. */
class HandClock implements Clock {
  readonly #sleepers: { readonly ms: number; readonly wake: () => void }[] = [];
  #waiters: (() => void)[] = [];

  now(): number {
    return 0;
  }

  random(): number {
    return 0.5;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      this.#sleepers.push({ ms, wake: resolve });
      signal?.addEventListener("abort", () => resolve());
      for (const waiter of this.#waiters.splice(0)) waiter();
    });
  }

  /** Waits until somebody sleeps, then wakes them; resolves to how long they wanted to. */
  async wake(): Promise<number> {
    while (this.#sleepers.length === 0) await new Promise<void>((resolve) => this.#waiters.push(resolve));
    const sleeper = this.#sleepers.shift();
    sleeper?.wake();
    return sleeper?.ms ?? 0;
  }
}

const outcome: Outcome<string> = { type: "ok", key: "a", duration: 2 };
const quiet: Controller = {
  name: "quiet",
  run: ({ drain }) =>
    new Observable<Outcome<string>>((subscriber) => {
      subscriber.next(outcome);
      drain.addEventListener("abort", () => subscriber.complete());
    }),
};

async function get(port: number | undefined, path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, text: await response.text() };
}

Deno.test("startManager() serves health and metrics under controller-runtime's names", async () => {
  const manager = startManager({ controllers: [quiet], port: 0, hostname: "127.0.0.1" });
  try {
    assert.equal((await get(manager.port, "/livez")).status, 200);
    assert.deepEqual(await get(manager.port, "/readyz"), {
      status: 200,
      text: "[+] manager ok\n[+] controller quiet ok\n",
    });
    const { text } = await get(manager.port, "/metrics");
    assert.match(text, /controller_runtime_reconcile_total\{controller="quiet",result="success"\} 1/);
    assert.match(text, /workqueue_work_duration_seconds_count\{name="quiet",controller="quiet"\} 1/);
  } finally {
    await manager.stop();
  }
});

Deno.test("startManager() starts a pipeline that failed again, with back-off, and is not ready meanwhile", async () => {
  const clock = new HandClock();
  let runs = 0;
  const flaky: Controller = {
    name: "flaky",
    run: () => {
      runs++;
      if (runs === 1) throw new Error("no start");
      if (runs === 2) return throwError(() => new Error("broken"));
      return runs === 3 ? of(outcome) : NEVER;
    },
  };
  const manager = startManager({
    controllers: [flaky, quiet],
    clock,
    port: 0,
    hostname: "127.0.0.1",
    drainDeadline: 1,
  });
  const ready = await get(manager.port, "/readyz");
  assert.equal(ready.status, 503);
  assert.match(ready.text, /\[-\] controller flaky: its pipeline failed: no start\n\[\+\] controller quiet ok/);
  assert.deepEqual([await clock.wake(), await clock.wake(), await clock.wake()], [1_000, 2_000, 4_000]);
  assert.match((await get(manager.port, "/readyz")).text, /controller flaky ok/);
  const stopped = manager.stop();
  // What does not drain is ended at the deadline.
  assert.equal(await clock.wake(), 1);
  await stopped;
  assert.equal(runs, 4);
});

Deno.test("startManager() lets work finish when its signal aborts", async () => {
  const started = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const stop = new AbortController();
  const done: string[] = [];
  const busy: Controller = {
    name: "busy",
    run: ({ drain, metrics }) =>
      new Observable<Trigger>((subscriber) => subscriber.next({ key: "a", reason: "change" })).pipe(
        reconcile(async (key) => {
          started.resolve();
          await gate.promise;
          done.push(key);
        }, { drain, observer: metrics }),
      ),
  };
  const manager = startManager({ controllers: [busy], signal: stop.signal });
  await started.promise;
  stop.abort();
  assert.equal(manager.health.ok, false);
  gate.resolve();
  await manager.stopped;
  assert.deepEqual(done, ["a"]);
});

Deno.test("startManager() runs controllers only while this process leads", async () => {
  const leadership = new BehaviorSubject({ leading: false });
  const log: string[] = [];
  const logged = (count: number) => waitFor(() => log.length === count, () => log.join(" "));
  const led: Controller = {
    name: "led",
    run: ({ drain }) =>
      new Observable((subscriber) => {
        log.push("start");
        drain.addEventListener("abort", () => subscriber.complete());
        return () => log.push("end");
      }),
  };
  const manager = startManager({ controllers: [led], leadership$: leadership });
  assert.deepEqual([log, manager.health.ok], [[], true]);
  leadership.next({ leading: true });
  await logged(1);
  leadership.next({ leading: false });
  await logged(2);
  leadership.next({ leading: true });
  await logged(3);
  await manager.stop();
  assert.deepEqual(log, ["start", "end", "start", "end"]);
});

Deno.test("startManager() keeps a warm controller's pipeline while another process leads, and its keys for when this one does", async () => {
  const leadership = new BehaviorSubject<{ leading: boolean; holder?: string }>({ leading: false, holder: "other" });
  const triggers = new Subject<Trigger>();
  const log: string[] = [];
  const logged = (wanted: string) => waitFor(() => log.join(" ") === wanted, () => log.join(" "));
  const warm: Controller = {
    name: "warm",
    standby: "warm",
    run: ({ drain }) =>
      triggers.pipe(reconcile(async (key, signal) => {
        log.push(key);
        if (log.length > 1) return;
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      }, { drain })),
  };
  const manager = startManager({ controllers: [warm], leadership$: leadership, port: 0, hostname: "127.0.0.1" });
  const readyz = async () => (await get(manager.port, "/readyz")).text;
  await waitFor(() => triggers.observed, () => "the pipeline is not built");
  triggers.next({ key: "a", reason: "change" });
  assert.deepEqual(log, []);
  assert.match(await readyz(), /\[\+\] leader election: standby, other leads\n/);
  assert.match((await get(manager.port, "/metrics")).text, /workqueue_depth\{name="warm",controller="warm"\} 1/);

  leadership.next({ leading: true });
  await logged("a");
  assert.match(await readyz(), /\[\+\] leader election: leading\n/);
  // Losing the lead aborts the work, which is no failure, and its key is done again when the lead returns.
  leadership.next({ leading: false });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(log, ["a"]);
  leadership.next({ leading: true });
  await logged("a a");
  const { text } = await get(manager.port, "/metrics");
  assert.match(text, /controller_runtime_reconcile_errors_total\{controller="warm"\} 0/);
  await manager.stop();
  assert.equal(triggers.observed, false);
});

Deno.test("startManager() runs a controller that has no leader wherever it is started", async () => {
  const ran = Promise.withResolvers<void>();
  const all: Controller = { name: "all", standby: "run", run: (context) => (ran.resolve(), quiet.run(context)) };
  const manager = startManager({ controllers: [all], leadership$: new BehaviorSubject({ leading: false }) });
  await ran.promise;
  await manager.stop();
});

Deno.test("startManager() stops while it stands by", async () => {
  const manager = startManager({ controllers: [quiet], leadership$: new BehaviorSubject({ leading: false }) });
  await manager.stop();
});

async function waitFor(condition: () => boolean, describe: () => string): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, `not in time: ${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
