import { deepEqual, equal, match } from "node:assert/strict";
import { COMPOSITION_ID, openCluster, Receiver, until } from "./_testing.ts";

Deno.test("eventRouter() POSTs the original's body to the endpoint of a Registration", async () => {
  await using cluster = await openCluster();
  await using receiver = new Receiver();
  await cluster.apply({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "config", namespace: "default", labels: { [COMPOSITION_ID]: "abcde12345" } },
  });
  await cluster.register("echo", { serviceName: "HTTP Echo", endpoint: receiver.url });
  const router = cluster.route();
  const event = await cluster.event("hello", { count: 1, firstTimestamp: "2024-07-05T07:33:07Z" });
  await until("it arrives", () => receiver.received.length === 1);
  const [received] = receiver.received;
  deepEqual(Object.keys(received!.body), [
    "metadata",
    "involvedObject",
    "reason",
    "message",
    "source",
    "firstTimestamp",
    "lastTimestamp",
    "count",
    "type",
    "eventTime",
    "reportingComponent",
    "reportingInstance",
  ]);
  equal(received!.body.metadata.uid, event.metadata.uid);
  equal(received!.body.metadata.labels?.[COMPOSITION_ID], "abcde12345");
  equal(received!.body.eventTime, null);
  equal(received!.headers.get("content-type"), "application/json");
  match(received!.headers.get("idempotency-key") ?? "", /^[0-9a-f-]{36}\/\d+$/);
  await router.stop();
  deepEqual(router.errors, []);
});
