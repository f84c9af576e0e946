import assert from "node:assert/strict";
import { map as mapTo, Observable, of, Subject, throwError, timer } from "../deps/rxjs.ts";
import { TestScheduler } from "../deps/rxjs_testing.ts";
import { KubeError } from "../kube/mod.ts";
import { DeadlineError, reconcile, type ReconcilerLike, type ReconcileStageOptions } from "./reconcile.ts";
import type { Outcome, Result, Trigger } from "./types.ts";

const triggers = {
  a: { key: "a", reason: "change" },
  b: { key: "b", reason: "change" },
  r: { key: "r", reason: "resync" },
  s: { key: "s", reason: "resync" },
} satisfies Record<string, Trigger<string>>;

/** Runs marbles through `reconcile`: outcomes are written `A` for ok and `X` for failed. */
function marbles(
  source: string,
  expected: string,
  reconciler: ReconcilerLike<string>,
  options: ReconcileStageOptions<string> = {},
  subscription?: string,
): void {
  const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));
  scheduler.run(({ hot, expectObservable }) => {
    const stage = reconcile(reconciler, { scheduler, random: () => 0.5, baseDelay: 4, ...options });
    const written = hot(source, triggers).pipe(stage, mapTo(write));
    expectObservable(written, subscription).toBe(expected);
  });
}

function write(outcome: Outcome<string>): string {
  return outcome.type === "ok" ? outcome.key.toUpperCase() : "X";
}

/** Work that takes `ms` of virtual time. */
function work(ms: number): ReconcilerLike<string> {
  return () => timer(ms).pipe(mapTo(() => undefined));
}

Deno.test("reconcile() runs keys side by side and completes after its source", () => {
  marbles("a-b|", "---A-(B|)", work(3));
});

Deno.test("reconcile() runs a key once more when it turns dirty while running", () => {
  marbles("aaaa--------|", "----A---A---|", work(4));
});

Deno.test("reconcile() never runs a key twice at a time", () => {
  let running = 0;
  marbles("aaaaaaaaaaa-------------|", "---A--A--A--A--A--------|", () =>
    new Observable((subscriber) => {
      assert.equal(++running, 1);
      const done = timer(3).subscribe(() => {
        running--;
        subscriber.complete();
      });
      return done;
    }));
});

Deno.test("reconcile() keeps to its concurrency, urgent keys first", () => {
  marbles("(rsab)-------------|", "---R--A--B--S------|", work(3), { concurrency: 1 });
});

Deno.test("reconcile() comes again after requeueAfter, and not when it was triggered earlier", () => {
  let first = true;
  const reconciler = () => {
    const result: Result = first ? { requeueAfter: 10 } : {};
    first = false;
    return of(result);
  };
  marbles("a--------------|", "A---------A----|", reconciler);
  first = true;
  marbles("a----a---------|", "A----A---------|", reconciler);
});

Deno.test("reconcile() retries a failure with growing back-off, and begins anew after a success", () => {
  let run = 0;
  const reconciler = () => ++run === 3 ? of(undefined) : throwError(() => new Error("boom"));
  // Fails at 0, again 4 later, succeeds 8 later; the failure at 20 is a first one: 4 later.
  marbles(
    "a-------------------a--------",
    "X---X-------A-------X---X----",
    reconciler,
    {},
    "^----------------------------!",
  );
});

Deno.test("reconcile() tells failures and delay, and takes the delay that an error asks for", () => {
  const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));
  scheduler.run(({ hot, expectObservable }) => {
    const reconciler = () =>
      throwError(() => new KubeError("slow down", { reason: "TooManyRequests", retryAfter: 90 }));
    const told = hot("a", triggers).pipe(
      reconcile(reconciler, { scheduler, random: () => 0.5, baseDelay: 4 }),
      mapTo((outcome) => outcome.type === "failed" ? `${outcome.failures}/${outcome.retryAfter}` : "ok"),
    );
    expectObservable(told, "^ 99ms !").toBe("x 89ms y", { x: "1/90", y: "2/90" });
  });
});

Deno.test("reconcile() fails a run at its deadline, lets others go on, and keeps its key until it ends", () => {
  let signal: AbortSignal | undefined;
  // `a` ignores its signal for 20; b is not held up although there is one slot; a comes again when it has really ended.
  const reconciler: ReconcilerLike<string> = (key, given) => {
    if (key === "b") return of(undefined);
    signal ??= given;
    return timer(20).pipe(mapTo(() => undefined));
  };
  marbles("ab-a-----------------|", "-----(XB)-------------", reconciler, {
    concurrency: 1,
    deadline: 5,
    baseDelay: 50,
  }, "^--------------------!");
  assert.ok(signal?.reason instanceof DeadlineError);
});

Deno.test("reconcile() takes a reconciler that throws for one that fails", () => {
  const boom: ReconcilerLike<string> = () => {
    throw new Error("boom");
  };
  const seen: Outcome<string>[] = [];
  return new Promise<void>((resolve) => {
    const source = new Subject<Trigger<string>>();
    source.pipe(reconcile(boom)).subscribe({
      next: (outcome) => {
        seen.push(outcome);
        source.complete();
      },
      complete: () => {
        assert.equal(seen[0]?.type, "failed");
        resolve();
      },
    });
    source.next(triggers.a);
  });
});

Deno.test("reconcile() aborts what is at work when nobody listens any more", () => {
  const reasons: string[] = [];
  const source = new Subject<Trigger<string>>();
  const subscription = source.pipe(reconcile((_, signal) => {
    signal.addEventListener("abort", () => reasons.push(String(signal.reason)));
    return new Promise<void>(() => {});
  })).subscribe();
  source.next(triggers.a);
  source.next(triggers.b);
  subscription.unsubscribe();
  assert.deepEqual(reasons, ["AbortError: unsubscribed", "AbortError: unsubscribed"]);
});

Deno.test("reconcile() finishes what is at work when it drains, takes nothing more, and completes", async () => {
  const drain = new AbortController();
  const source = new Subject<Trigger<string>>();
  const gate = Promise.withResolvers<void>();
  const seen: string[] = [];
  const completed = new Promise<void>((resolve) => {
    source.pipe(reconcile(() => gate.promise, { drain: drain.signal, concurrency: 1 }))
      .subscribe({ next: (outcome) => seen.push(outcome.key), complete: resolve });
  });
  source.next(triggers.a);
  source.next(triggers.b);
  drain.abort();
  gate.resolve();
  await completed;
  assert.deepEqual(seen, ["a"]);
});

Deno.test("reconcile() passes the error of its source on", () => {
  marbles("a--#", "A--#", () => of(undefined));
});

Deno.test("reconcile() reports what its queue does", () => {
  const seen: string[] = [];
  const observer = {
    added: () => seen.push("added"),
    taken: () => seen.push("taken"),
    retried: () => seen.push("retried"),
  };
  const source = new Subject<Trigger<string>>();
  const fail: ReconcilerLike<string> = () => throwError(() => new Error("boom"));
  source.pipe(reconcile(fail, { observer })).subscribe().add(() => {});
  source.next(triggers.a);
  source.complete();
  assert.deepEqual(seen, ["added", "taken", "retried"]);
});
