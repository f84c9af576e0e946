import { deepEqual, equal } from "node:assert/strict";
import { type Delivery, SinkError, type SinkKind } from "../../sinks/mod.ts";
import { until } from "./_testing.ts";
import type { QueuePolicy, RegistrationSpec } from "./api.ts";
import { forgetful } from "./checkpoint.ts";
import { Gate } from "./gate.ts";
import type { LedgerState } from "./ledger.ts";
import { Pipeline } from "./pipeline.ts";
import { planOf } from "./plan.ts";
import { sampleEvent } from "./_samples.ts";
import { Secrets } from "./secrets.ts";

/** A pipeline to a sink that a test plays. */
function scene(
  spec: RegistrationSpec,
  send: (batch: readonly Delivery[]) => Promise<void>,
  directory?: string,
  before?: Readonly<Record<string, LedgerState>>,
) {
  const letters: string[] = [];
  const sink = (name: string, send: (batch: readonly Delivery[]) => Promise<void>): SinkKind<unknown> => ({
    name,
    acknowledges: true,
    schema: {},
    open: () => Promise.resolve({ send, close: () => Promise.resolve() }),
  });
  const sinks = {
    played: sink("played", send),
    letters: sink("letters", (batch) => {
      letters.push(...batch.map(({ id }) => id));
      return Promise.resolve();
    }),
  };
  const metadata = { name: "r", uid: "r", creationTimestamp: "2026-02-01T00:00:00Z" };
  const registration = { apiVersion: "v1", kind: "Registration", metadata, spec };
  const defaults = { sinks, insecure: false, maxAge: 0, canSpill: directory !== undefined };
  const plan = planOf({ ...registration, spec: { sink: { played: {} }, ...spec } }, defaults);
  const gate = new Gate();
  let open = true;
  gate.open$.subscribe((now) => open = now);
  const pipeline = new Pipeline(registration, plan, {
    gate,
    checkpoint: forgetful,
    // No sink of these scenes asks for one.
    secrets: () => new Secrets(undefined as never, "default"),
    onChange: () => {},
    onError: () => {},
    ...(directory && { directory }),
  }, before);
  return { pipeline, letters, isOpen: () => open };
}

const POLICIES: readonly [QueuePolicy, { delivered: number[]; letters: string[]; dropped: number; open: boolean }][] = [
  ["BlockSource", { delivered: [1, 2, 3, 4, 5, 6], letters: [], dropped: 0, open: false }],
  ["DropOldest", { delivered: [1, 5, 6], letters: [], dropped: 3, open: true }],
  ["Spill", { delivered: [1, 2, 3, 4, 5, 6], letters: [], dropped: 0, open: true }],
  ["DeadLetter", { delivered: [1, 2, 3], letters: ["uid-4/4", "uid-5/5", "uid-6/6"], dropped: 0, open: true }],
];

for (const [policy, wanted] of POLICIES) {
  Deno.test(`Pipeline whose queue is full does what ${policy} says`, async () => {
    const delivered: number[] = [];
    const gate = Promise.withResolvers<void>();
    const directory = await Deno.makeTempDir();
    const { pipeline, letters, isOpen } = scene(
      { queue: { items: 3, policy }, batch: { count: 1 }, concurrency: 1, deadLetter: { sink: { letters: {} } } },
      async (batch) => {
        await gate.promise;
        delivered.push(...batch.map(({ event }) => Number(event.metadata.resourceVersion)));
      },
      directory,
    );
    pipeline.take(sampleEvent(1));
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (const position of [2, 3, 4, 5, 6]) pipeline.take(sampleEvent(position));
    equal(isOpen(), wanted.open);
    gate.resolve();
    await until("all is delivered", () => delivered.length === wanted.delivered.length);
    await until("all letters are there", () => letters.length === wanted.letters.length);
    deepEqual([delivered, letters, pipeline.counts.dropped.QueueFull], [
      wanted.delivered,
      wanted.letters,
      wanted.dropped,
    ]);
    await until("the gate is open", isOpen);
    deepEqual(pipeline.positions(), { "": { seen: 6, pending: [] } });
    await pipeline.close(false);
    await Deno.remove(directory, { recursive: true });
  });
}

Deno.test("Pipeline gives up after the attempts that it is given", async () => {
  const { pipeline, letters } = scene(
    { retry: { attempts: 3, initialDelay: "1ms" }, deadLetter: { sink: { letters: {} } } },
    () => Promise.reject(new SinkError("Unavailable", "no")),
  );
  pipeline.take(sampleEvent(1));
  await until("the letter is there", () => letters.length === 1);
  deepEqual([pipeline.counts.retried, pipeline.counts.deadLettered], [3, 1]);
  await pipeline.close(false);
});

