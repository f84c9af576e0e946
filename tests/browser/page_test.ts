/** The page of eventsse in a real Chromium. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import type { Catalogue } from "../../controllers/eventsse/mod.ts";
import type { Page } from "../../lib/deps/playwright_testing.ts";
import { until } from "../support/until.ts";
import { closeBrowser, inBrowser, numbered, withPage } from "./support.ts";

Deno.test.afterAll(closeBrowser);

const rows = (page: Page) => page.locator("#events > li");

/** Messages of the rows, newest first. */
const messages = (page: Page) => page.locator("#events .message").allTextContents();

/** Waits for as many rows. */
function hasRows(page: Page, count: number): Promise<void> {
  return until(async () => await rows(page).count() === count, `there are ${count} rows`);
}

/** Waits for a message to be the newest. */
function beginsWith(page: Page, message: string): Promise<void> {
  const newest = page.locator("#events > li:first-child .message");
  return until(async () => await newest.textContent() === message, `the newest event is "${message}"`, 30_000);
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

Deno.test(
  "page shows an event when it happens, and what had happened before",
  inBrowser,
  () =>
    withPage(async ({ page, publish, errors }) => {
      await publish(numbered(1), numbered(2));
      await hasRows(page, 2);
      await page.reload();
      await hasRows(page, 2);
      await publish(numbered(3));
      await hasRows(page, 3);
      assert.deepEqual(await messages(page), ["number 3.", "number 2.", "number 1."]);
      assert.deepEqual(errors, []);
    }),
);

Deno.test("page counts an event up in its row", inBrowser, () =>
  withPage(async ({ page, publish }) => {
    await publish(numbered(1), numbered(2));
    const again = numbered(1);
    await publish({ ...again, metadata: { ...again.metadata, resourceVersion: "9" }, count: 7 });
    await page.getByText("×7").waitFor();
    assert.deepEqual(await messages(page), ["number 1.", "number 2."]);
  }));

Deno.test(
  "page survives a restart of the server without gap or duplicate",
  inBrowser,
  () =>
    withPage(async ({ page, publish, restart }) => {
      await publish(...numbers(1, 20).map((n) => numbered(n)));
      await hasRows(page, 20);
      await restart();
      await publish(...numbers(15, 150).map((n) => numbered(n))); // the router repeats what was not acknowledged
      await hasRows(page, 150);
      assert.deepEqual(await messages(page), numbers(1, 150).reverse().map((n) => `number ${n}.`));
    }),
);

Deno.test("page stays usable with 10,000 events", inBrowser, () =>
  withPage(async ({ page, publish }) => {
    for (let n = 0; n < 10_000; n += 500) await publish(...numbers(n + 1, n + 500).map((i) => numbered(i)));
    await beginsWith(page, "number 10000.");
    await page.getByRole("button", { name: "Pause" }).click();
    await publish(numbered(10_001));
    await page.getByRole("button", { name: "Resume (1 new)" }).waitFor();
    await page.getByRole("searchbox").fill("number 9999.");
    await hasRows(page, 1);
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("searchbox").fill("");
    await beginsWith(page, "number 10001.");
  }));

Deno.test("page shows text of events as text", inBrowser, () =>
  withPage(async ({ page, publish, errors }) => {
    const attack = `<img src=x onerror="window.hit=1"><script>window.hit=1</script>`;
    const object = { apiVersion: attack, kind: attack, namespace: attack, name: attack };
    await publish(
      numbered(1, { message: attack, reason: attack, type: attack, involvedObject: object, lastTimestamp: attack }),
    );
    await hasRows(page, 1);
    assert.deepEqual(await messages(page), [attack]);
    assert.equal(await page.locator("#events img, #events script").count(), 0);
    assert.equal(await page.evaluate(`"hit" in window`), false);
    assert.deepEqual(errors, []);
  }));

Deno.test(
  "page narrows events by type, search and composition, in an address that can be shared",
  inBrowser,
  () =>
    withPage(async ({ page, publish }) => {
      const other = { metadata: { ...numbered(3).metadata, labels: { "krateo.io/composition-id": "c2" } } };
      await publish(numbered(1), numbered(2, { type: "Warning", reason: "BackOff" }), numbered(3, other));
      await hasRows(page, 3);
      await page.getByLabel("Type").selectOption("Warning");
      assert.deepEqual(await messages(page), ["number 2."]);
      await page.getByLabel("Type").selectOption("");
      await page.getByRole("searchbox").fill("scaled 3");
      assert.deepEqual(await messages(page), ["number 3."]);
      await page.getByRole("searchbox").fill("");
      await rows(page).nth(0).getByRole("button", { name: "Composition" }).click();
      await hasRows(page, 1);
      assert.match(page.url(), /#composition=c2$/);
      await publish(numbered(4), numbered(5, { metadata: { ...other.metadata, uid: "uid-5", resourceVersion: "5" } }));
      await hasRows(page, 2);
      assert.deepEqual(await messages(page), ["number 5.", "number 3."]);
    }),
);

Deno.test("page holds events back while it is paused", inBrowser, () =>
  withPage(async ({ page, publish }) => {
    await publish(numbered(1));
    await hasRows(page, 1);
    await page.getByRole("button", { name: "Pause" }).click();
    await publish(numbered(2), numbered(3));
    await page.getByRole("button", { name: "Resume (2 new)" }).waitFor();
    assert.equal(await rows(page).count(), 1);
    await page.getByRole("button", { name: "Resume" }).click();
    await hasRows(page, 3);
    assert.deepEqual(await messages(page), ["number 3.", "number 2.", "number 1."]);
  }));

Deno.test(
  "page copies the command that describes an event's object",
  inBrowser,
  () =>
    withPage(async ({ page, publish, server }) => {
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
      await publish(numbered(1));
      await rows(page).getByRole("button", { name: "kubectl" }).click();
      const command = "kubectl describe Deployment.v1.apps/web --namespace demo";
      await page.getByText(`Copied: ${command}`).waitFor();
      assert.equal(await page.evaluate("navigator.clipboard.readText()"), command);
    }),
);

Deno.test("page can be used by keyboard alone", inBrowser, () =>
  withPage(async ({ page, publish }) => {
    await publish(numbered(1), numbered(2));
    await hasRows(page, 2);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    assert.match(await page.locator(":focus").textContent() ?? "", /number 1\./);
    await page.keyboard.press("k");
    assert.match(await page.locator(":focus").textContent() ?? "", /number 2\./);
    await page.keyboard.press("p");
    assert.equal(await page.locator("#pause").getAttribute("aria-pressed"), "true");
    await page.keyboard.press("/");
    await page.keyboard.type("p1 nothing");
    assert.equal(await page.getByRole("searchbox").inputValue(), "p1 nothing");
    assert.equal(await page.locator("#pause").getAttribute("aria-pressed"), "true");
    await page.getByText("No event fits.").waitFor();
  }));

const SUMMARY = {
  id: "c1",
  apiVersion: "composition.krateo.io/v1-0-0",
  kind: "App",
  namespace: "demo",
  name: "shop",
  ready: "False",
  reason: "Unhealthy",
  message: "Deployment web has no replica",
  paused: false,
} as const;

const CATALOGUE: Catalogue = {
  list: () => [SUMMARY],
  tree: () =>
    Promise.resolve({
      ...SUMMARY,
      definition: { namespace: "platform", name: "app" },
      children: [{
        apiVersion: "apps/v1",
        kind: "Deployment",
        namespace: "demo",
        name: "web",
        status: "Failed",
        message: "no replica",
      }],
    }),
  locate: () => undefined,
  close: () => {},
};

Deno.test(
  "page follows a composition from its definition to its children, in the words of a screen reader",
  inBrowser,
  () =>
    withPage(async ({ page, publish }) => {
      await publish(numbered(1), numbered(2, { metadata: { uid: "x", resourceVersion: "2" } }));
      const shop = page.getByRole("navigation").getByRole("button", { name: /shop/ });
      await shop.click();
      assert.equal(await shop.getAttribute("aria-pressed"), "true");
      const tree = page.locator("#tree");
      await tree.getByText("CompositionDefinition platform/app").waitFor();
      await tree.getByText("Deployment demo/web").waitFor();
      assert.equal(await tree.getByRole("img", { name: "Failed" }).count(), 1);
      await hasRows(page, 1);
      await shop.click();
      await hasRows(page, 2);
      assert.equal(await tree.isVisible(), false);
    }, { catalogue: CATALOGUE }),
);

Deno.test("page fits a phone, by day and by night", inBrowser, () =>
  withPage(async ({ page, publish }) => {
    await publish(numbered(1, { message: "x".repeat(500), reason: "AVeryLongReasonThatSomebodyMadeUpForTheirEvents" }));
    await hasRows(page, 1);
    const overflow = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
    assert.ok(overflow <= 0, `the page is ${overflow} px wider than the screen`);
    const background = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    await page.emulateMedia({ colorScheme: "light" });
    const day = await background();
    await page.emulateMedia({ colorScheme: "dark" });
    assert.notEqual(await background(), day);
  }, { viewport: { width: 360, height: 700 }, catalogue: CATALOGUE }));

Deno.test("page gives older events when asked", inBrowser, () =>
  withPage(async ({ page, publish }) => {
    await publish(...numbers(1, 130).map((n) => numbered(n)));
    await hasRows(page, 130);
    await page.reload();
    await hasRows(page, 100);
    await page.getByRole("button", { name: "Show older events" }).click();
    await hasRows(page, 130);
    assert.equal(await page.getByRole("button", { name: "Show older events" }).isVisible(), false);
    assert.deepEqual(await messages(page), numbers(1, 130).reverse().map((n) => `number ${n}.`));
  }));

/** A token with these rights for a minute. */
function token(scope: string, secret: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256" })}.${part({ scope, exp: Math.floor(Date.now() / 1000) + 60 })}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

Deno.test("page says that one may not read, and shows events once one may", inBrowser, () => {
  const secret = "a secret of more than thirty-two bytes";
  return withPage(async ({ page, server }) => {
    await page.getByText("You may not read these events").waitFor();
    const cookie = { name: "eventsse_token", value: token("events:read", secret), url: server.url };
    await page.context().addCookies([cookie]);
    await page.locator("#state[data-state=live]").waitFor();
    const response = await fetch(`${server.url}/handle`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Authorization": `Bearer ${token("events:publish", secret)}` },
      body: JSON.stringify(numbered(1)),
    });
    assert.equal(response.status, 200, await response.text());
    await hasRows(page, 1);
  }, { secret });
});
