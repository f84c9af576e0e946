import { deepEqual, equal, match } from "node:assert/strict";
import type { ApiResource } from "../../lib/kube/mod.ts";
import { ConfigMapCheckpoint, FileCheckpoint, type Registration, REGISTRATIONS } from "./mod.ts";
import { COMPOSITION_ID, openCluster, Receiver, until } from "./_testing.ts";

const CONFIG_MAPS: ApiResource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};

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

Deno.test("eventRouter() goes on after a kill where it stopped: nothing lost, nothing repeated", async () => {
  await using cluster = await openCluster();
  await using receiver = new Receiver();
  const directory = await Deno.makeTempDir();
  await cluster.register("echo", { serviceName: "echo", endpoint: receiver.url });
  const environment = { EVENT_ROUTER_DIRECTORY: directory };
  const first = cluster.route({ environment, checkpoint: new FileCheckpoint(directory) });
  await cluster.event("before");
  await until("the first arrives", () => receiver.received.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 0));
  first.kill();
  for (const message of ["while down 1", "while down 2"]) await cluster.event(message);
  const second = cluster.route({ environment, checkpoint: new FileCheckpoint(directory) });
  await until("the others arrive", () => receiver.received.length >= 3);
  await cluster.event("after");
  await until("the last arrives", () => receiver.messages.includes("after"));
  deepEqual([...receiver.messages].sort(), ["after", "before", "while down 1", "while down 2"]);
  await second.stop();
  deepEqual([...first.errors, ...second.errors], []);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("eventRouter() keeps positions in a ConfigMap, and writes nothing at rest", async () => {
  await using cluster = await openCluster();
  await using receiver = new Receiver();
  await cluster.register("echo", { serviceName: "echo", endpoint: receiver.url });
  const checkpoint = () => new ConfigMapCheckpoint(cluster.client, "positions", "default");
  const first = cluster.route({ checkpoint: checkpoint() });
  await cluster.event("one");
  await until("it arrives", () => receiver.received.length === 1);
  await first.stop();
  const second = cluster.route({ checkpoint: checkpoint() });
  const two = await cluster.event("two");
  await until("it arrives", () => receiver.received.length === 2);
  const saved = async () => {
    const found = await cluster.client.get(CONFIG_MAPS, "positions", "default");
    const done = `{"seen":${two.metadata.resourceVersion},"pending":[]}`;
    const { positions } = found["data"] as { positions: string };
    return positions.includes(done) ? found.metadata.resourceVersion : undefined;
  };
  let version: string | undefined;
  await until("all is acknowledged", async () => (version = await saved()) !== undefined);
  await new Promise((resolve) => setTimeout(resolve, 200));
  equal(await saved(), version);
  deepEqual(receiver.messages, ["one", "two"]);
  await second.stop();
  deepEqual([...first.errors, ...second.errors], []);
});

Deno.test("eventRouter() delivers to the others while one sink is dead, and to that one when it is back, in order", async () => {
  await using cluster = await openCluster();
  await using alive = new Receiver();
  await using dead = new Receiver();
  dead.answer = () => new Response("out of order", { status: 503 });
  const retry = { initialDelay: "5ms", maxDelay: "20ms", breakerFailures: 2 };
  await cluster.register("alive", { serviceName: "alive", endpoint: alive.url });
  await cluster.register("dead", { serviceName: "dead", endpoint: dead.url, retry });
  const router = cluster.route();
  const messages = Array.from({ length: 20 }, (_, index) => `message ${index}`);
  for (const message of messages) {
    await cluster.event(message, { involvedObject: { kind: "Pod", name: "p", uid: "u-1" } });
  }
  await until("the living has all", () => alive.received.length === messages.length);
  deepEqual(alive.messages, messages);
  const condition = async () => {
    const { status } = await cluster.client.get<Registration>(REGISTRATIONS, "dead");
    return status?.conditions?.find(({ type }) => type === "Ready");
  };
  await until("the dead one is told of", async () => (await condition())?.reason === "Unavailable");
  match((await condition())!.message, /503: out of order/);
  dead.answer = undefined;
  await until("the dead has all", () => dead.received.length === messages.length);
  deepEqual(dead.messages, messages);
  await until("it is well again", async () => (await condition())?.status === "True");
  await router.stop();
  deepEqual(router.errors, []);
});

Deno.test("eventRouter() gives what a sink refuses to the dead letter, with the reason", async () => {
  await using cluster = await openCluster();
  await using sink = new Receiver();
  await using letters = new Receiver();
  sink.answer = ({ body }) => body.message === "bad" ? new Response("no such field", { status: 422 }) : undefined;
  await cluster.register("strict", {
    sink: { webhook: { url: sink.url } },
    deadLetter: { sink: { webhook: { url: letters.url } } },
  });
  const router = cluster.route();
  for (const message of ["good", "bad", "better"]) await cluster.event(message);
  await until("all is settled", () => sink.received.length === 2 && letters.received.length === 1);
  deepEqual([...sink.messages].sort(), ["better", "good"]);
  const [letter] = letters.received;
  match(letter!.text, /"registration":"strict","reason":"Cannot deliver.* it answers 422: no such field"/);
  match(letter!.text, /"message":"bad"/);
  await router.stop();
});

Deno.test("eventRouter() tells a Registration that it cannot work, and goes on once it is mended", async () => {
  await using cluster = await openCluster();
  await using receiver = new Receiver();
  await cluster.register("picky", { sink: { webhook: { url: receiver.url } }, drop: [{ reason: "*test*" }] });
  const router = cluster.route();
  const reason = async () => {
    const { status } = await cluster.client.get<Registration>(REGISTRATIONS, "picky");
    return status?.conditions?.[0]?.reason;
  };
  await until("it is told", async () => await reason() === "InvalidRule");
  await cluster.register("picky", { sink: { webhook: { url: receiver.url } }, drop: [{ reason: ".*test.*" }] });
  await until("it is well", async () => await reason() === "Delivering");
  await cluster.event("dropped", { reason: "a test" });
  await cluster.event("taken");
  await until("one arrives", () => receiver.received.length > 0);
  deepEqual(receiver.messages, ["taken"]);
  await router.stop();
});

Deno.test("eventRouter() opens a sink anew when its Secret changes", async () => {
  await using cluster = await openCluster();
  await using receiver = new Receiver();
  receiver.answer = ({ headers }) =>
    headers.get("authorization") === "Bearer right" ? undefined : new Response("", { status: 401 });
  const secret = (token: string) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "token", namespace: "default" },
    data: { token: btoa(token) },
  });
  await cluster.apply(secret("wrong"));
  const auth = { bearer: { secretRef: { name: "token", key: "token" } } };
  const retry = { initialDelay: "10s", maxDelay: "10s" };
  await cluster.register("secured", { sink: { webhook: { url: receiver.url, auth } }, retry });
  const router = cluster.route();
  await cluster.event("secret");
  const reason = async () => {
    const { status } = await cluster.client.get<Registration>(REGISTRATIONS, "secured");
    return status?.conditions?.[0]?.reason;
  };
  await until("it is refused", async () => await reason() === "Misconfigured");
  await cluster.apply(secret("right"));
  await until("it arrives", () => receiver.received.length === 1);
  await router.stop();
});

Deno.test("eventRouter() does not count a Registration's Events from before it, unless asked", async () => {
  await using cluster = await openCluster();
  await using fresh = new Receiver();
  await using all = new Receiver();
  const old = { lastTimestamp: "2020-01-01T00:00:00Z" };
  await cluster.event("old", old);
  // The server's clock has whole seconds.
  await new Promise((resolve) => setTimeout(resolve, 1_001 - Date.now() % 1_000));
  await cluster.register("fresh", { serviceName: "fresh", endpoint: fresh.url });
  await cluster.register("all", { serviceName: "all", endpoint: all.url, history: "All" });
  const router = cluster.route();
  await until("history arrives", () => all.received.length === 1);
  await cluster.event("new", old);
  await until("both have the new one", () => all.received.length === 2 && fresh.received.length === 1);
  deepEqual(fresh.messages, ["new"]);
  await router.stop();
});
