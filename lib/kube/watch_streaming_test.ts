import assert from "node:assert/strict";
import {
  failure,
  hang,
  list,
  pod,
  PODS,
  ScriptedTransport,
  settle,
  type Step,
  Stream,
  VirtualClock,
} from "./_testing.ts";
import { createClient } from "./client.ts";
import type { WatchHealth } from "./client_types.ts";
import type { Change } from "./types.ts";

const REFUSAL = failure(
  422,
  "Invalid",
  {},
  "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled",
);

/** Runs a watch that may stream its list over a script, and writes its changes down. */
function run(...steps: Step[]) {
  const clock = new VirtualClock();
  const transport = new ScriptedTransport(...steps);
  const client = createClient(transport, { clock, initialList: "stream" });
  const seen: string[] = [];
  const health: WatchHealth["state"][] = [];
  const subscription = client.watch(PODS, { onHealth: ({ state }) => health.push(state) })
    .subscribe((change) => seen.push(write(change)));
  return { clock, transport, client, seen, health, [Symbol.dispose]: () => subscription.unsubscribe() };
}

function write(change: Change): string {
  if (change.type === "reset") return "reset";
  if (change.type === "synced") return `synced@${change.resourceVersion}`;
  return `${change.type === "deleted" ? "-" : ""}${change.object.metadata.name}`;
}

/** The bookmark after the last object that was there. */
function endOfList(stream: Stream, resourceVersion: string): Stream {
  const metadata = { resourceVersion, annotations: { "k8s.io/initial-events-end": "true" } };
  return stream.event("BOOKMARK", { kind: "Pod", metadata });
}

Deno.test("watch() takes the first events for a list until the bookmark that ends it, and goes on on one connection", async () => {
  const stream = new Stream();
  using watch = run(stream.step);
  await settle();
  stream.event("ADDED", pod("b", "7")).event("ADDED", pod("a", "3")).event("DELETED", pod("b", "8"));
  await settle();
  assert.deepEqual(watch.health, ["listing"]);
  endOfList(stream, "9").event("MODIFIED", pod("a", "10"));
  await settle();
  assert.deepEqual(watch.seen, ["reset", "b", "a", "-b", "synced@9", "a"]);
  assert.equal(watch.health.at(-1), "live");
  const query = watch.transport.requests[0]?.querystring;
  assert.equal(query?.get("sendInitialEvents"), "true");
  assert.equal(query?.get("resourceVersionMatch"), "NotOlderThan");
  assert.equal(query?.get("allowWatchBookmarks"), "true");
  assert.equal(query?.has("resourceVersion"), false);
});

Deno.test("watch() resumes a streamed list's watch from its version, not from that of an object in it", async () => {
  const [first, second] = [new Stream(), new Stream()];
  using watch = run(first.step, second.step);
  await settle();
  endOfList(first.event("ADDED", pod("a", "30")), "9").end();
  await settle();
  assert.equal(watch.transport.requests[1]?.querystring?.get("resourceVersion"), "9");
});

Deno.test("watch() begins a streamed list anew when its connection breaks before it is complete", async () => {
  const [first, second] = [new Stream(), new Stream()];
  using watch = run(first.step, second.step);
  await settle();
  first.event("ADDED", pod("a", "3")).break(new TypeError("connection reset"));
  await watch.clock.advance(250);
  endOfList(second.event("ADDED", pod("b", "5")), "9");
  await settle();
  assert.deepEqual(watch.seen, ["reset", "a", "reset", "b", "synced@9"]);
});

Deno.test("watch() lists by pages at once where the server refuses to stream, and remembers it", async () => {
  using watch = run(REFUSAL, list([pod("a", "1")], "5"), new Stream().step, list([], "6"));
  await settle();
  assert.deepEqual(watch.seen, ["reset", "a", "synced@5"]);
  const other = watch.client.watch(PODS).subscribe();
  await settle();
  other.unsubscribe();
  assert.equal(watch.transport.log.at(-2), "GET /api/v1/pods?limit=500");
});

Deno.test("watch() lists by pages where the end of a streamed list did not come twice", async () => {
  const ignorant: Step = (request) => {
    const stream = new Stream();
    const response = stream.step(request);
    stream.event("ADDED", pod("a", "1"));
    return response;
  };
  using watch = run(ignorant, ignorant, list([pod("a", "1")], "5"), new Stream().step);
  await watch.clock.advance(30_250);
  await watch.clock.advance(30_500);
  assert.deepEqual(watch.seen, ["reset", "a", "reset", "a", "reset", "a", "synced@5"]);
});

Deno.test("watch() goes on streaming after a connection that died, where the server has streamed before", async () => {
  const streams = Array.from({ length: 4 }, () => new Stream());
  const gone = failure(410, "Expired");
  using watch = run(
    ...streams.slice(0, 1).map((s) => s.step),
    gone,
    hang,
    hang,
    ...streams.slice(1).map((s) => s.step),
  );
  await settle();
  const [first, second] = streams;
  assert.ok(first && second);
  endOfList(first, "5").end();
  await watch.clock.advance(90_000);
  endOfList(second, "9");
  await settle();
  assert.deepEqual(watch.seen, ["reset", "synced@5", "reset", "synced@9"]);
  assert.ok(watch.transport.log.every((line) => line.includes("watch=true")));
});

Deno.test("watch() gives a bad selector to the list's error, not to streaming", async () => {
  using watch = run(failure(400, "BadRequest", {}, "unable to parse requirement"), new Stream().step);
  await watch.clock.advance(250);
  assert.ok(watch.transport.requests[1]?.querystring?.has("sendInitialEvents"));
});
