/** Two routers of which one leads. */
import { deepEqual } from "node:assert/strict";
import { elect, type KubeClient } from "../../lib/kube/mod.ts";
import { startManager } from "../../lib/provider-runtime/mod.ts";
import { SINKS } from "../../sinks/mod.ts";
import { openCluster, Receiver, until } from "./_testing.ts";
import { ConfigMapCheckpoint, eventRouter, routerSettings } from "./mod.ts";

/** A replica, as `kco run --leader-elect` is one. */
function replica(client: KubeClient, identity: string) {
  const election = elect(client, {
    namespace: "default",
    name: "router",
    identity,
    leaseDuration: 2_000,
    renewDeadline: 1_500,
    retryPeriod: 50,
  });
  const environment: Record<string, string> = { EVENT_ROUTER_INTERVAL: "20ms" };
  const settings = routerSettings((name) => environment[name], "default", () => {});
  const manager = startManager({
    leadership$: election.leadership$,
    controllers: [{
      name: "eventrouter",
      run: ({ drain }) =>
        eventRouter({
          client,
          settings,
          sinks: SINKS,
          drain,
          checkpoint: new ConfigMapCheckpoint(client, "positions", "default"),
        }),
    }],
  });
  return {
    election,
    async stop() {
      await manager.stop();
      await election.close();
    },
  };
}

Deno.test("a router that is stopped hands over to the next leader: nothing lost, nothing doubled", async () => {
  await using cluster = await openCluster();
  await using receiver = new Receiver();
  // Some Events are on their way while it is stopped.
  receiver.answer = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return undefined;
  };
  await cluster.register("echo", { serviceName: "echo", endpoint: receiver.url });
  const first = replica(cluster.client, "first");
  await until("the first leads", () => first.election.current.leading);
  const second = replica(cluster.client, "second");
  const messages = Array.from({ length: 60 }, (_, index) => `message ${index}`);
  let stopped: Promise<void> | undefined;
  for (const [index, message] of messages.entries()) {
    await cluster.event(message, { involvedObject: { kind: "Pod", name: "web", uid: `pod-${index % 3}` } });
    if (index === 30) stopped = first.stop();
  }
  await stopped;
  await until("all arrive", () => receiver.received.length >= messages.length);
  const numbers = receiver.messages.map((message) => Number(message?.slice(8)));
  deepEqual([...numbers].sort((a, b) => a - b), messages.map((_, index) => index));
  for (const pod of [0, 1, 2]) {
    const own = numbers.filter((number) => number % 3 === pod);
    deepEqual(own, [...own].sort((a, b) => a - b));
  }
  await second.stop();
});
