import { deepEqual, equal, ok } from "node:assert/strict";
import { Observable, Subject } from "../../lib/deps/rxjs.ts";
import type { Change, KubeClient, KubeObject, WatchOptions } from "../../lib/kube/mod.ts";
import { coreEvent } from "./_samples.ts";
import { Gate } from "./gate.ts";
import { eventSource, type EventSourceOptions, HistoryReplacedError } from "./source.ts";

/** A client of which a test drives the watches. */
function scene(options: Partial<EventSourceOptions> = {}) {
  const watches: { readonly options: WatchOptions<KubeObject>; readonly changes: Subject<Change> }[] = [];
  const client = {
    watch: (_resource: unknown, options: WatchOptions<KubeObject>) =>
      new Observable<Change>((subscriber) => {
        const changes = new Subject<Change>();
        watches.push({ options, changes });
        return changes.subscribe(subscriber);
      }),
    // Of a client the source uses `watch` alone.
  } as unknown as KubeClient;
  const gate = new Gate();
  const seen: number[] = [];
  const listed: boolean[] = [];
  const gaps: number[] = [];
  const errors: unknown[] = [];
  const malformed: KubeObject[] = [];
  const subscription = eventSource({
    client,
    api: "v1",
    namespaces: [],
    resume: new Map(),
    gate,
    onMalformed: (object) => malformed.push(object),
    ...options,
  }).subscribe({
    next: (event) => {
      seen.push(event.position);
      listed.push(event.listed);
      if (event.afterGap) gaps.push(event.position);
    },
    error: (error) => errors.push(error),
  });
  const tell = (index: number, ...changes: (number | "reset" | `synced ${number}`)[]) => {
    for (const change of changes) {
      const { changes: to } = watches[index]!;
      if (typeof change === "number") to.next({ type: "applied", object: coreEvent(change) });
      else if (change === "reset") to.next({ type: "reset" });
      else to.next({ type: "synced", resourceVersion: change.slice(7) });
    }
  };
  return { watches, gate, seen, listed, gaps, errors, malformed, tell, end: () => subscription.unsubscribe() };
}

Deno.test("eventSource() tells a list in the order in which it happened, then what comes", () => {
  const { tell, seen, listed, watches } = scene();
  equal(watches[0]!.options.resourceVersion, undefined);
  tell(0, "reset", 7, 3, 5, "synced 9");
  tell(0, 10, 12);
  deepEqual(seen, [3, 5, 7, 10, 12]);
  deepEqual(listed, [true, true, true, false, false]);
});

Deno.test("eventSource() says before which Events a list may have left something out", () => {
  const { tell, gaps } = scene({ resume: new Map([["", { after: 2 }]]) });
  tell(0, 3, 4);
  tell(0, "reset", 9, 4, 7, "synced 9");
  tell(0, 9, 12, 13);
  deepEqual(gaps, [7, 9, 12]);
});

Deno.test("eventSource() tells nothing twice after a 410: only what a relist has beyond its position", () => {
  const { tell, seen, listed } = scene();
  tell(0, "reset", 3, "synced 4", 6, "reset", 8, 3, 6, "synced 9", 10);
  deepEqual(seen, [3, 6, 8, 10]);
  deepEqual(listed, [true, false, false, false]);
});

Deno.test("eventSource() begins after the position that it is given, without a list", () => {
  const { tell, seen, watches } = scene({ resume: new Map([["", { after: 41 }]]) });
  equal(watches[0]!.options.resourceVersion, "41");
  tell(0, 42);
  deepEqual(seen, [42]);
});

Deno.test("eventSource() stops reading while its gate is shut and goes on where it stopped", () => {
  const { tell, gate, seen, watches } = scene();
  tell(0, "reset", 3, "synced 4", 6);
  gate.set("a", true);
  gate.set("b", true);
  equal(watches[0]!.changes.observed, false);
  gate.set("a", false);
  equal(watches.length, 1);
  gate.set("b", false);
  equal(watches[1]!.options.resourceVersion, "6");
  tell(1, 7);
  deepEqual(seen, [3, 6, 7]);
});

Deno.test("eventSource() that is shut amid a list reads the rest of it again", () => {
  const { tell, gate, seen, watches } = scene();
  const unsubscribe = gate.open$.subscribe();
  seen.push = (position: number) => {
    if (position === 3) gate.set("full", true);
    return Array.prototype.push.call(seen, position);
  };
  tell(0, "reset", 5, 3, "synced 9");
  deepEqual([...seen], [3]);
  gate.set("full", false);
  equal(watches[1]!.options.resourceVersion, "3");
  tell(1, 5);
  deepEqual([...seen], [3, 5]);
  unsubscribe.unsubscribe();
});

Deno.test("eventSource() watches each namespace on its own", () => {
  const { tell, seen, watches } = scene({ namespaces: ["a", "b"], resume: new Map([["b", { after: 10 }]]) });
  deepEqual(watches.map(({ options }) => [options.namespace, options.resourceVersion]), [["a", undefined], [
    "b",
    "10",
  ]]);
  tell(1, 12);
  tell(0, "reset", 5, "synced 12");
  deepEqual(seen, [12, 5]);
});

Deno.test("eventSource() fails where the API server has another history", () => {
  const { tell, errors } = scene({ resume: new Map([["", { after: 1_000 }]]) });
  tell(0, "reset", 3, "synced 4");
  ok(errors[0] instanceof HistoryReplacedError);
});

Deno.test("eventSource() tells of what has neither UID nor version, and goes on", () => {
  const { watches, malformed, seen, tell } = scene();
  watches[0]!.changes.next({ type: "applied", object: { apiVersion: "v1", kind: "Event", metadata: { name: "x" } } });
  tell(0, 3);
  equal(malformed.length, 1);
  deepEqual(seen, [3]);
});

Deno.test("eventSource() reads lists as long as a watch would tell too much, though the gate shuts in the middle of one", () => {
  const { tell, seen, watches, gate } = scene({ resume: new Map([["", { after: 4, listUntil: 20 }]]) });
  equal(watches[0]!.options.resourceVersion, undefined);
  const holder = {};
  tell(0, "reset", 3, 7, 12, 20);
  gate.set(holder, true);
  gate.set(holder, false);
  equal(watches[1]!.options.resourceVersion, undefined);
  tell(1, "reset", 3, 7, 12, 20, "synced 21");
  gate.set(holder, true);
  gate.set(holder, false);
  equal(watches[2]!.options.resourceVersion, "21");
  deepEqual(seen, [7, 12, 20]);
});
