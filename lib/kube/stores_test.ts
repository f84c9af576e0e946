import assert from "node:assert/strict";
import { list, NODES, pod, PODS, ScriptedTransport, settle, Stream, VirtualClock } from "./_testing.ts";
import { createClient } from "./client.ts";
import { shareStores } from "./stores.ts";

Deno.test("shareStores() gives those who ask for the same one store, watched once", async () => {
  const transport = new ScriptedTransport(list([pod("a", "1")], "5"), new Stream().step);
  const stores = shareStores(createClient(transport, { clock: new VirtualClock() }));
  const [first, second] = [
    stores.of(PODS, { namespace: "demo" }),
    stores.of(PODS, { namespace: "demo", labelSelector: "" }),
  ];
  assert.equal(first, second);
  const held = [first.changes$.subscribe(), second.changes$.subscribe()];
  await settle();
  assert.deepEqual([...first.keys()], ["demo/a"]);
  assert.equal(transport.requests.length, 2);
  for (const subscription of held) subscription.unsubscribe();
});

Deno.test("shareStores() keeps apart what is not the same", () => {
  const stores = shareStores(createClient(new ScriptedTransport(), { clock: new VirtualClock() }));
  const all = [
    stores.of(PODS),
    stores.of(NODES),
    stores.of(PODS, { namespace: "demo" }),
    stores.of(PODS, { labelSelector: "app=web" }),
    stores.of(PODS, { fieldSelector: "app=web" }),
    stores.of(PODS, { metadataOnly: true }),
  ];
  assert.equal(new Set(all).size, all.length);
});
