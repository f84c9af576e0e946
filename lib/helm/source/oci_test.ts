import assert from "node:assert/strict";
import { digestOf } from "./digest.ts";
import { ChartFetchError, createChartCache, fetchChart } from "./mod.ts";

const ARCHIVE = new TextEncoder().encode("an archive");
const DIGEST = digestOf(ARCHIVE);
const manifestOf = (digest: string, mediaType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip") =>
  JSON.stringify({
    schemaVersion: 2,
    config: { mediaType: "application/vnd.cncf.helm.config.v1+json" },
    layers: [{ mediaType, digest }],
  });

const INNER = new TextEncoder().encode(manifestOf(DIGEST));
const indexOf = (digest: string) => JSON.stringify({ schemaVersion: 2, manifests: [{ digest }] });

/** A registry that wants a token for user `u`, and has three charts. */
async function withRegistry(work: (host: string, log: string[]) => Promise<void>): Promise<void> {
  const log: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const url = new URL(request.url);
    log.push(url.pathname);
    if (url.pathname === "/token") {
      const known = request.headers.get("authorization") === `Basic ${btoa("u:p")}`;
      return known
        ? Response.json({ token: `for ${url.searchParams.get("scope")}` })
        : new Response("", { status: 401 });
    }
    const wanted = `Bearer for repository:${url.pathname.split("/").slice(2, 4).join("/")}:pull`;
    if (request.headers.get("authorization") !== wanted) {
      const challenge = `Bearer realm="${url.origin}/token",service="registry"`;
      return new Response("", { status: 401, headers: { "www-authenticate": challenge } });
    }
    return answer(url);
  });
  try {
    await work(`127.0.0.1:${server.addr.port}`, log);
  } finally {
    await server.shutdown();
  }
}

function answer({ pathname, search, origin }: URL): Response {
  if (pathname === "/v2/charts/web/tags/list" && search === "") {
    const link = `<${origin}/v2/charts/web/tags/list?last=1>; rel="next"`;
    return Response.json({ tags: ["1.0.0", "latest"] }, { headers: { link } });
  }
  if (pathname === "/v2/charts/web/tags/list") return Response.json({ tags: ["1.1.0_build.5", "2.0.0-rc.1"] });
  if (pathname.startsWith("/v2/charts/web/manifests/")) return new Response(manifestOf(DIGEST));
  if (pathname === "/v2/charts/indexed/manifests/1.0.0") return new Response(indexOf(digestOf(INNER)));
  if (pathname === "/v2/charts/swapped/manifests/1.0.0") return new Response(indexOf(`sha256:${"0".repeat(64)}`));
  if (/^\/v2\/charts\/(?:indexed|swapped)\/manifests\/sha256:/.test(pathname)) return new Response(INNER);
  if (pathname === "/v2/charts/other/manifests/1.0.0") return new Response(manifestOf(DIGEST, "application/x-other"));
  if (pathname === "/v2/charts/forged/manifests/1.0.0") return new Response(manifestOf(`sha256:${"0".repeat(64)}`));
  if (pathname.includes("/blobs/")) return new Response(ARCHIVE);
  return new Response("", { status: 404 });
}

const ACCESS = { username: "u", password: "p" };

const CHOICES: readonly [string | undefined, string][] = [
  ["1.0.0", "1.0.0"],
  [undefined, "1.1.0+build.5"],
  ["^1.0.0", "1.1.0+build.5"],
  ["2.0.0-rc.1", "2.0.0-rc.1"],
];
for (const [wish, version] of CHOICES) {
  Deno.test(`fetchChart() takes ${version} for ${wish ?? "no version"} from a registry`, async () => {
    await withRegistry(async (host) => {
      const wished = wish === undefined ? {} : { version: wish };
      const fetched = await fetchChart({ url: `oci://${host}/charts/web`, ...wished }, ACCESS, createChartCache());
      assert.equal(fetched.version, version);
      assert.equal(fetched.digest, DIGEST);
      assert.deepEqual(fetched.bytes, ARCHIVE);
    });
  });
}

Deno.test("fetchChart() takes a chart that an index leads to", async () => {
  await withRegistry(async (host) => {
    const fetched = await fetchChart(
      { url: `oci://${host}/charts/indexed`, version: "1.0.0" },
      ACCESS,
      createChartCache(),
    );
    assert.deepEqual(fetched.bytes, ARCHIVE);
  });
});

Deno.test("fetchChart() takes a blob that the cache has from there, but asks the registry for the manifest", async () => {
  await withRegistry(async (host, log) => {
    const cache = createChartCache();
    for (let i = 0; i < 2; i++) {
      await fetchChart({ url: `oci://${host}/charts`, repo: "web", version: "1.0.0" }, ACCESS, cache);
    }
    assert.equal(log.filter((path) => path.includes("/blobs/")).length, 1);
    assert.equal(log.filter((path) => path === "/v2/charts/web/manifests/1.0.0").length, 4);
  });
});

const REFUSALS: readonly [string, string, Record<string, string>, string][] = [
  ["wrong credentials", "charts/web", { username: "u", password: "wrong" }, "Unauthorized"],
  ["no credentials", "charts/web", {}, "Unauthorized"],
  ["a missing tag", "charts/gone", ACCESS, "NotFound"],
  ["an artifact that is no chart", "charts/other", ACCESS, "InvalidArchive"],
  ["a blob with another digest", "charts/forged", ACCESS, "DigestMismatch"],
  ["a manifest that is not the one its index names", "charts/swapped", ACCESS, "DigestMismatch"],
];
for (const [what, path, options, reason] of REFUSALS) {
  Deno.test(`fetchChart() refuses ${what} of a registry`, async () => {
    await withRegistry(async (host) => {
      await assert.rejects(
        fetchChart({ url: `oci://${host}/${path}`, version: "1.0.0" }, options, createChartCache()),
        (error) =>
          error instanceof ChartFetchError && error.reason === reason &&
          error.message.includes(path.split("/")[1] ?? ""),
      );
    });
  });
}

Deno.test("createChartCache() keeps archives in a directory and does not use one that was changed", async () => {
  const directory = await Deno.makeTempDir();
  try {
    await createChartCache(directory).put(DIGEST, ARCHIVE);
    assert.deepEqual(await createChartCache(directory).get(DIGEST), ARCHIVE);
    await Deno.writeTextFile(`${directory}/${DIGEST.replace(":", "-")}`, "changed");
    assert.equal(await createChartCache(directory).get(DIGEST), undefined);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
