/** The whole way of an Event: API server, event router, event server, client. */
import { deepEqual, ok } from "node:assert/strict";
import { startEventSse } from "../../../controllers/eventsse/mod.ts";
import { inBrowser, withPage } from "../../browser/support.ts";
import { openRoutedCluster } from "../support/routed_cluster.ts";

Deno.test("an Event of a composition's object reaches an EventSource that follows the composition", async () => {
  const server = await startEventSse({ port: 0 });
  const source = new EventSource(`${server.url}/notifications?composition=c1`);
  try {
    const messages: string[] = [];
    source.addEventListener("c1", ({ data }) => messages.push(JSON.parse(data).message));
    await new Promise((resolve) => source.onopen = resolve);
    await using cluster = await openRoutedCluster("c1", `${server.url}/handle`);
    await cluster.event("first");
    await cluster.event("second");
    const deadline = performance.now() + 20_000;
    while (messages.length < 2) {
      ok(performance.now() < deadline, `only ${messages} came`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    deepEqual(messages, ["first", "second"]);
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
      await using cluster = await openRoutedCluster("c1", `${server.url}/handle`);
      await cluster.event("routed to the page");
      await page.getByText("routed to the page").first().waitFor();
      ok(errors.length === 0, errors.join());
    }),
});
