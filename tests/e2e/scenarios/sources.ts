/** A chart by URL, repository and registry; and charts that cannot be had. */
import { match, ok, strictEqual } from "node:assert/strict";
import { packFiles } from "../../../cli/charts/mod.ts";
import { DEFINITIONS } from "../../../controllers/core-provider/mod.ts";
import type { ChartSpec } from "../../../lib/release/mod.ts";
import { archive, serve, tinyChart, webChart } from "../support/charts.ts";
import { ready, scenario, SECRETS, withBench } from "../support/cluster.ts";

const GOOD: readonly [string, (server: { repository: string; registry: string }, name: string) => ChartSpec][] = [
  ["tgz", ({ repository }, name) => ({ url: `${repository}/${name}-1.0.0.tgz` })],
  ["repository", ({ repository }, repo) => ({ url: repository, repo, version: "1.0.0" })],
  ["range", ({ repository }, repo) => ({ url: repository, repo, version: "^1.0.0" })],
  ["newest", ({ repository }, repo) => ({ url: repository, repo })],
  ["registry", ({ registry }, repo) => ({ url: registry, repo, version: "1.0.0" })],
];
for (const [how, specOf] of GOOD) {
  scenario(
    `a chart by ${how} becomes a kind, and an object of it a healthy release`,
    () =>
      withBench(`source-${how}`, async (bench) => {
        const name = `src-${how}`;
        const server = await serve([webChart(name)]);
        try {
          await bench.define("chart", specOf(server, name));
          const resource = await bench.defined("chart");
          strictEqual(resource.version, "v1-0-0");
          await bench.compose(resource, "one", { owner: "me" });
          const composition = await bench.ready(resource, "one");
          strictEqual(composition.status?.helmChartVersion, "1.0.0");
          const paths = composition.status?.managed?.map((m) => m.path) ?? [];
          strictEqual(paths.length, 3);
          ok(paths.every((path) => path.includes(`/namespaces/${bench.namespace}/`)), paths.join());
        } finally {
          await server.close();
        }
      }),
  );
}

/** Answers of a chart server that is broken in one way. */
const BROKEN: readonly [string, (request: Request) => Response | Promise<Response>, string, RegExp][] = [
  ["answers 404", () => new Response("", { status: 404 }), "ChartNotFound", /404.*spec\.chart/],
  ["answers 401", () => new Response("", { status: 401 }), "ChartUnauthorized", /401.*credentials/],
  ["sends no archive", () => new Response("hello"), "ChartInvalid", /gzip|archive/i],
  [
    "sends a chart without Chart.yaml",
    async () => new Response(await withoutChartYaml()),
    "ChartInvalid",
    /Chart\.yaml/,
  ],
];
async function withoutChartYaml(): Promise<Uint8Array<ArrayBuffer>> {
  return await packFiles("odd", new Map([["README.md", new TextEncoder().encode("no chart")]]));
}
for (const [index, [what, answer, reason, message]] of BROKEN.entries()) {
  scenario(
    `a definition whose server ${what} says so, with one Event, and installs nothing`,
    () =>
      withBench(`broken-${index}`, async (bench) => {
        const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
        try {
          await bench.define("chart", { url: `http://127.0.0.1:${server.addr.port}/odd-1.0.0.tgz` });
          const definition = await bench.notReady(DEFINITIONS, "chart", reason);
          match(ready(definition)!.message, message);
          ok(ready(definition)!.message.includes(`http://127.0.0.1:${server.addr.port}/odd-1.0.0.tgz`));
          match(await bench.event("chart", reason), message);
          strictEqual((definition["status"] as { kind?: string }).kind, undefined);
        } finally {
          await server.shutdown();
        }
      }),
  );
}

scenario(
  "a definition names the version that a repository does not have, and the server that is not there",
  () =>
    withBench("absent", async (bench) => {
      const server = await serve([tinyChart("absent")]);
      await bench.define("version", { url: server.repository, repo: "absent", version: "9.9.9" });
      const definition = await bench.notReady(DEFINITIONS, "version", "ChartNotFound");
      match(ready(definition)!.message, /9\.9\.9.*1\.0\.0/);
      await server.close();
      await bench.define("server", { url: `${server.repository}/absent-1.0.0.tgz` });
      match(ready(await bench.notReady(DEFINITIONS, "server", "ChartUnavailable"))!.message, /reachable/);
    }),
);

scenario("a definition logs in with the password of a Secret", () =>
  withBench("login", async (bench) => {
    const bytes = await archive(tinyChart("private"));
    const wanted = `Basic ${btoa("robot:s3cret")}`;
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
      return request.headers.get("authorization") === wanted ? new Response(bytes) : new Response("", { status: 401 });
    });
    try {
      const passwordRef = { name: "login", namespace: bench.namespace, key: "password" };
      const url = `http://127.0.0.1:${server.addr.port}/private-1.0.0.tgz`;
      await bench.define("chart", { url, credentials: { username: "robot", passwordRef } });
      match(
        ready(await bench.notReady(DEFINITIONS, "chart", "ChartUnauthorized"))!.message,
        /Secret .* does not exist/,
      );
      await bench.client.create(SECRETS, {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "login", namespace: bench.namespace },
        stringData: { password: "s3cret" },
      });
      await bench.defined("chart");
    } finally {
      await server.shutdown();
    }
  }));

scenario(
  "a chart without values.schema.json gets an inferred schema and a condition that says so",
  () =>
    withBench("inferred", async (bench) => {
      const { schema: _none, ...chart } = tinyChart("inferred");
      const server = await serve([chart]);
      try {
        await bench.define("chart", { url: server.repository, repo: "inferred" });
        const resource = await bench.defined("chart");
        const definition = await bench.client.get(DEFINITIONS, "chart", bench.namespace);
        match(JSON.stringify(definition["status"]), /no values\.schema\.json/);
        await bench.compose(resource, "one", { replicas: 2 });
        await bench.ready(resource, "one");
      } finally {
        await server.close();
      }
    }),
);

scenario(
  "a chart with an invalid values.schema.json is refused with the path",
  () =>
    withBench("invalid-schema", async (bench) => {
      const server = await serve([
        tinyChart("invalid", "1.0.0", { schema: { type: "object", properties: { a: { type: "nonsense" } } } }),
      ]);
      try {
        await bench.define("chart", { url: server.repository, repo: "invalid" });
        match(ready(await bench.notReady(DEFINITIONS, "chart", "SchemaInvalid"))!.message, /a/);
      } finally {
        await server.close();
      }
    }),
);
