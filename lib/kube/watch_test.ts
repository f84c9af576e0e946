import assert from "node:assert/strict";
import {
  failure,
  json,
  list,
  pod,
  PODS,
  ScriptedTransport,
  settle,
  type Step,
  Stream,
  text,
  VirtualClock,
} from "./_testing.ts";
import { createClient } from "./client.ts";
import type { WatchHealth, WatchOptions } from "./client_types.ts";
import type { Change, KubeObject } from "./types.ts";

/** Runs a watch over a script and writes its changes down, e.g. `reset a@1 synced@5 a@6 -a`. */
function run(steps: Step[], options: WatchOptions<KubeObject> = {}) {
  const clock = new VirtualClock();
  const transport = new ScriptedTransport(...steps);
  const client = createClient(transport, { clock });
  const seen: string[] = [];
  const health: WatchHealth[] = [];
  const subscription = client.watch(PODS, { onHealth: (state) => health.push(state), ...options })
    .subscribe((change) => seen.push(write(change)));
  return { clock, transport, seen, health, subscription, [Symbol.dispose]: () => subscription.unsubscribe() };
}

function write(change: Change): string {
  switch (change.type) {
    case "reset":
      return "reset";
    case "synced":
      return `synced@${change.resourceVersion}`;
    case "applied":
      return `${change.object.metadata.name}@${change.object.metadata.resourceVersion}`;
    case "deleted":
      return `-${change.object.metadata.name}`;
  }
}

Deno.test("watch() lists page by page, then watches from the list's resourceVersion", async () => {
  const stream = new Stream();
  using watch = run([list([pod("a", "1")], "5", "next"), list([pod("b", "2")], "5"), stream.step]);
  await settle();
  stream.event("MODIFIED", pod("a", "6")).event("DELETED", pod("b", "7"));
  await settle();
  assert.deepEqual(watch.seen, ["reset", "a@1", "b@2", "synced@5", "a@6", "-b"]);
  assert.deepEqual(watch.transport.log.slice(0, 2), [
    "GET /api/v1/pods?limit=500",
    "GET /api/v1/pods?limit=500&continue=next",
  ]);
  const query = watch.transport.requests[2]?.querystring;
  assert.equal(query?.get("resourceVersion"), "5");
  assert.equal(query?.get("timeoutSeconds"), "440");
  assert.equal(query?.get("allowWatchBookmarks"), "true");
});

Deno.test("watch() resumes from the last bookmark when the server ends it", async () => {
  const [first, second] = [new Stream(), new Stream()];
  using watch = run([list([], "5"), first.step, second.step]);
  await settle();
  first.event("BOOKMARK", { kind: "Pod", metadata: { resourceVersion: "90" } }).end();
  await settle();
  assert.equal(watch.transport.requests[2]?.querystring?.get("resourceVersion"), "90");
  assert.deepEqual(watch.seen, ["reset", "synced@5"]);
});

const gone: { name: string; first: (stream: Stream) => Step; act: (stream: Stream) => void }[] = [
  {
    name: "an ERROR event with code 410",
    first: (stream) => stream.step,
    act: (stream) => stream.event("ERROR", { kind: "Status", status: "Failure", reason: "Expired", code: 410 }),
  },
  { name: "an HTTP 410", first: () => failure(410, "Expired"), act: () => {} },
];
for (const { name, first, act } of gone) {
  Deno.test(`watch() lists again after ${name}`, async () => {
    const stream = new Stream();
    using watch = run([list([pod("a", "1")], "5"), first(stream), list([pod("b", "8")], "9"), new Stream().step]);
    await settle();
    act(stream);
    await watch.clock.advance(0);
    assert.deepEqual(watch.seen, ["reset", "a@1", "synced@5", "reset", "b@8", "synced@9"]);
  });
}

Deno.test("watch() waits between lists when 410 follows on 410", async () => {
  const expired = failure(410, "Expired");
  using watch = run([list([], "5"), expired, list([], "5"), expired, list([], "5"), expired]);
  await watch.clock.advance(0);
  assert.equal(watch.transport.requests.length, 4);
  await watch.clock.advance(499);
  assert.equal(watch.transport.requests.length, 4);
  await watch.clock.advance(1);
  assert.equal(watch.transport.requests.length, 6);
});

