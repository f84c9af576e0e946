/** A store behind a transport that breaks, by seed, in every way that a network and a server can: it heals to what the server has. */
import assert from "node:assert/strict";
import { startApiServer } from "../../lib/apiserver/mod.ts";
import {
  type ApiResource,
  type Change,
  type Clock,
  createClient,
  keyOf,
  type KubeObject,
  type KubeRequest,
  type KubeResponse,
  type KubeTransport,
  reflect,
} from "../../lib/kube/mod.ts";

const CONFIG_MAPS: ApiResource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};
const STEPS = 120;
/** A hundred times as fast as life: back-offs pass in ms. */
const fast: Clock = {
  now: () => performance.now() * 100,
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms / 100);
      signal?.addEventListener("abort", done);
    }),
};

/** Numbers in [0, 1) that are the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const FAULTS = ["refuse", "500", "429", "410", "cut", "truncate", "garbage", "end", "expired"] as const;

/** Breaks requests while `broken` is set. */
class Breaker implements KubeTransport {
  broken = true;
  readonly counts = new Map<string, number>();
  readonly #inner: KubeTransport;
  readonly #random: () => number;

  constructor(inner: KubeTransport, random: () => number) {
    this.#inner = inner;
    this.#random = random;
  }

  performRequest(request: KubeRequest & { expectStream: true }): Promise<ReadableStream<Uint8Array>>;
  performRequest(request: KubeRequest): Promise<Uint8Array>;
  performRequest(): Promise<never> {
    return Promise.reject(new TypeError("not used"));
  }

  async request(request: KubeRequest): Promise<KubeResponse> {
    if (this.#inner.request === undefined) throw new TypeError("the embedded transport has `request`");
    const fault = FAULTS[Math.floor(this.#random() * FAULTS.length)];
    const watch = request.querystring?.get("watch") === "true";
    // No connection lives long, so that each run meets many faults.
    if (!this.broken || fault === undefined || (!watch && this.#random() < 0.3)) {
      return await this.#inner.request(request);
    }
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
    switch (fault) {
      case "refuse":
        throw new TypeError("connection refused");
      case "500":
        return failure(500, "InternalError");
      case "429":
        return failure(429, "TooManyRequests", { "Retry-After": "1" });
      case "410":
        return failure(410, "Expired");
    }
    const response = await this.#inner.request(request);
    if (!watch || response.body === null) return response;
    const after = Math.floor(this.#random() * 1_500);
    return { ...response, body: response.body.pipeThrough(breakAfter(after, fault)) };
  }
}

/** Lets so many bytes through, then breaks. */
function breakAfter(bytes: number, fault: string): TransformStream<Uint8Array, Uint8Array> {
  let left = bytes;
  const encoder = new TextEncoder();
  return new TransformStream({
    transform(chunk, controller) {
      if (chunk.length <= left) {
        left -= chunk.length;
        controller.enqueue(chunk);
        return;
      }
      if (fault === "truncate") controller.enqueue(chunk.subarray(0, left));
      if (fault === "garbage") controller.enqueue(encoder.encode("\n<html>bad gateway</html>\n"));
      if (fault === "expired") {
        const object = { kind: "Status", status: "Failure", reason: "Expired", code: 410, message: "too old" };
        controller.enqueue(encoder.encode(JSON.stringify({ type: "ERROR", object }) + "\n"));
      }
      if (fault === "cut") controller.error(new TypeError("connection reset"));
      else controller.terminate();
    },
  });
}

function failure(code: number, reason: string, headers: Record<string, string> = {}): KubeResponse {
  const body = new Response(JSON.stringify({ kind: "Status", status: "Failure", reason, code })).body;
  return { status: code, headers: new Headers(headers), body };
}

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!await condition()) {
    assert.ok(Date.now() < deadline, `not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

for (const seed of [1, 2, 3]) {
  Deno.test(`a store equals the server again after faults, seed ${seed}`, async () => {
    const server = await startApiServer();
    const direct = createClient(server.transport);
    const random = seeded(seed);
    const breaker = new Breaker(server.transport, random);
    const store = reflect(
      createClient(breaker, { clock: fast }).watch(CONFIG_MAPS, { namespace: "default", limit: 3 }),
    );
    // Whoever follows the changes must come to the same as whoever reads the store.
    const followed = new Map<string, string | undefined>();
    const held = store.changes$.subscribe((change: Change<KubeObject>) => {
      if (change.type === "applied") followed.set(keyOf(change.object), change.object.metadata.resourceVersion);
      if (change.type === "deleted") followed.delete(keyOf(change.object));
    });
    try {
      for (let step = 0; step < STEPS; step++) {
        const name = `c${Math.floor(random() * 8)}`;
        const metadata = { name, namespace: "default" };
        if (random() < 0.3) await direct.delete(CONFIG_MAPS, name, "default");
        else {await direct.apply(CONFIG_MAPS, {
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata,
            data: { step: `${step}` },
          });}
        if (random() < 0.2) await new Promise((resolve) => setTimeout(resolve, random() * 10));
      }
      breaker.broken = false;
      const { items } = await direct.list(CONFIG_MAPS, { namespace: "default" });
      const wanted = JSON.stringify(items.map((item) => [keyOf(item), item.metadata.resourceVersion]).sort());
      const has = () =>
        JSON.stringify([...store.values()].map((item) => [keyOf(item), item.metadata.resourceVersion]).sort());
      await until(() => has() === wanted, `${has()} should be ${wanted}`);
      assert.equal(JSON.stringify([...followed].sort()), wanted);
      assert.ok(breaker.counts.size >= 3, "faults of several kinds happened");
    } finally {
      held.unsubscribe();
      await server.close();
    }
  });
}