Deno.test("Pipeline finds the culprit of a batch that is refused, and delivers the others in order", async () => {
  const delivered: string[] = [];
  const { pipeline, letters } = scene({ deadLetter: { sink: { letters: {} } } }, (batch) => {
    const ids = batch.map(({ id }) => id);
    if (ids.includes("uid-5/5")) return Promise.reject(new SinkError("Refused", "bad"));
    delivered.push(...ids);
    return Promise.resolve();
  });
  for (let position = 1; position <= 9; position++) pipeline.take(sampleEvent(position));
  await until("all is settled", () => delivered.length + letters.length === 9);
  deepEqual(letters, ["uid-5/5"]);
  deepEqual(delivered, [1, 2, 3, 4, 6, 7, 8, 9].map((n) => `uid-${n}/${n}`));
  await pipeline.close(false);
});

Deno.test("Pipeline ends an attempt of a sink that does not answer, and tries again", async () => {
  let attempts = 0;
  const { pipeline } = scene({ retry: { timeout: "10ms", initialDelay: "1ms" } }, () => {
    return ++attempts < 3 ? new Promise(() => {}) : Promise.resolve();
  });
  pipeline.take(sampleEvent(1));
  await until("it is delivered", () => pipeline.counts.delivered === 1);
  equal(attempts, 3);
  await pipeline.close(false);
});

const SHOWN: readonly [string, RegistrationSpec, number][] = [
  ["dedupInterval leaves updates out that come too soon", { dedupInterval: "1h" }, 1],
  ["dedupInterval below 0 leaves all updates out", { dedupInterval: "-1s" }, 1],
  ["updates are Events of their own", {}, 3],
  ["maxAge leaves out what happened long ago", { maxAge: "1s" }, 0],
];

for (const [name, spec, count] of SHOWN) {
  Deno.test(`Pipeline: ${name}`, async () => {
    const { pipeline } = scene(spec, () => Promise.resolve());
    for (const position of [1, 2, 3]) {
      const event = sampleEvent(position);
      const metadata = { ...event.event.metadata, uid: "same" };
      pipeline.take({ ...event, event: { ...event.event, metadata } });
    }
    await until("it is delivered", () => pipeline.counts.delivered === count);
    equal(pipeline.counts.matched, count);
    await pipeline.close(false);
  });
}

Deno.test("Pipeline keeps what waits when its plan changes, and sends nothing while it is paused", async () => {
  const delivered: string[] = [];
  const { pipeline } = scene({ paused: true }, (batch) => {
    delivered.push(...batch.map(({ id }) => id));
    return Promise.resolve();
  });
  for (const position of [1, 2]) pipeline.take(sampleEvent(position));
  await new Promise((resolve) => setTimeout(resolve, 5));
  deepEqual(delivered, []);
  deepEqual(pipeline.facts.standing, { type: "Paused" });
  await pipeline.change({ ...pipeline.plan, paused: false, lanes: 3 });
  pipeline.take(sampleEvent(3));
  await until("all is delivered", () => delivered.length === 3);
  deepEqual(delivered, ["uid-1/1", "uid-2/2", "uid-3/3"]);
  await pipeline.close(false);
});

const LISTED: readonly [string, Readonly<Record<string, LedgerState>> | undefined, number][] = [
  ["leaves out of a first list what happened before it", undefined, 1],
  ["does so too where a killed process only had time to note acknowledgements", {
    "": { seen: 0, pending: [], acknowledged: [7] },
  }, 1],
  ["takes what a list tells beyond what it has seen", { "": { seen: 1, pending: [] } }, 0],
];

for (const [what, before, dropped] of LISTED) {
  Deno.test(`Pipeline of a Registration ${what}`, async () => {
    const { pipeline } = scene({}, () => Promise.resolve(), undefined, before);
    pipeline.take({ ...sampleEvent(3), listed: true });
    deepEqual([pipeline.counts.dropped.BeforeRegistration, pipeline.counts.matched], [dropped, 1 - dropped]);
    await pipeline.close(false);
  });
}

Deno.test("Pipeline remembers of a list what it told, not what lies between", async () => {
  const { pipeline } = scene({ paused: true }, () => Promise.resolve());
  for (const position of [3, 7]) pipeline.take({ ...sampleEvent(position), afterGap: true });
  pipeline.take(sampleEvent(8));
  deepEqual(pipeline.positions(), { "": { seen: 8, pending: [[3, 3], [7, 8]] } });
  await pipeline.close(true);
});