const broken: { name: string; raw: string; end: boolean }[] = [
  { name: "a line is garbage", raw: "<html>502</html>\n", end: false },
  { name: "a line is JSON but no event", raw: '{"kind":"Pod"}\n', end: false },
  { name: "the stream ends inside an event", raw: '{"type":"ADDED","obj', end: true },
  { name: "an event has an unknown type", raw: '{"type":"RENAMED","object":{"metadata":{}}}\n', end: false },
];
for (const { name, raw, end } of broken) {
  Deno.test(`watch() reconnects from what it knows, after a back-off, when ${name}`, async () => {
    const [first, second] = [new Stream(), new Stream()];
    using watch = run([list([], "5"), first.step, second.step]);
    await settle();
    first.event("ADDED", pod("a", "6")).raw(raw);
    if (end) first.end();
    await settle();
    assert.equal(watch.transport.requests.length, 2);
    await watch.clock.advance(250);
    assert.equal(watch.transport.requests[2]?.querystring?.get("resourceVersion"), "6");
    assert.equal(watch.health.findLast((health) => health.state === "failing")?.error?.reason, "Malformed");
    assert.deepEqual(watch.seen, ["reset", "synced@5", "a@6"]);
  });
}

Deno.test("watch() does not loop busily when the server ends each watch at once", async () => {
  const ended: Step = (request) => {
    const stream = new Stream();
    const response = stream.step(request);
    stream.end();
    return response;
  };
  using watch = run([list([], "5"), ...Array.from({ length: 50 }, () => ended)]);
  await watch.clock.advance(10_000);
  // 250 + 500 + 1,000 + 2,000 + 4,000 ms: six connections fit into ten seconds.
  assert.equal(watch.transport.requests.length, 1 + 6);
});

Deno.test("watch() begins its back-off anew after progress", async () => {
  const streams = Array.from({ length: 4 }, () => new Stream());
  using watch = run([
    list([], "5"),
    failure(500, "InternalError"),
    failure(500, "InternalError"),
    ...streams.map((s) => s.step),
  ]);
  await watch.clock.advance(250 + 500);
  streams[0]?.event("ADDED", pod("a", "6")).break(new TypeError("connection reset"));
  await settle();
  const before = watch.transport.requests.length;
  await watch.clock.advance(250);
  assert.equal(watch.transport.requests.length, before + 1);
});

Deno.test("watch() waits as long as Retry-After says", async () => {
  using watch = run([failure(429, "TooManyRequests", { "Retry-After": "7" }), list([], "5")]);
  await watch.clock.advance(6_999);
  assert.equal(watch.transport.requests.length, 1);
  await watch.clock.advance(1);
  assert.deepEqual(watch.seen, ["reset", "synced@5"]);
});

Deno.test("watch() asks again at once when the server is only filling the cache of the resource", async () => {
  const message = "storage is (re)initializing";
  const initializing = failure(429, "TooManyRequests", { "Retry-After": "1" }, message);
  using watch = run([initializing, initializing, list([], "5")]);
  await watch.clock.advance(25 + 50);
  assert.deepEqual(watch.seen, ["reset", "synced@5"]);
});

Deno.test("watch() takes null for no items, as kube-apiserver writes an empty list of metadata", async () => {
  using watch = run([json({ kind: "PartialObjectMetadataList", metadata: { resourceVersion: "5" }, items: null })], {
    metadataOnly: true,
  });
  await settle();
  assert.deepEqual(watch.seen, ["reset", "synced@5"]);
});

Deno.test("watch() gives up a connection that the server does not end in time", async () => {
  const [first, second] = [new Stream(), new Stream()];
  using watch = run([list([], "5"), first.step, second.step]);
  await watch.clock.advance(470_000 + 250);
  assert.equal(first.cancelled, true);
  assert.equal(watch.transport.requests.length, 3);
});

