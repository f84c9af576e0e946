/** Events from the API server to webhooks, through `kco run`: the original's two fields, rules, owners, failures, bad input. */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { type Registration, REGISTRATIONS } from "../../../controllers/eventrouter/mod.ts";
import type { ApiResource, KubeObject } from "../../../lib/kube/mod.ts";
import { type Bench, CONFIG_MAPS, EVENTS, PATIENCE, ready, scenario, SERVICES, withBench } from "../support/cluster.ts";
import { Receiver } from "../support/receiver.ts";

const COMPOSITION_ID = "krateo.io/composition-id";
const NEW_EVENTS: ApiResource = {
  group: "events.k8s.io",
  version: "v1",
  kind: "Event",
  plural: "events",
  namespaced: true,
};

/** `kco run` installs its kinds while the first scenario begins. */
async function served({ client }: Bench): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while (await client.discovery.resourceFor("eventrouter.krateo.io/v1alpha1", "Registration") === undefined) {
    if (performance.now() > deadline) throw new Error("Registrations are not served");
    await new Promise((resolve) => setTimeout(resolve, 100));
    client.discovery.invalidate();
  }
}

/** Registers for the time of the work, under a name of the bench's own. */
async function registered(bench: Bench, name: string, spec: unknown, work: (name: string) => Promise<void>) {
  const own = `${bench.namespace}-${name}`;
  await served(bench);
  await bench.apply<KubeObject>({
    apiVersion: "eventrouter.krateo.io/v1alpha1",
    kind: "Registration",
    metadata: { name: own },
    spec,
  });
  try {
    await bench.until<Registration>(REGISTRATIONS, own, (object) => ready(object) !== undefined);
    await work(own);
  } finally {
    await bench.client.delete(REGISTRATIONS, own);
  }
}

/** The Event of the original's test data, about an object of this namespace. */
function fakeEvent(
  { namespace }: Bench,
  name: string,
  about: KubeObject,
  more: Record<string, unknown> = {},
): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace },
    involvedObject: {
      apiVersion: about.apiVersion,
      kind: about.kind,
      name: about.metadata.name,
      namespace,
      uid: about.metadata.uid,
    },
    reason: "LoremIpsum",
    message: "Neque porro quisquam est qui dolorem ipsum",
    type: "Warning",
    source: { component: "krateo" },
    firstTimestamp: "2024-07-05T07:33:07Z",
    lastTimestamp: "2024-07-05T07:33:09Z",
    ...more,
  };
}

function configMap({ namespace }: Bench, name: string, metadata: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace, ...metadata } };
}

scenario("the original's Registration gets the original's body", async () => {
  await using receiver = new Receiver();
  await withBench("router-original", async (bench) => {
    await registered(bench, "echo", { serviceName: "HTTP Echo", endpoint: receiver.url }, async () => {
      const service = await bench.client.create<KubeObject>(SERVICES, {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "fake-service-1", namespace: bench.namespace, labels: { [COMPOSITION_ID]: "abcde12345" } },
        spec: { ports: [{ port: 80 }] },
      });
      const event = await bench.client.create<KubeObject>(EVENTS, fakeEvent(bench, "fake-event-1", service));
      const { text, headers } = await receiver.first(({ body }) => body.metadata.uid === event.metadata.uid);
      const body = JSON.parse(text);
      const { labels, ...metadata } = body.metadata;
      deepEqual(labels, { [COMPOSITION_ID]: "abcde12345" });
      deepEqual(metadata, event.metadata);
      const { apiVersion: _version, kind: _kind, metadata: _metadata, ...rest } = event;
      const always = { eventTime: null, reportingComponent: "", reportingInstance: "" };
      deepEqual({ ...body, metadata: undefined }, { ...always, ...rest, metadata: undefined });
      equal(headers.get("content-type"), "application/json");
    });
  });
});

scenario(
  "an Event is told with the composition of its object's owners, by either API, with each update, in order",
  async () => {
    await using receiver = new Receiver();
    await withBench("router-owners", async (bench) => {
      const spec = {
        sink: { webhook: { url: receiver.url } },
        match: [{ anchored: true, namespace: bench.namespace }],
      };
      await registered(bench, "owners", spec, async () => {
        const owner = await bench.client.create(
          CONFIG_MAPS,
          configMap(bench, "owner", { labels: { [COMPOSITION_ID]: "c-1" } }),
        );
        const { uid = "", name } = owner.metadata;
        const ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name, uid, controller: true }];
        const child = await bench.client.create(CONFIG_MAPS, configMap(bench, "child", { ownerReferences }));
        const event = await bench.client.create(EVENTS, fakeEvent(bench, "counted", child, { count: 1 }));
        for (const count of [2, 3, 4]) {
          await bench.client.patch(EVENTS, event.metadata.name, bench.namespace, "merge", { count });
        }
        await bench.client.create<KubeObject>(NEW_EVENTS, {
          apiVersion: "events.k8s.io/v1",
          kind: "Event",
          metadata: { name: "new", namespace: bench.namespace },
          eventTime: "2026-01-01T00:00:00.000000Z",
          reportingController: "krateo.io/test",
          reportingInstance: "test-1",
          action: "Testing",
          reason: "New",
          type: "Normal",
          note: "by the new API",
          regarding: {
            apiVersion: "v1",
            kind: "ConfigMap",
            name: "child",
            namespace: bench.namespace,
            uid: child.metadata.uid,
          },
        });
        const last = await receiver.first(({ body }) => body.reason === "New");
        equal(last.body.message, "by the new API");
        equal(last.body.eventTime, "2026-01-01T00:00:00.000000Z");
        deepEqual(receiver.received.map(({ body }) => body["count"]), [1, 2, 3, 4, undefined]);
        for (const { body } of receiver.received) equal(body.metadata.labels?.[COMPOSITION_ID], "c-1");
      });
    });
  },
);

