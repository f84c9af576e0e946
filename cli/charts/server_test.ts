import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { type ChartReference, fetchChart, loadArchive } from "../../lib/helm/mod.ts";
import { packFiles } from "./pack.ts";
import { type ChartServer, serveCharts } from "./server.ts";

/** Serves versions of the chart `app` while the test runs. */
async function serving(versions: readonly string[], work: (server: ChartServer) => Promise<void>): Promise<void> {
  const charts = await Promise.all(versions.map(async (version) => {
    const text = `apiVersion: v2\nname: app\nversion: ${version}\n`;
    const archive = await packFiles("app", new Map([["Chart.yaml", new TextEncoder().encode(text)]]));
    return { metadata: { apiVersion: "v2", name: "app", version }, archive };
  }));
  const server = serveCharts(charts);
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

const VERSIONS = ["1.0.0", "1.2.0", "2.0.0+build.1", "3.0.0-rc.1"];

/** A version or range, and what it resolves to. */
const ASKED: readonly (readonly [string | undefined, string])[] = [
  ["1.0.0", "1.0.0"],
  ["^1.0.0", "1.2.0"],
  ["2.0.0+build.1", "2.0.0+build.1"],
  [undefined, "2.0.0+build.1"],
  ["3.0.0-rc.1", "3.0.0-rc.1"],
];
for (const source of ["repository", "registry"] as const) {
  for (const [version, expected] of ASKED) {
    Deno.test(`serveCharts() serves version ${version ?? "(newest)"} as a ${source}`, () =>
      serving(VERSIONS, async (server) => {
        const reference: ChartReference = {
          url: server[source],
          repo: "app",
          ...(version === undefined ? {} : { version }),
        };
        const fetched = await fetchChart(reference);
        match(fetched.digest, /^sha256:[0-9a-f]{64}$/);
        strictEqual(loadArchive(fetched.bytes).metadata.version, expected);
      }));
  }

  Deno.test(`serveCharts() has no chart that is not there, as a ${source}`, () =>
    serving(["1.0.0"], async (server) => {
      await rejects(fetchChart({ url: server[source], repo: "app", version: "9.9.9" }), { name: "ChartFetchError" });
      await rejects(fetchChart({ url: server[source], repo: "other", version: "1.0.0" }), { name: "ChartFetchError" });
    }));
}

Deno.test("serveCharts() serves the same archive in both ways", () =>
  serving(["1.0.0"], async (server) => {
    const [a, b] = await Promise.all(
      [server.repository, server.registry].map((url) => fetchChart({ url, repo: "app", version: "1.0.0" })),
    );
    strictEqual(a!.digest, b!.digest);
    deepStrictEqual(a!.bytes, b!.bytes);
  }));