Deno.test("watch() gives up a connection that fell silent after it had sent bookmarks", async () => {
  const [first, second] = [new Stream(), new Stream()];
  using watch = run([list([], "5"), first.step, second.step]);
  await settle();
  first.event("BOOKMARK", { metadata: { resourceVersion: "6" } });
  await watch.clock.advance(360_000);
  assert.equal(first.cancelled, true);
  assert.equal(watch.transport.requests[2]?.querystring?.get("resourceVersion"), "6");
});

Deno.test("watch() gives up a request that gets no answer within the deadline", async () => {
  const silent: Step = (request) =>
    new Promise((_, reject) => {
      request.abortSignal?.addEventListener("abort", () => reject(request.abortSignal?.reason));
    });
  using watch = run([silent, list([], "5"), silent, new Stream().step]);
  await watch.clock.advance(30_250);
  assert.deepEqual(watch.seen, ["reset", "synced@5"]);
  await watch.clock.advance(30_500);
  assert.equal(watch.transport.requests.length, 4);
});

Deno.test("watch() takes a resource that is not served for empty, once the server has said so twice", async () => {
  const missing = text("404 page not found\n", 404);
  using watch = run([missing, missing, missing, list([pod("a", "1")], "5"), new Stream().step]);
  await settle();
  assert.deepEqual(watch.seen, []);
  await watch.clock.advance(250);
  assert.deepEqual(watch.seen, ["reset", "synced@"]);
  await watch.clock.advance(500 + 1_000);
  assert.deepEqual(watch.seen, ["reset", "synced@", "reset", "a@1", "synced@5"]);
});

Deno.test("watch() tells a missing permission with verb, resource and namespace", async () => {
  using watch = run([failure(403, "Forbidden")], { namespace: "demo" });
  await settle();
  const error = watch.health.at(-1)?.error;
  assert.equal(error?.reason, "Forbidden");
  assert.match(error?.message ?? "", /^Cannot list pods in namespace "demo": 403 Forbidden: .*grant this verb/);
});

Deno.test("watch() recognises the error body that a foreign transport takes for a stream", async () => {
  const status = { kind: "Status", status: "Failure", reason: "Expired", code: 410 };
  using watch = run([list([], "5"), json(status), list([], "9"), new Stream().step]);
  await watch.clock.advance(0);
  assert.deepEqual(watch.seen, ["reset", "synced@5", "reset", "synced@9"]);
});

Deno.test("watch() asks for metadata only, and gives the objects their own kind", async () => {
  const partial = { ...pod("a", "1"), apiVersion: "meta.k8s.io/v1", kind: "PartialObjectMetadata" };
  const kinds: string[] = [];
  const transform = (object: KubeObject) => (kinds.push(`${object.apiVersion} ${object.kind}`), object);
  using watch = run([list([partial], "5"), new Stream().step], { metadataOnly: true, transform });
  await settle();
  assert.deepEqual(kinds, ["v1 Pod"]);
  assert.equal(
    watch.transport.requests[0]?.accept,
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
  );
});

Deno.test("watch() drops managedFields unless a transform keeps them", async () => {
  const managed = { ...pod("a", "1"), metadata: { ...pod("a", "1").metadata, managedFields: [{ manager: "x" }] } };
  for (const keep of [false, true]) {
    const objects: KubeObject[] = [];
    const client = createClient(new ScriptedTransport(list([structuredClone(managed)], "5")), {
      clock: new VirtualClock(),
    });
    const subscription = client.watch(PODS, keep ? { transform: (object) => object } : {})
      .subscribe((change) => change.type === "applied" && objects.push(change.object));
    await settle();
    assert.equal(objects[0]?.metadata.managedFields?.length, keep ? 1 : undefined);
    subscription.unsubscribe();
  }
});

Deno.test("watch() stops its request when nobody listens any more", async () => {
  const stream = new Stream();
  const watch = run([list([], "5"), stream.step]);
  await settle();
  watch.subscription.unsubscribe();
  await settle();
  assert.equal(stream.cancelled, true);
  assert.equal(watch.transport.requests[1]?.abortSignal?.aborted, true);
});
