import assert from "node:assert/strict";
import { failure, json, type Step, VirtualClock } from "./_testing.ts";
import { createClient } from "./client.ts";
import { elect, type Election } from "./lease.ts";
import type { KubeRequest, KubeResponse, KubeTransport } from "./transport.ts";

/** A server that holds one Lease, with optimistic locking, and can be cut off. */
class LeaseServer implements KubeTransport {
  lease: Record<string, unknown> | undefined;
  #version = 0;
  /** Candidates, by user agent of their transport, that do not reach the server. */
  readonly cutOff = new Set<string>();
  /** Called with who sends a request, before it is answered. */
  onRequest: (name: string) => void = () => {};

  transportFor(name: string): KubeTransport {
    const request = async (request: KubeRequest) => {
      this.onRequest(name);
      if (this.cutOff.has(name)) throw new TypeError("no route");
      return await this.request(request);
    };
    return { request, performRequest: this.performRequest };
  }

  request(request: KubeRequest): Promise<KubeResponse> {
    return Promise.resolve(this.#answer(request)(request));
  }

  performRequest(request: KubeRequest & { expectStream: true }): Promise<ReadableStream<Uint8Array>>;
  performRequest(request: KubeRequest): Promise<Uint8Array>;
  performRequest(): Promise<never> {
    return Promise.reject(new TypeError("not used"));
  }

  #answer(request: KubeRequest): Step {
    if (request.method === "GET") return this.lease === undefined ? failure(404, "NotFound") : json(this.lease);
    const sent = JSON.parse(new TextDecoder().decode(request.bodyRaw));
    const stale = request.method === "POST" || sent.metadata.resourceVersion !== String(this.#version);
    if (this.lease !== undefined && stale) return failure(409, "Conflict");
    this.lease = { ...sent, metadata: { ...sent.metadata, resourceVersion: String(++this.#version) } };
    return json(this.lease);
  }

  get spec(): Record<string, unknown> {
    const spec = this.lease?.spec;
    assert.ok(typeof spec === "object" && spec !== null);
    return Object.fromEntries(Object.entries(spec));
  }
}

async function candidates(
  names: string[],
  run: (scene: {
    server: LeaseServer;
    clock: VirtualClock;
    election: (name: string) => Election;
    leaders: () => string[];
  }) => Promise<void>,
): Promise<void> {
  const clock = new VirtualClock();
  const server = new LeaseServer();
  const elections = new Map<string, Election>();
  const election = (name: string) => {
    const known = elections.get(name);
    if (known !== undefined) return known;
    const client = createClient(server.transportFor(name), { clock, retries: 0 });
    const created = elect(client, { namespace: "demo", name: "kco", identity: name, clock });
    elections.set(name, created);
    return created;
  };
  names.forEach(election);
  const leaders = () => [...elections].filter(([, election]) => election.current.leading).map(([name]) => name);
  try {
    await clock.advance(0);
    await run({ server, clock, election, leaders });
  } finally {
    for (const election of elections.values()) {
      const closed = election.close();
      await clock.advance(0);
      await closed;
    }
  }
}

Deno.test("elect() makes the first candidate the leader, and tells the others who it is", () =>
  candidates(["a", "b"], async ({ clock, election, leaders }) => {
    await clock.advance(60_000);
    assert.deepEqual(leaders(), ["a"]);
    assert.deepEqual(election("b").current, { leading: false, holder: "a", fence: 0 });
  }));

Deno.test("elect() hands over at once when the leader closes", () =>
  candidates(["a", "b"], async ({ clock, election, leaders }) => {
    const closed = election("a").close();
    await clock.advance(2_500);
    await closed;
    assert.deepEqual(leaders(), ["b"]);
    assert.equal(election("b").current.fence, 1);
  }));

Deno.test("elect() has a leader that cannot renew step down before another begins", () =>
  candidates(["a", "b"], async ({ server, clock, leaders }) => {
    server.cutOff.add("a");
    let gap = 0;
    let most = 0;
    for (let second = 0; second < 40; second++) {
      await clock.advance(1_000);
      most = Math.max(most, leaders().length);
      if (leaders().length === 0) gap++;
    }
    assert.equal(most, 1);
    assert.ok(gap >= 1, "there is a time without a leader");
    assert.deepEqual(leaders(), ["b"]);
    server.cutOff.clear();
    await clock.advance(30_000);
    assert.deepEqual(leaders(), ["b"]);
  }));

for (const where of ["while it asks", "between two looks"]) {
  Deno.test(`elect() has a candidate that stood still ${where} leave a leader the time to wake and step down`, () =>
    candidates(["a"], async ({ server, clock, election, leaders }) => {
      await clock.advance(1_000);
      election("b");
      await clock.advance(3_500);
      // The last renewal was at 4,000 ms: the leader has until 14,000. The candidate sees it at 5,400, and looks again at 12,000.
      server.cutOff.add("a");
      await clock.advance(7_400);
      const both: boolean[] = [];
      election("b").leadership$.subscribe(({ leading }) => leading && both.push(election("a").current.leading));
      if (where === "between two looks") clock.stall(9_000);
      else {
        server.onRequest = (name) => {
          if (name !== "b") return;
          clock.stall(9_000);
          server.onRequest = () => {};
        };
      }
      await clock.advance(60_000);
      assert.deepEqual([leaders(), both], [["b"], [false]]);
    }));
}

Deno.test("elect() has a leader that stood still for too long step down before it asks for the Lease", () =>
  candidates(["a"], async ({ server, clock, election }) => {
    const led: boolean[] = [];
    server.onRequest = () => void led.push(election("a").current.leading);
    clock.stall(20_000);
    await clock.advance(0);
    assert.deepEqual(led, [false, false]);
    assert.deepEqual([election("a").current.leading, election("a").current.fence], [true, 1]);
  }));

Deno.test("elect() raises the fence when a candidate takes over its own old lease", () =>
  candidates(["a"], async ({ server, clock, election }) => {
    assert.equal(election("a").current.fence, 0);
    server.cutOff.add("a");
    await clock.advance(20_000);
    assert.equal(election("a").current.leading, false);
    server.cutOff.clear();
    await clock.advance(5_000);
    assert.deepEqual([election("a").current.leading, election("a").current.fence], [true, 1]);
    assert.equal(server.spec.leaseTransitions, 1);
  }));

Deno.test("elect() emits each change of leadership once", () =>
  candidates(["a"], async ({ server, clock, election }) => {
    const seen: boolean[] = [];
    election("a").leadership$.subscribe(({ leading }) => seen.push(leading));
    await clock.advance(20_000);
    server.cutOff.add("a");
    await clock.advance(20_000);
    assert.deepEqual(seen, [true, false]);
  }));

Deno.test("elect() refuses times that would let two lead", () => {
  const client = createClient(new LeaseServer());
  const options = { namespace: "demo", name: "kco", identity: "a", leaseDuration: 5_000, renewDeadline: 5_000 };
  assert.throws(() => elect(client, options), RangeError);
});

/** A clock that somebody sets, beside one that only goes on. */
class SetClock extends VirtualClock {
  offset = 0;

  override now(): number {
    return super.now() + this.offset;
  }

  elapsed(): number {
    return super.now();
  }
}

const jumps: { name: string; of: "leader" | "candidate"; by: number }[] = [
  { name: "the candidate's clock is set forward", of: "candidate", by: 3_600_000 },
  { name: "the leader's clock is set back while it cannot renew", of: "leader", by: -3_600_000 },
];
for (const { name, of, by } of jumps) {
  Deno.test(`elect() lets no two lead when ${name}`, async () => {
    const server = new LeaseServer();
    const clocks = { leader: new SetClock(), candidate: new SetClock() };
    const stand = (identity: "leader" | "candidate") => {
      const clock = clocks[identity];
      const client = createClient(server.transportFor(identity), { clock, retries: 0 });
      return elect(client, { namespace: "demo", name: "kco", identity, clock });
    };
    const advance = async (ms: number) => {
      for (let step = 0; step < ms; step += 500) for (const clock of Object.values(clocks)) await clock.advance(500);
    };
    const leader = stand("leader");
    await advance(1_000);
    const candidate = stand("candidate");
    await advance(5_000);
    clocks[of].offset = by;
    if (of === "leader") server.cutOff.add("leader");
    for (let second = 0; second < 30; second++) {
      await advance(1_000);
      assert.ok(!(leader.holds && candidate.holds), `both lead after ${second} s`);
    }
    // The one lost nothing by the other's jump; the other, cut off, has made room.
    assert.deepEqual([leader.holds, candidate.holds], of === "leader" ? [false, true] : [true, false]);
    const closed = Promise.all([leader.close(), candidate.close()]);
    await advance(1_000);
    await closed;
  });
}
