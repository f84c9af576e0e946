import assert from "node:assert/strict";
import { contextWith, deliveries, delivery, failure, soon, withServer } from "./_testing.ts";
import { otlp, toLogRecord } from "./otlp.ts";
import type { Delivery } from "./types.ts";

async function send(url: string, batch: readonly Delivery[]) {
  const sink = await otlp.open({ url }, contextWith());
  try {
    await sink.send(batch, soon());
  } finally {
    await sink.close();
  }
}

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

Deno.test("otlp sends log records below the resource of their object, as the collector's receiver has them", async () => {
  await withServer(() => Response.json({}), async (url, seen) => {
    await send(url, [delivery(0, {}, { cluster: "prod" }), delivery(1), delivery(2, {}, { key: "other" })]);
    const { path, headers, body } = seen[0]!;
    assert.equal(path, "/v1/logs");
    assert.equal(headers.get("content-type"), "application/json");
    const { resourceLogs } = JSON.parse(body);
    assert.deepEqual(resourceLogs.map((group: never) => group["scopeLogs"][0]["logRecords"]["length"]), [2, 1]);
    assert.deepEqual(resourceLogs[0].resource.attributes, [
      text("k8s.cluster.name", "prod"),
      text("k8s.node.name", "node-1"),
      text("k8s.object.kind", "Pod"),
      text("k8s.object.name", "web"),
      text("k8s.object.uid", "pod-1"),
      text("k8s.object.api_version", "v1"),
    ]);
    const record = resourceLogs[0].scopeLogs[0].logRecords[0];
    assert.equal(record.timeUnixNano, "1767323045000000000");
    assert.match(record.observedTimeUnixNano, /^\d{19}$/);
    assert.deepEqual([record.severityNumber, record.severityText], [13, "Warning"]);
    assert.deepEqual(record.body, { stringValue: "message 0" });
    assert.deepEqual(record.attributes, [
      text("k8s.event.reason", "BackOff"),
      text("k8s.event.start_time", "2026-01-02T03:04:05Z"),
      text("k8s.event.name", "web.0"),
      text("k8s.event.uid", "uid-0"),
      { key: "k8s.event.count", value: { intValue: "1" } },
      text("k8s.event.reporting_controller", "kubelet"),
      text("k8s.event.reporting_instance", "node-1"),
      text("k8s.namespace.name", "demo"),
      text("krateo.composition.id", "comp-1"),
    ]);
  });
});

Deno.test("toLogRecord() gives each type its severity, leaves an unknown one out, and takes a layout for the body", () => {
  const severity = (type: string) => toLogRecord(delivery(0, { type }), 0).severityNumber;
  assert.deepEqual(["Normal", "Warning", "error", "critical", "Odd"].map(severity), [9, 13, 17, 21, undefined]);
  const body = { a: [1, 1.5, true, null, "x"] };
  assert.deepEqual(toLogRecord(delivery(0, {}, { body }), 0).body, {
    kvlistValue: {
      values: [{
        key: "a",
        value: {
          arrayValue: {
            values: [{ intValue: "1" }, { doubleValue: 1.5 }, { boolValue: true }, { stringValue: "" }, {
              stringValue: "x",
            }],
          },
        },
      }],
    },
  });
});

Deno.test("otlp leaves the batch to the dead letter where some of it is rejected, since the answer does not say which", async () => {
  const rejected = (rejectedLogRecords: string) => () =>
    Response.json({ partialSuccess: { rejectedLogRecords, errorMessage: "too old" } });
  await withServer(rejected("1"), async (url, seen) => {
    const error = await failure(send(url, deliveries(0, 3)));
    assert.equal(error.reason, "Refused");
    assert.equal(error.failed?.length, 3, "no second attempt in parts");
    assert.match(error.message, /1: too old/);
    assert.equal(seen.length, 1);
  });
  await withServer(rejected("0"), (url) => send(url, deliveries(0, 3)));
});
