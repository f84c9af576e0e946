import assert from "node:assert/strict";
import { failure, json, pod, ScriptedTransport, type Step, VirtualClock } from "./_testing.ts";
import { createClient } from "./client.ts";
import { createEventRecorder, type EventInput, truncateBytes } from "./events.ts";

function run(...steps: Step[]) {
  const clock = new VirtualClock();
  const transport = new ScriptedTransport(...steps);
  const errors: unknown[] = [];
  const recorder = createEventRecorder(createClient(transport, { clock }), {
    controller: "kco.krateo.io/test",
    onError: (error) => errors.push(error),
    clock,
  });
  const bodies = (): Record<string, unknown>[] =>
    transport.requests.map((request) => JSON.parse(new TextDecoder().decode(request.bodyRaw)));
  return { clock, transport, recorder, errors, bodies };
}

const broken: EventInput = {
  regarding: pod("a", "1"),
  type: "Warning",
  reason: "Broken",
  action: "Test",
  note: "no disk",
};
const ok = json({ kind: "Event", apiVersion: "events.k8s.io/v1", metadata: {} });

Deno.test("EventRecorder writes an Event with everything that events.k8s.io/v1 requires", async () => {
  const { recorder, bodies, transport } = run(ok);
  recorder.record(broken);
  await recorder.flush();
  assert.match(transport.log[0] ?? "", /^POST \/apis\/events.k8s.io\/v1\/namespaces\/demo\/events/);
  const { metadata, ...event } = bodies()[0] ?? {};
  assert.match(JSON.stringify(metadata), /"name":"a\.[0-9a-f]+","namespace":"demo"/);
  assert.deepEqual(event, {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    eventTime: "1970-01-01T00:16:40.000000Z",
    type: "Warning",
    reason: "Broken",
    action: "Test",
    note: "no disk",
    regarding: { apiVersion: "v1", kind: "Pod", name: "a", namespace: "demo", uid: "uid-a", resourceVersion: "1" },
    reportingController: "kco.krateo.io/test",
    reportingInstance: "kco.krateo.io/test",
  });
});

Deno.test("EventRecorder counts the same event, and writes the count once it was silent for long", async () => {
  const { recorder, bodies, transport, clock } = run(ok, ok);
  for (let times = 0; times < 3; times++) recorder.record(broken);
  await clock.advance(300_000);
  assert.equal(transport.requests.length, 1);
  recorder.record(broken);
  await recorder.flush();
  assert.match(transport.log[1] ?? "", /^PATCH .*\/events\/a\./);
  assert.deepEqual(bodies()[1]?.series, { count: 4, lastObservedTime: "1970-01-01T00:21:40.000000Z" });
});

Deno.test("EventRecorder swallows no message that changed", async () => {
  const { recorder, bodies } = run(ok, ok, ok);
  for (const note of ["one", "two", "one"]) recorder.record({ ...broken, note });
  await recorder.flush();
  assert.deepEqual(bodies().map((event) => event.note), ["one", "two", "one"]);
  assert.equal(new Set(bodies().map((event) => JSON.stringify(event.metadata))).size, 3);
});

Deno.test("EventRecorder writes a new Event when the server has forgotten the old one", async () => {
  const { recorder, transport, clock } = run(ok, failure(404, "NotFound"), ok);
  recorder.record(broken);
  await clock.advance(300_000);
  recorder.record(broken);
  await recorder.flush();
  assert.deepEqual(transport.requests.map(({ method }) => method), ["POST", "PATCH", "POST"]);
});

Deno.test("EventRecorder tells what it could not write, and goes on", async () => {
  const { recorder, errors, transport } = run(failure(403, "Forbidden"), ok);
  recorder.record(broken);
  recorder.record({ ...broken, regarding: pod("b", "1") });
  await recorder.flush();
  assert.deepEqual([errors.length, transport.requests.length], [1, 2]);
});

Deno.test("EventRecorder puts Events about cluster-scoped objects into the namespace default", async () => {
  const { recorder, transport } = run(ok);
  recorder.record({ ...broken, regarding: { apiVersion: "v1", kind: "Node", metadata: { name: "n" } } });
  await recorder.flush();
  assert.match(transport.log[0] ?? "", /namespaces\/default\/events/);
});

const cuts: [text: string, limit: number, expected: string][] = [
  ["abc", 3, "abc"],
  ["abc", 2, "ab"],
  ["aé", 2, "a"],
  ["a😀", 4, "a"],
  ["a😀", 5, "a😀"],
];
for (const [text, limit, expected] of cuts) {
  Deno.test(`truncateBytes() cuts "${text}" at ${limit} bytes to "${expected}"`, () => {
    assert.equal(truncateBytes(text, limit), expected);
  });
}
