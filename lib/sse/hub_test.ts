import assert from "node:assert/strict";
import { map, type Observable } from "../deps/rxjs.ts";
import { TestScheduler } from "../deps/rxjs_testing.ts";
import { type NumberHub, numberHub } from "./_testing.ts";

const decoder = new TextDecoder();
/** The stream as texts on one line: `id: e-1|data: 1||`. */
const texts = (stream: Observable<Uint8Array>) =>
  stream.pipe(map((bytes) => decoder.decode(bytes).replaceAll("\n", "|")));

const HELLO = ":|retry: 1000||";
const event = (...seqs: number[]) => seqs.map((seq) => `id: e-${seq}|data: ${seq}||`).join("");

type Run = (
  scheduler: TestScheduler,
  expect: (stream: Observable<Uint8Array>, marbles: string, values: Record<string, string>) => void,
) => void;

function marbles(test: Run): void {
  const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));
  scheduler.run(({ expectObservable }) =>
    test(scheduler, (stream, marbles, values) => expectObservable(texts(stream)).toBe(marbles, values))
  );
}

const at = (scheduler: TestScheduler, time: number, run: () => void) => void scheduler.schedule(run, time);

Deno.test("Hub writes the first event at once and what follows once a tick", () => {
  marbles((scheduler, expect) => {
    const { hub, publish } = numberHub({ scheduler, tick: 10, heartbeat: [10_000, 10_000] });
    for (const time of [100, 101, 103, 150]) at(scheduler, time, publish);
    at(scheduler, 200, () => hub.drain());
    expect(hub.stream(), "h 99ms a 9ms b 39ms c 49ms (d|)", {
      h: HELLO,
      a: event(1),
      b: event(2, 3),
      c: event(4),
      d: 'event: drain|retry: 1000|data: {"reason":"shutdown"}||',
    });
  });
});

Deno.test("Hub sends what was missed, then what is new, without a seam", () => {
  marbles((scheduler, expect) => {
    const { hub, publish } = numberHub({ scheduler, tick: 10, heartbeat: [10_000, 10_000] });
    for (let n = 0; n < 4; n++) publish();
    at(scheduler, 5, publish);
    at(scheduler, 20, () => hub.drain());
    const drain = 'event: drain|retry: 1000|data: {"reason":"shutdown"}||';
    expect(hub.stream({}, "e-2"), "(hr)-a 14ms (d|)", { h: HELLO, r: event(3, 4), a: event(5), d: drain });
  });
});

Deno.test("Hub says reset where it cannot resume, and sends what is left", () => {
  const reset = (reason: string, lastEventId: string, after: string) =>
    `event: reset|id: ${after}|data: ${JSON.stringify({ reason, lastEventId, resumesAfter: after })}||`;
  const first = (hub: NumberHub["hub"], id: string) => {
    const seen: string[] = [];
    texts(hub.stream({}, id)).subscribe((text) => seen.push(text)).unsubscribe();
    return seen.join("");
  };
  const { hub, publish } = numberHub({ maxBytes: 3 });
  for (let n = 0; n < 5; n++) publish();
  assert.equal(first(hub, "e-1"), HELLO + reset("evicted", "e-1", "e-2") + event(3, 4, 5));
  assert.equal(first(hub, "x-9"), HELLO + reset("unknown-epoch", "x-9", "e-2") + event(3, 4, 5));
  assert.equal(first(hub, "e-9"), HELLO + reset("ahead", "e-9", "e-2") + event(3, 4, 5));
  assert.equal(first(hub, "\nevent: evil"), HELLO + reset("malformed", "\nevent: evil", "e-2") + event(3, 4, 5));
  assert.equal(first(hub, "e-2"), HELLO + event(3, 4, 5));
  assert.equal(hub.stats.resets, 4);
  hub.drain();
});

Deno.test("Hub moves the id of a client on that wanted nothing of what happened", () => {
  marbles((scheduler, expect) => {
    const { hub, publish } = numberHub({ scheduler, tick: 10, heartbeat: [100, 100] });
    at(scheduler, 50, () => publish("b"));
    at(scheduler, 330, () => hub.drain());
    expect(hub.stream({ channel: ["a"] }), "h 99ms b 99ms c 99ms c 29ms (d|)", {
      h: HELLO,
      b: ":|id: e-1||",
      c: ":|",
      d: 'event: drain|retry: 1000|data: {"reason":"shutdown"}||',
    });
  });
});

Deno.test("Hub ends a connection when it is old, or when its right ends", () => {
  marbles((scheduler, expect) => {
    const { hub } = numberHub({ scheduler, rotation: 1_000, heartbeat: [80_000, 80_000] });
    // Its timer is on the wheel, which is coarse.
    expect(hub.stream(), "h 1249ms (r|)", { h: HELLO, r: "retry: 1000||" });
  });
  const reasons: string[] = [];
  const scheduler = new TestScheduler(() => true);
  scheduler.run(() => {
    const { hub } = numberHub({ scheduler });
    const sink = { write: () => undefined, close: () => undefined };
    hub.subscribe({ sink, expiresIn: 500, onClose: (reason) => reasons.push(reason) });
    scheduler.schedule(() => assert.deepEqual(reasons, []), 400);
  });
  assert.deepEqual(reasons, ["expired"]);
});

Deno.test("Hub asks again and again whether a right is still there, and ends the connection when it is not", async () => {
  let asked = 0;
  const reason = await new Promise<string>((resolve) => {
    const { hub } = numberHub({ heartbeat: [8, 8] });
    const isAllowed = async () => {
      asked++;
      if (asked === 2) throw new Error("nobody answers");
      return asked < 3;
    };
    const sink = { write: () => undefined, close: () => undefined };
    hub.subscribe({ sink, recheck: { every: 20, isAllowed }, onClose: resolve });
  });
  assert.deepEqual([reason, asked], ["expired", 3]);
});

Deno.test("Hub encodes an event once for each distinct filter that wants it, and asks no other", () => {
  const { hub, publish, views } = numberHub();
  const quiet = { write: () => undefined, close: () => undefined };
  for (let n = 0; n < 50; n++) {
    hub.subscribe({ sink: quiet });
    hub.subscribe({ sink: quiet, filter: { channel: ["a"] } });
    hub.subscribe({ sink: quiet, filter: { channel: [`other-${n}`] } });
  }
  publish("a");
  assert.deepEqual(views.sort(), ['{"channel":["a"]}', "{}"]);
  assert.deepEqual([hub.stats.clients, hub.stats.groups], [150, 52]);
  hub.drain();
  assert.deepEqual([hub.stats.clients, hub.stats.groups, hub.stats.closed.drain], [0, 0, 150]);
});
