import assert from "node:assert/strict";
import { sampleEvent } from "./server_testing.ts";
import { dataOf, makeEntry, viewOf } from "./entry.ts";
import { kubernetesMessage, type Message } from "./message.ts";

const names = (bytes: Uint8Array) => [...new TextDecoder().decode(bytes).matchAll(/^event: (.*)$/gm)].map(([, n]) => n);

Deno.test("viewOf() sends the frames of the topics that a filter names, else of the composition, else all", () => {
  const composed = makeEntry(kubernetesMessage(sampleEvent("1", "abc"), 0), "e", 1, 0);
  const plain = makeEntry(kubernetesMessage(sampleEvent("2", ""), 0), "e", 2, 0);
  assert.deepEqual(names(viewOf(composed, {})), ["krateo", "abc"]);
  assert.deepEqual(names(viewOf(composed, { kind: ["Service"] })), ["krateo", "abc"]);
  assert.deepEqual(names(viewOf(composed, { composition: ["abc", "x"] })), ["abc"]);
  assert.deepEqual(names(viewOf(composed, { topic: ["krateo"] })), ["krateo"]);
  assert.deepEqual(names(viewOf(composed, { topic: ["abc"] })), ["abc"]);
  assert.deepEqual(names(viewOf(composed, { topic: ["krateo", "abc"] })), ["krateo", "abc"]);
  assert.deepEqual(names(viewOf(composed, { topic: ["krateo"], composition: ["abc"] })), ["krateo"]);
  assert.deepEqual(names(viewOf(plain, {})), ["krateo"]);
});

Deno.test("dataOf() gives back what was published, whatever is in it", () => {
  for (const data of ["", "{}", "a\nb", "data: a\n\nevent: b\n", "é\u{1F600}"]) {
    const message: Message = { source: "custom", names: ["message"], data, labels: { topic: ["t"] }, time: 0 };
    assert.equal(dataOf(makeEntry(message, "e", 1, 0)), data);
  }
});

Deno.test("kubernetesMessage() takes an Event's time from whichever field it has", () => {
  const table: [object, string | undefined][] = [
    [
      { series: { lastObservedTime: "2026-01-04T00:00:00.000000Z" }, lastTimestamp: "2026-01-03T00:00:00Z" },
      "2026-01-04",
    ],
    [{ lastTimestamp: "2026-01-03T00:00:00Z", eventTime: "2026-01-02T00:00:00Z" }, "2026-01-03"],
    [{ eventTime: "2026-01-02T00:00:00.123456Z" }, "2026-01-02"],
    [{ metadata: { creationTimestamp: "2026-01-01T00:00:00Z" } }, "2026-01-01"],
    [{ lastTimestamp: "no time" }, undefined],
  ];
  const now = Date.parse("2030-01-01T00:00:00Z");
  for (const [event, day = "2030-01-01"] of table) {
    assert.ok(new Date(kubernetesMessage(event, now).time).toISOString().startsWith(day));
  }
});
