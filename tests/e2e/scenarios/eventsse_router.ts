/** The whole way of an Event: API server, event router, event server, client. */
import { deepEqual, ok } from "node:assert/strict";
import { startEventSse } from "../../../controllers/eventsse/mod.ts";
import { COMPOSITION_ID, openCluster, until } from "../../../controllers/eventrouter/_testing.ts";
import { inBrowser, withPage } from "../../browser/support.ts";

const CONFIG = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "config", namespace: "default", labels: { [COMPOSITION_ID]: "c1" } },
};

Deno.test("an Event of a composition's object reaches an EventSource that follows the composition", async () => {
  await using cluster = await openCluster();
  const server = await startEventSse({ port: 0 });
  const source = new EventSource(`${server.url}/notifications?composition=c1`);
  try {
    const messages: string[] = [];
    source.addEventListener("c1", ({ data }) => messages.push(JSON.parse(data).message));
    await new Promise((resolve) => source.onopen = resolve);
    await cluster.apply(CONFIG);
    await cluster.register("sse", { serviceName: "sse", endpoint: `${server.url}/handle` });
    const router = cluster.route();
    await cluster.event("first");
    await cluster.event("second");
    await until("both arrive", () => messages.length === 2);
    await router.stop();
    deepEqual([messages, router.errors], [["first", "second"], []]);
  } finally {
    source.close();
    await server.close();
  }
});

Deno.test({
  name: "an Event reaches the page in a real browser",
  ...inBrowser,
  fn: () =>
    withPage(async ({ page, server, errors }) => {
      await using cluster = await openCluster();
      await cluster.apply(CONFIG);
      await cluster.register("sse", { serviceName: "sse", endpoint: `${server.url}/handle` });
      const router = cluster.route();
      await cluster.event("routed to the page");
      await page.getByText("routed to the page").first().waitFor();
      await router.stop();
      ok(errors.length === 0, errors.join());
    }),
});
