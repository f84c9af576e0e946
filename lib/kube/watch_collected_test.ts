import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { pod, PODS } from "./_testing.ts";
import { createClient } from "./client.ts";
import { createRestClient } from "./rest_client.ts";

/** Collects garbage now. */
function collect(): void {
  setFlagsFromString("--expose-gc");
  const gc: unknown = runInNewContext("gc");
  assert.ok(typeof gc === "function");
  gc();
}

Deno.test("watch() ends its connection when nobody listens any more, although the Response was collected", async () => {
  const event = new TextEncoder().encode(JSON.stringify({ type: "ADDED", object: pod("a", "6") }) + "\n");
  const heard = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    if (!request.url.includes("watch=true")) return Response.json({ metadata: { resourceVersion: "5" }, items: [] });
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(event),
      cancel: () => ended.resolve(),
    });
    return new Response(endless);
  });
  const transport = await createRestClient({
    name: "test",
    cluster: { server: `http://127.0.0.1:${server.addr.port}` },
    user: {},
  });
  const client = createClient(transport);
  const subscription = client.watch(PODS).subscribe(({ type }) => {
    if (type === "applied") heard.resolve();
  });
  await heard.promise;
  collect();
  subscription.unsubscribe();
  const patience = setTimeout(() => ended.reject(new Error("The connection is still open")), 5_000);
  await ended.promise;
  clearTimeout(patience);
  client.close();
  await server.shutdown();
});
