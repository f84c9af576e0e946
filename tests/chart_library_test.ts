/** The library of charts against a chart server on loopback. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import type { KubeObject } from "../lib/kube/mod.ts";
import { ChartLibrary, type ChartSpec } from "../lib/release/mod.ts";
import { archive, tinyChart } from "./e2e/support/charts.ts";

/** A chart server that the test can break. */
interface ChartHost {
  readonly url: string;
  /** Authorization headers of the requests for the archive, empty where there was none. */
  readonly asked: string[];
  /** Answers with this status instead of the archive. */
  failWith: number | undefined;
}

async function hosting(work: (host: ChartHost) => Promise<void>): Promise<void> {
  const bytes = await archive(tinyChart("tiny"));
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    asked.push(request.headers.get("authorization") ?? "");
    return host.failWith === undefined ? new Response(bytes) : new Response("no", { status: host.failWith });
  });
  const host: ChartHost = { url: `http://127.0.0.1:${server.addr.port}/tiny-1.0.0.tgz`, asked, failWith: undefined };
  try {
    await work(host);
  } finally {
    await server.shutdown();
  }
}

/** A library on a cluster that has these Secrets. */
function library(...secrets: KubeObject[]): ChartLibrary {
  return new ChartLibrary({
    find: <T extends KubeObject>(_resource: unknown, name: string) =>
      Promise.resolve(secrets.find((s) => s.metadata.name === name) as T | undefined),
  });
}

const secret: KubeObject = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "creds", namespace: "demo" },
  data: { password: btoa("sesame") },
};

function withCredentials(url: string, name: string, key: string): ChartSpec {
  return { url, credentials: { username: "me", passwordRef: { name, namespace: "demo", key } } };
}

Deno.test("ChartLibrary fetches a chart once for all who ask for it", () =>
  hosting(async (host) => {
    const charts = library();
    const both = await Promise.all([charts.get({ url: host.url }), charts.get({ url: host.url })]);
    deepStrictEqual(both.map((loaded) => loaded.chart.metadata.name), ["tiny", "tiny"]);
    strictEqual(both[0], both[1]);
    strictEqual(await charts.get({ url: host.url, version: "1.0.0" }), both[0]);
    match(both[0].digest, /^sha256:[0-9a-f]{64}$/);
    strictEqual(host.asked.length, 1);
  }));

Deno.test("ChartLibrary does not remember a failure", () =>
  hosting(async (host) => {
    const charts = library();
    host.failWith = 404;
    await rejects(charts.get({ url: host.url }), { name: "ChartFetchError", reason: "NotFound" });
    host.failWith = undefined;
    ok(await charts.get({ url: host.url }));
  }));

Deno.test("ChartLibrary asks with the credentials of a Secret, and apart from those who have none", () =>
  hosting(async (host) => {
    const charts = library(secret);
    await charts.get(withCredentials(host.url, "creds", "password"));
    await charts.get({ url: host.url });
    deepStrictEqual(host.asked, [`Basic ${btoa("me:sesame")}`, ""]);
  }));

/** Secret and key that are asked for, and what is missing. */
const MISSING: readonly (readonly [string, string, RegExp])[] = [
  ["gone", "password", /Secret "demo\/gone" does not exist: create it/],
  ["creds", "token", /Secret "demo\/creds" has no key "token"/],
];
for (const [name, key, message] of MISSING) {
  Deno.test(`ChartLibrary says what is missing where key ${key} of Secret ${name} is not there`, () =>
    hosting(async (host) => {
      const getting = library(secret).get(withCredentials(host.url, name, key));
      await rejects(getting, { reason: "MissingCredentials", message });
      deepStrictEqual(host.asked, []);
    }));
}

Deno.test("ChartLibrary forgets the chart that nobody used for longest when its room is full, and fetches it again when asked", async () => {
  await hosting(async ({ url, asked }) => {
    const at = (query: string): ChartSpec => ({ url: `${url}?${query}` });
    // Room for two small charts, each of which is known by what was asked for and by its exact version.
    const charts = new ChartLibrary(
      { find: () => Promise.reject(new Error("no Secret is needed")) },
      { capacity: 4.5 * 64 * 1024 },
    );
    const first = await charts.get(at("first"));
    await charts.get(at("second"));
    strictEqual(await charts.get(at("first")), first);
    await charts.get(at("third"));
    await charts.get(at("fourth"));
    strictEqual(asked.length, 4);
    ok(await charts.get(at("first")) !== first);
    strictEqual(asked.length, 5);
    await charts.get(at("fourth"));
    strictEqual(asked.length, 5);
  });
});
