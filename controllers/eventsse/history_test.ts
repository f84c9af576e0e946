import assert from "node:assert/strict";
import { NATS_PROGRAM, startNats } from "../../tests/e2e/support/nats.ts";
import { sampleEvent } from "./server_testing.ts";
import { dataOf, type StreamEntry } from "./entry.ts";
import type { History, PageQuery } from "./history.ts";
import { JetStreamHistory } from "./jetstream_history.ts";
import { type HistoryBounds, MemoryHistory } from "./memory_history.ts";
import { kubernetesMessage } from "./message.ts";
import { SqliteHistory } from "./sqlite_history.ts";

/** A way to open a history, and to open it again with what it had. */
interface Kind {
  readonly name: string;
  readonly ignore: boolean;
  readonly durable: boolean;
  open(): Promise<Place>;
}

interface Place extends AsyncDisposable {
  history(memory?: HistoryBounds): Promise<History>;
}

const KINDS: readonly Kind[] = [
  {
    name: "MemoryHistory",
    ignore: false,
    durable: false,
    open: () =>
      Promise.resolve({
        history: (memory = {}) => Promise.resolve(new MemoryHistory(memory)),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
  },
  {
    name: "SqliteHistory",
    ignore: false,
    durable: true,
    open: async () => {
      const directory = await Deno.makeTempDir({ prefix: "kco-sse-" });
      return {
        history: (memory = {}) => Promise.resolve(new SqliteHistory({ directory, memory })),
        [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
      };
    },
  },
  {
    name: "JetStreamHistory",
    ignore: NATS_PROGRAM === undefined,
    durable: true,
    open: async () => {
      const nats = await startNats();
      return {
        history: (memory = {}) => JetStreamHistory.open({ servers: nats.url, memory }),
        [Symbol.asyncDispose]: () => nats[Symbol.asyncDispose](),
      };
    },
  },
];

const message = (uid: string, composition = "abc", more = {}) =>
  kubernetesMessage(sampleEvent(uid, composition, more), 0);
const version = (uid: string, resourceVersion: string) =>
  kubernetesMessage({ ...sampleEvent(uid, "abc"), metadata: { uid, resourceVersion, namespace: "demo" } }, 0);
const uids = (entries: Iterable<StreamEntry>) =>
  [...entries].map((entry) => JSON.parse(dataOf(entry)).metadata.uid as string);
const query = (more: Partial<PageQuery> = {}): PageQuery => ({ filter: {}, limit: 100, versions: false, ...more });

for (const { name, ignore, durable, open } of KINDS) {
  Deno.test({
    name: `${name} keeps in order, tells each entry once and pages newest first`,
    ignore,
    fn: async () => {
      await using place = await open();
      const history = await place.history();
      const seen: number[] = [];
      history.entries$.subscribe(({ seq }) => seen.push(seq));
      const kept = await history.append(["1", "2", "3", "4", "5"].map((uid) => message(uid)));
      assert.deepEqual(kept, [1, 2, 3, 4, 5].map((seq) => ({ seq, repeated: false })));
      assert.deepEqual([seen, history.head, history.evicted], [[1, 2, 3, 4, 5], 5, 0]);
      assert.deepEqual(uids(history.after(2)), ["3", "4", "5"]);
      const first = history.page(query({ limit: 2 }));
      assert.deepEqual([uids(first.entries), first.next], [["5", "4"], 4]);
      const second = history.page(query({ limit: 2, before: 4 }));
      const third = history.page(query({ limit: 2, before: 2 }));
      assert.deepEqual([uids(second.entries), uids(third.entries), third.next], [["3", "2"], ["1"], undefined]);
      await history.close();
    },
  });

  Deno.test({
    name: `${name} lists an Event's newest state, and takes a repeated delivery once`,
    ignore,
    fn: async () => {
      await using place = await open();
      const history = await place.history();
      await history.append([version("x", "1"), message("y"), version("x", "2")]);
      const again = await history.append([version("x", "1")]);
      assert.deepEqual(again, [{ seq: 1, repeated: true }]);
      assert.deepEqual(uids(history.page(query()).entries), ["x", "y"]);
      assert.deepEqual(uids(history.page(query({ versions: true })).entries), ["x", "y", "x"]);
      await history.close();
    },
  });

  Deno.test({
    name: `${name} filters by label and time`,
    ignore,
    fn: async () => {
      await using place = await open();
      const history = await place.history();
      const at = (lastTimestamp: string) => ({ lastTimestamp, involvedObject: { kind: "Pod" } });
      await history.append([
        message("1", "abc", at("2026-01-01T00:00:00Z")),
        message("2", "abcdef", at("2026-01-02T00:00:00Z")),
        message("3", "abc", at("2026-01-03T00:00:00Z")),
      ]);
      const get = (more: Partial<PageQuery>) => uids(history.page(query(more)).entries);
      assert.deepEqual(get({ filter: { composition: ["abc"] } }), ["3", "1"]);
      assert.deepEqual(get({ filter: { kind: ["Pod"], composition: ["abcdef"] } }), ["2"]);
      assert.deepEqual(get({ since: Date.parse("2026-01-02T00:00:00Z") }), ["3", "2"]);
      assert.deepEqual(get({ until: Date.parse("2026-01-02T00:00:00Z") }), ["2", "1"]);
      await history.close();
    },
  });

  Deno.test({
    name: `${name} has ids, entries and keys again after a restart`,
    ignore: ignore || !durable,
    fn: async () => {
      await using place = await open();
      const before = await place.history();
      await before.append([message("1"), version("x", "7"), message("3")]);
      const { epoch } = before;
      await before.close();
      const history = await place.history();
      assert.deepEqual([history.epoch, history.head, uids(history.after(1))], [epoch, 3, ["x", "3"]]);
      assert.deepEqual(await history.append([version("x", "7")]), [{ seq: 2, repeated: true }]);
      assert.deepEqual(await history.append([message("4")]), [{ seq: 4, repeated: false }]);
      await history.close();
    },
  });
}

Deno.test("SqliteHistory reads from the file what is no longer in memory", async () => {
  const directory = await Deno.makeTempDir({ prefix: "kco-sse-" });
  try {
    const history = new SqliteHistory({ directory, memory: { maxBytes: 5_000 } });
    const all = Array.from({ length: 500 }, (_, index) => String(index + 1));
    await history.append(all.map((uid) => message(uid)));
    assert.ok(history.size.entries < 10);
    assert.deepEqual(uids(history.after(0)), all);
    assert.equal(history.evicted, 0);
    const page = history.page(query({ limit: 300, before: 400 }));
    assert.deepEqual(uids(page.entries), all.slice(99, 399).reverse());
    await history.close();
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("SqliteHistory forgets what is too old or too much, and numbers go on", async () => {
  const directory = await Deno.makeTempDir({ prefix: "kco-sse-" });
  let now = 1_000_000;
  const open = () => new SqliteHistory({ directory, maxAge: 1_000, maxBytes: 5_000, now: () => now });
  try {
    const first = open();
    await first.append(["1", "2"].map((uid) => message(uid)));
    now += 2_000;
    await first.append(["3", "4", "5", "6", "7", "8", "9"].map((uid) => message(uid)));
    await first.close();
    const second = open();
    // The first two are too old, and of the others as many are left as fit.
    assert.ok(second.evicted > 2 && second.evicted < 9, `${second.evicted}`);
    assert.deepEqual(uids(second.after(0)), ["1", "2", "3", "4", "5", "6", "7", "8", "9"].slice(second.evicted));
    await second.close();
    now += 2_000;
    const third = open();
    assert.deepEqual([third.evicted, third.head, uids(third.after(0))], [9, 9, []]);
    await third.close();
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test({
  name: "JetStreamHistory gives two replicas the same ids, and goes on after NATS was away",
  ignore: NATS_PROGRAM === undefined,
  fn: async () => {
    await using nats = await startNats();
    const one = await JetStreamHistory.open({ servers: nats.url });
    const two = await JetStreamHistory.open({ servers: nats.url });
    const seen: number[] = [];
    two.entries$.subscribe(({ seq }) => seen.push(seq));
    await one.append([message("1"), message("2")]);
    await two.append([message("3")]);
    const deadline = performance.now() + 20_000;
    while (one.head < 3 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual([one.epoch, one.head], [two.epoch, 3]);
    await nats.restart();
    const kept = async (): Promise<number> => {
      try {
        return (await one.append([message("4")]))[0]?.seq ?? 0;
      } catch (error) {
        if (performance.now() > deadline) throw error;
        return await kept();
      }
    };
    const seq = await kept();
    while (!seen.includes(seq) && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(seen.slice(0, 3), [1, 2, 3]);
    assert.ok(seen.includes(seq), `${seen} has no ${seq}`);
    await one.close();
    await two.close();
  },
});
