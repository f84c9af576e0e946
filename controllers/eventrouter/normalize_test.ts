import { deepEqual, equal } from "node:assert/strict";
import { COMPOSITION_ID } from "./api.ts";
import { coreEvent, NO_FACTS } from "./_samples.ts";
import { enriched } from "./enriched_event.ts";
import { countOf, lastSeenOf, normalize, timeOf } from "./normalize.ts";

/** Requests of the original, recorded. */
const RECORDED = new URL("../../../shared/reference/upstream/eventrouter/", import.meta.url);
const missing = !await Deno.stat(RECORDED).then(() => true, () => false);

for (const file of ["request-1.http", "request-2.http"]) {
  Deno.test({
    name: `enriched() makes the body of the original's ${file}, byte for byte`,
    ignore: missing,
    fn: async () => {
      const request = await Deno.readTextFile(new URL(file, RECORDED));
      const body = request.slice(request.search(/\r?\n\r?\n/)).trim();
      const { metadata: { labels, ...metadata }, ...rest } = JSON.parse(body);
      const event = normalize({ apiVersion: "v1", kind: "Event", metadata, ...rest })!;
      const sourced = { event, source: "", position: 1, listed: false, afterGap: false, received: 0 };
      const { body: made } = enriched(sourced, { ...NO_FACTS, compositionId: labels[COMPOSITION_ID] });
      equal(JSON.stringify(made), body);
    },
  });
}

Deno.test("normalize() gives an Event of events.k8s.io the fields of core/v1", () => {
  const { metadata } = coreEvent(7);
  const regarding = { kind: "Pod", name: "web" };
  const made = normalize({
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata,
    regarding,
    note: "hello",
    reportingController: "kubelet",
    reportingInstance: "node-1",
    eventTime: "2026-01-01T00:00:00.000000Z",
    deprecatedSource: { component: "old" },
    deprecatedCount: 3,
    deprecatedFirstTimestamp: "2026-01-01T00:00:00Z",
    deprecatedLastTimestamp: "2026-01-02T00:00:00Z",
    series: { count: 5, lastObservedTime: "2026-01-03T00:00:00.000000Z" },
    unknown: { kept: true },
  });
  deepEqual(made, {
    apiVersion: "v1",
    kind: "Event",
    metadata,
    involvedObject: regarding,
    message: "hello",
    reportingComponent: "kubelet",
    reportingInstance: "node-1",
    eventTime: "2026-01-01T00:00:00.000000Z",
    source: { component: "old" },
    count: 3,
    firstTimestamp: "2026-01-01T00:00:00Z",
    lastTimestamp: "2026-01-02T00:00:00Z",
    series: { count: 5, lastObservedTime: "2026-01-03T00:00:00.000000Z" },
    unknown: { kept: true },
  });
  equal(countOf(made!), 5);
  equal(lastSeenOf(made!), Date.parse("2026-01-03T00:00:00Z"));
});

Deno.test("normalize() refuses what has neither UID nor version, and completes what has no object", () => {
  equal(normalize({ apiVersion: "v1", kind: "Event", metadata: { name: "x" } }), undefined);
  const { involvedObject: _none, ...event } = coreEvent(1);
  deepEqual(normalize({ ...event, apiVersion: "v1", kind: "Event" })!.involvedObject, {});
});

const TIMES: readonly [string, Parameters<typeof coreEvent>[1], string][] = [
  [
    "eventTime",
    { eventTime: "2026-01-05T00:00:00.000000Z", lastTimestamp: "2026-01-04T00:00:00Z" },
    "2026-01-05T00:00:00.000000Z",
  ],
  ["lastTimestamp", { eventTime: null, lastTimestamp: "2026-01-04T00:00:00Z" }, "2026-01-04T00:00:00Z"],
  ["firstTimestamp", { firstTimestamp: "2026-01-03T00:00:00Z", lastTimestamp: null }, "2026-01-03T00:00:00Z"],
  ["creationTimestamp", {}, "2026-01-01T00:00:00Z"],
];

for (const [field, event, time] of TIMES) {
  Deno.test(`timeOf() is ${field} where nothing better is there`, () => equal(timeOf(coreEvent(1, event)), time));
}

Deno.test("lastSeenOf() is the later of creation and last time: a clock that is behind makes no Event old", () => {
  equal(lastSeenOf(coreEvent(1, { lastTimestamp: "2020-01-01T00:00:00Z" })), Date.parse("2026-01-01T00:00:00Z"));
});
