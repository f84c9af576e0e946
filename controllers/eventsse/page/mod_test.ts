import assert from "node:assert/strict";
import { type Catalogue, pageRoutes } from "./mod.ts";

const SUMMARY = {
  id: "c1",
  apiVersion: "composition.krateo.io/v1-0-0",
  kind: "App",
  namespace: "demo",
  name: "web",
  ready: "True",
  reason: "Available",
  message: "",
  paused: false,
} as const;

const CATALOGUE: Catalogue = {
  list: () => [SUMMARY, { ...SUMMARY, id: "c2" }],
  tree: (id) => Promise.resolve(id === "c1" ? { ...SUMMARY, children: [] } : undefined),
  locate: () => undefined,
  close: () => {},
};

Deno.test("pageRoutes() sends each file that the page names, with a policy against foreign scripts", async () => {
  const app = pageRoutes();
  const page = await app.request("/");
  const html = await page.text();
  assert.match(page.headers.get("Content-Security-Policy") ?? "", /script-src 'self'/);
  const seen = new Set<string>();
  const follow = async (path: string) => {
    if (seen.has(path)) return;
    seen.add(path);
    const response = await app.request(path);
    assert.equal(response.status, 200, path);
    for (const [, file] of (await response.text()).matchAll(/from "\.\/([\w.]+)"/g)) await follow(`/assets/${file}`);
  };
  for (const [, path] of html.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)) await follow(`/${path}`);
  assert.ok(seen.size >= 8, `${[...seen]}`);
});

Deno.test("pageRoutes() answers 304 to who has the file", async () => {
  const app = pageRoutes({ catalogue: CATALOGUE });
  for (const path of ["/", "/assets/main.js", "/compositions"]) {
    const first = await app.request(path);
    await first.body?.cancel();
    const again = await app.request(path, { headers: { "If-None-Match": first.headers.get("ETag") ?? "" } });
    assert.equal(again.status, 304, path);
  }
});

Deno.test("pageRoutes() lists compositions that may be read, and no others", async () => {
  const app = pageRoutes({ catalogue: CATALOGUE, mayRead: (_, id) => Promise.resolve(id === "c1") });
  assert.deepEqual(await (await app.request("/compositions")).json(), [SUMMARY]);
  assert.equal((await app.request("/compositions/c1")).status, 200);
  assert.equal((await app.request("/compositions/c2")).status, 404);
});

Deno.test("pageRoutes() lists nothing where there is no cluster", async () => {
  const app = pageRoutes();
  assert.deepEqual(await (await app.request("/compositions")).json(), []);
  assert.equal((await app.request("/compositions/c1")).status, 404);
});