scenario("a dead sink delays nobody, says what is wrong, and gets what it missed, in order", async () => {
  await using alive = new Receiver();
  await using dead = new Receiver();
  await withBench("router-dead", async (bench) => {
    const match = [{ namespace: bench.namespace }];
    const retry = { initialDelay: "10ms", maxDelay: "100ms", breakerFailures: 2 };
    const down = { current: true };
    dead.answer = () => down.current ? new Response("out of order", { status: 503 }) : undefined;
    await registered(bench, "alive", { sink: { webhook: { url: alive.url } }, match }, async () => {
      await registered(bench, "dead", { sink: { webhook: { url: dead.url } }, match, retry }, async (name) => {
        const object = await bench.client.create(CONFIG_MAPS, configMap(bench, "object"));
        const reasons = Array.from({ length: 20 }, (_, index) => `Reason${index}`);
        for (const reason of reasons) {
          await bench.client.create(EVENTS, fakeEvent(bench, reason.toLowerCase(), object, { reason }));
        }
        await alive.first(({ body }) => body.reason === reasons.at(-1));
        deepEqual(alive.received.map(({ body }) => body.reason), reasons);
        const told = await bench.notReady<Registration>(REGISTRATIONS, name, "Unavailable");
        ok(ready(told)?.message.includes("it answers 503: out of order"));
        down.current = false;
        await dead.first(({ body }) => body.reason === reasons.at(-1));
        deepEqual(dead.received.map(({ body }) => body.reason), reasons);
        await bench.until<Registration>(REGISTRATIONS, name, (object) => ready(object)?.reason === "Delivering");
      });
    });
  });
});

scenario(
  "what a sink refuses goes to the dead letter; a layout and a signature are what the receiver sees",
  async () => {
    await using sink = new Receiver();
    await using letters = new Receiver();
    await withBench("router-refused", async (bench) => {
      await bench.apply({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "key" },
        data: { key: btoa("secret") },
      });
      sink.answer = ({ body }) => body["what"] === "Bad" ? new Response("no such field", { status: 422 }) : undefined;
      const secretRef = { name: "key", namespace: bench.namespace, key: "key" };
      await registered(bench, "layout", {
        sink: { webhook: { url: sink.url, signature: { secretRef } } },
        match: [{ namespace: bench.namespace }],
        layout: { template: { about: "{{ .involvedObject.kind | lower }}", what: "{{ .reason }}" } },
        deadLetter: { sink: { webhook: { url: letters.url } } },
      }, async (name) => {
        const object = await bench.client.create(CONFIG_MAPS, configMap(bench, "object"));
        for (const reason of ["Bad", "Good"]) {
          await bench.client.create(EVENTS, fakeEvent(bench, reason.toLowerCase(), object, { reason }));
        }
        const { text, headers } = await sink.first(({ body }) => body["what"] === "Good");
        equal(text, '{"about":"configmap","what":"Good"}');
        match(headers.get("x-hub-signature-256") ?? "", /^sha256=[0-9a-f]{64}$/);
        const letter = await letters.first(() => true);
        const { registration, reason, event } = JSON.parse(letter.text);
        equal(registration, name);
        match(reason, /it answers 422: no such field/);
        equal(event.reason, "Bad");
      });
    });
  },
);

scenario("a Registration that cannot work is refused by its schema, or says so", async () => {
  await withBench("router-bad", async (bench) => {
    const url = "http://127.0.0.1:9/";
    for (
      const spec of [
        {},
        { endpoint: url },
        { serviceName: "x", endpoint: url, sink: { webhook: { url } } },
        { sink: { webhook: { url }, stdout: {} } },
        { sink: { webhook: { url: "ftp://example.org" } } },
        { sink: { webhook: { url } }, dedupInterval: "soon" },
      ]
    ) await rejects(registered(bench, "bad", spec, () => Promise.resolve()), /Invalid/, JSON.stringify(spec));
    const spec = { sink: { webhook: { url } }, drop: [{ reason: "*test*" }] };
    await registered(bench, "regex", spec, async (name) => {
      const told = await bench.notReady<Registration>(REGISTRATIONS, name, "InvalidRule");
      match(ready(told)!.message, /spec\.drop\[0\]\.reason: "\*test\*" is no RE2 pattern/);
    });
  });
});

scenario("an odd Event is passed on as it is", async () => {
  await using receiver = new Receiver();
  await withBench("router-odd", async (bench) => {
    const spec = { sink: { webhook: { url: receiver.url } }, match: [{ namespace: bench.namespace }] };
    await registered(bench, "odd", spec, async () => {
      const gone = { apiVersion: "example.org/v1", kind: "Gone", metadata: { name: "gone", uid: "no-uid" } };
      const message = "control \u0000\u001b[31m characters \u2028 and half a pair \ud83d\ude00";
      await bench.client.create(EVENTS, fakeEvent(bench, "odd", gone, { message, reason: "Odd" }));
      const { body } = await receiver.first(({ body }) => body.reason === "Odd");
      equal(body.message, message);
      equal(body.metadata.labels?.[COMPOSITION_ID], "");
    });
  });
});
