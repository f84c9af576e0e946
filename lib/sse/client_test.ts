import assert from "node:assert/strict";
import { fc } from "../deps/fast_check.ts";
import { numberHub } from "./_testing.ts";
import { EventParser } from "./event_parser.ts";
import type { CloseReason, Sink } from "./sink.ts";

/** A connection whose other side reads when it is told to. */
class SlowSink implements Sink {
  readonly parser = new EventParser();
  readonly received: number[] = [];
  readonly resets: string[] = [];
  closed: boolean | undefined;
  largest = 0;
  /** Whether it takes everything at once. */
  fast = false;
  readonly #waiting: (() => void)[] = [];

  write(bytes: Uint8Array): Promise<void> | undefined {
    this.largest = Math.max(this.largest, bytes.length);
    for (const { event, data } of this.parser.push(new TextDecoder().decode(bytes))) {
      if (event === "reset") this.resets.push(data);
      else if (event === "message") this.received.push(Number(data));
    }
    return this.fast ? undefined : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Reads what was written; resolves when the hub knows. */
  async read(): Promise<void> {
    for (const resolve of this.#waiting.splice(0)) resolve();
    await Promise.resolve();
    await Promise.resolve();
  }

  close(abort: boolean): void {
    this.closed = abort;
  }
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const tick = () => new Promise((resolve) => setTimeout(resolve, 2));

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, "the condition never held");
    await tick();
  }
}

Deno.test("a client that does not read gets no second piece until it has the first, and misses nothing", async () => {
  const { hub, publish } = numberHub({ tick: 0, sliceBytes: 100 });
  const slow = new SlowSink();
  const fast = new SlowSink();
  fast.fast = true;
  hub.subscribe({ sink: slow });
  hub.subscribe({ sink: fast });
  for (let n = 0; n < 200; n++) publish();
  await until(() => fast.received.length === 200);
  assert.deepEqual(slow.received, []);
  await until(() => {
    void slow.read();
    return slow.received.length === 200;
  });
  assert.deepEqual(slow.received, range(1, 200));
  assert.ok(slow.largest <= 120, `a piece of ${slow.largest} bytes`);
  hub.drain();
});

Deno.test("a client whose place is no longer kept is closed with the id that it resumes from", async () => {
  const { hub, publish } = numberHub({ tick: 0, maxBytes: 5, sliceBytes: 20 });
  const closed: [CloseReason, string][] = [];
  const slow = new SlowSink();
  hub.subscribe({ sink: slow, onClose: (...how) => closed.push(how) });
  await slow.read();
  publish();
  await until(() => slow.received.length === 1);
  // The first piece is under way; twenty more go through a journal of five.
  for (let n = 0; n < 20; n++) {
    publish();
    await tick();
  }
  await slow.read();
  await until(() => closed.length === 1);
  assert.deepEqual(closed, [["slow", "e-1"]]);
  assert.equal(slow.closed, true);
});

Deno.test("a client that is too many entries behind is closed, also while it is kept", async () => {
  const { hub, publish } = numberHub({ tick: 0, maxLag: 10 });
  const closed: CloseReason[] = [];
  hub.subscribe({ sink: new SlowSink(), onClose: (reason) => closed.push(reason) });
  for (let n = 0; n < 11; n++) publish();
  await until(() => closed.length === 1);
  assert.deepEqual(closed, ["slow"]);
});

Deno.test("a client that takes nothing for too long is closed", async () => {
  const { hub } = numberHub({ heartbeat: [10, 10], stallTimeout: 20 });
  const closed: CloseReason[] = [];
  hub.subscribe({ sink: new SlowSink(), onClose: (reason) => closed.push(reason) });
  await until(() => closed.length === 1);
  assert.deepEqual(closed, ["stalled"]);
});

Deno.test("a filter that nothing matches for long loses nothing to eviction", async () => {
  const { hub, publish } = numberHub({ tick: 0, maxBytes: 5 });
  const sink = new SlowSink();
  sink.fast = true;
  hub.subscribe({ sink, filter: { channel: ["rare"] } });
  for (let n = 0; n < 20; n++) publish("often");
  publish("rare");
  await until(() => sink.received.length === 1);
  assert.deepEqual([sink.received, sink.closed], [[21], undefined]);
  hub.drain();
});

Deno.test("every client gets every number once and in order, or is told, whatever happens when", async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant("publish"), which: fc.nat(2) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("read"), which: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("reconnect"), which: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("flush"), which: fc.constant(0) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      const { hub, ring, publish } = numberHub({ tick: 0, sliceBytes: 60, maxBytes: 15 });
      const channels = ["a", "b", "c"];
      const byNumber: string[] = [];
      const wanted = [["a"], ["b"], ["a", "c"], []];
      const connect = (which: number, lastEventId?: string) => {
        const sink = new SlowSink();
        const channel = wanted[which] ?? [];
        hub.subscribe({ sink, lastEventId, ...(channel.length === 0 ? {} : { filter: { channel } }) });
        return { sink, from: lastEventId === undefined ? ring.head : Number(lastEventId.slice(2)), channel };
      };
      const clients = wanted.map((_, which) => connect(which));
      const check = ({ sink, from, channel }: ReturnType<typeof connect>) => {
        const { received, resets } = sink;
        const expected = byNumber.flatMap((name, index) =>
          index + 1 > from && (channel.length === 0 || channel.includes(name)) ? [index + 1] : []
        );
        const start = resets.length === 0 ? 0 : expected.indexOf(received[0] ?? -1);
        assert.deepEqual(received, expected.slice(start < 0 ? 0 : start).slice(0, received.length));
      };
      for (const { do: what, which } of steps) {
        const client = clients[which];
        if (what === "publish") {
          publish(channels[which]);
          byNumber.push(channels[which] ?? "");
        } else if (what === "flush") await tick();
        else if (what === "read") await client?.sink.read();
        else if (client !== undefined) {
          check(client);
          clients[which] = connect(which, client.sink.parser.lastEventId || `e-${client.from}`);
        }
      }
      for (let round = 0; round < 12; round++) {
        for (const { sink } of clients) await sink.read();
        await tick();
      }
      for (const client of clients) {
        check(client);
        const all = byNumber.length === 0 || client.sink.closed !== undefined || client.channel.length > 0 ||
          client.sink.received.at(-1) === byNumber.length || client.from === byNumber.length;
        assert.ok(all, "an open client has not got the newest number");
      }
      hub.drain();
    }),
    { numRuns: 30 },
  );
});
