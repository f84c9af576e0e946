import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { digestOf } from "./digest.ts";
import { ChartFetchError, fetchChart } from "./mod.ts";

const ARCHIVE = new TextEncoder().encode("an archive");
const INDEX = `apiVersion: v1
entries:
  web:
  - {version: 1.0.0, urls: [web-1.0.0.tgz], digest: ${digestOf(ARCHIVE).slice(7)}, unknown: field}
  - {version: 1.2.0, urls: [web-1.2.0.tgz]}
  - {version: 2.0.0-rc.1, urls: [web-2.tgz]}
  - {version: 0.9.0, urls: [missing.tgz, web-1.0.0.tgz]}
  - {version: 0.8.0, urls: [web-1.0.0.tgz], digest: "0000"}
`;

type Answer = (request: Request) => Response;

async function withServer(answers: Record<string, Answer>, work: (base: string, seen: Headers[]) => Promise<void>) {
  const seen: Headers[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    seen.push(new Headers(request.headers));
    const path = new URL(request.url).pathname;
    return answers[path]?.(request) ?? new Response("no", { status: 404 });
  });
  try {
    await work(`http://127.0.0.1:${server.addr.port}`, seen);
  } finally {
    await server.shutdown();
  }
}

const REPOSITORY: Record<string, Answer> = {
  "/charts/index.yaml": () => new Response(INDEX),
  "/charts/web-1.0.0.tgz": () => new Response(ARCHIVE),
  "/charts/web-1.2.0.tgz": () => new Response(ARCHIVE),
};

function reason(expected: string, text: RegExp) {
  return (error: unknown) => error instanceof ChartFetchError && error.reason === expected && text.test(error.message);
}

const CHOICES: readonly [string | undefined, string][] = [
  ["1.0.0", "1.0.0"],
  [undefined, "1.2.0"],
  ["", "1.2.0"],
  ["^1.0.0", "1.2.0"],
  ["< 1.1", "1.0.0"],
];
for (const [wish, version] of CHOICES) {
  Deno.test(`fetchChart() takes ${version} for ${JSON.stringify(wish)} from a repository`, async () => {
    await withServer(REPOSITORY, async (base) => {
      const wished = wish === undefined ? {} : { version: wish };
      const fetched = await fetchChart({ url: `${base}/charts`, repo: "web", ...wished });
      strictEqual(fetched.version, version);
      deepStrictEqual(fetched.bytes, ARCHIVE);
      strictEqual(fetched.resolvedUrl, `${base}/charts/web-${version}.tgz`);
    });
  });
}

Deno.test("fetchChart() tries the next URL of an entry where one fails", async () => {
  await withServer(REPOSITORY, async (base) => {
    strictEqual((await fetchChart({ url: `${base}/charts`, repo: "web", version: "0.9.0" })).version, "0.9.0");
  });
});

const REFUSALS: readonly [string, { repo?: string; version?: string }, string, RegExp][] = [
  ["a chart that the index lacks", { repo: "db" }, "NotFound", /"db".*spec\.chart\.repo/],
  [
    "a version that the index lacks",
    { repo: "web", version: "3.0.0" },
    "VersionNotFound",
    /3\.0\.0.*newest there are 2\.0\.0-rc\.1, 1\.2\.0/,
  ],
  [
    "another digest than the index promises",
    { repo: "web", version: "0.8.0" },
    "DigestMismatch",
    /sha256:0000 was announced/,
  ],
  ["no chart name", {}, "InvalidReference", /spec\.chart\.repo/],
];
for (const [what, reference, expected, text] of REFUSALS) {
  Deno.test(`fetchChart() refuses ${what}`, async () => {
    await withServer(REPOSITORY, async (base) => {
      await rejects(fetchChart({ url: `${base}/charts`, ...reference }), reason(expected, text));
    });
  });
}

Deno.test("fetchChart() tells 401, 404, a refused connection and a URL of another kind apart", async () => {
  const answers = { "/secret.tgz": () => new Response("", { status: 401 }) };
  let closed = "";
  await withServer(answers, async (base) => {
    closed = base;
    await rejects(fetchChart({ url: `${base}/secret.tgz` }), reason("Unauthorized", /spec\.chart\.credentials/));
    await rejects(fetchChart({ url: `${base}/no.tgz` }), reason("NotFound", /404/));
  });
  await rejects(fetchChart({ url: `${closed}/secret.tgz` }), reason("Network", /reachable/));
  await rejects(fetchChart({ url: "ftp://host/a.tgz" }), reason("InvalidReference", /oci:\/\//));
});

Deno.test("fetchChart() tries again after a 503", async () => {
  let tries = 0;
  const flaky = { "/a.tgz": () => ++tries < 2 ? new Response("", { status: 503 }) : new Response(ARCHIVE) };
  await withServer(flaky, async (base) => {
    deepStrictEqual((await fetchChart({ url: `${base}/a.tgz` })).bytes, ARCHIVE);
    strictEqual(tries, 2);
  });
});

Deno.test("fetchChart() sends credentials to the first host and not where it redirects to", async () => {
  await withServer({ "/a.tgz": () => new Response(ARCHIVE) }, async (other, seenByOther) => {
    const moved = other.replace("127.0.0.1", "localhost");
    const first = { "/a.tgz": () => new Response("", { status: 302, headers: { location: `${moved}/a.tgz` } }) };
    await withServer(first, async (base, seen) => {
      await fetchChart({ url: `${base}/a.tgz` }, { username: "u", password: "p" });
      strictEqual(seen[0]?.get("authorization"), `Basic ${btoa("u:p")}`);
      strictEqual(seenByOther[0]?.get("authorization"), null);
    });
  });
});

Deno.test("fetchChart() stops at the size limit", async () => {
  await withServer(REPOSITORY, async (base) => {
    await rejects(fetchChart({ url: `${base}/charts/web-1.0.0.tgz` }, { maxBytes: 4 }), reason("TooLarge", /4 bytes/));
  });
});

Deno.test("fetchChart() asks for the index again only if it changed", async () => {
  const answer: Answer = (request) =>
    request.headers.get("if-none-match") === '"1"'
      ? new Response(null, { status: 304 })
      : new Response(INDEX, { headers: { etag: '"1"' } });
  await withServer({ ...REPOSITORY, "/charts/index.yaml": answer }, async (base, seen) => {
    for (let i = 0; i < 2; i++) await fetchChart({ url: `${base}/charts`, repo: "web" });
    strictEqual(seen.filter((headers) => headers.has("if-none-match")).length, 1);
  });
});

for (
  const [status, expected, tries] of [[404, "NotFound", 1], [403, "Unauthorized", 1], [400, "NotFound", 1], [
    503,
    "Network",
    3,
  ]] as const
) {
  Deno.test(`fetchChart() asks ${tries} times where the server answers ${status}: more could not heal`, async () => {
    await withServer({ "/a.tgz": () => new Response("", { status }) }, async (base, seen) => {
      await rejects(fetchChart({ url: `${base}/a.tgz` }), (error) => {
        return error instanceof ChartFetchError && error.reason === expected &&
          (error.retryAfter !== undefined) === tries > 1;
      });
      strictEqual(seen.length, tries);
    });
  });
}

Deno.test("fetchChart() sends a repository's credentials to URLs below it, absolute ones too, and to no other host", async () => {
  await withServer({ "/web.tgz": () => new Response(ARCHIVE) }, async (other, seenByOther) => {
    const elsewhere = `${other.replace("127.0.0.1", "localhost")}/web.tgz`;
    const own: Record<string, Answer> = { "/charts/web.tgz": () => new Response(ARCHIVE) };
    await withServer(own, async (base, seen) => {
      const entries = [`/charts/web.tgz`, `${base}/charts/web.tgz`, elsewhere]
        .map((url, index) => `  - {version: 1.0.${index}, urls: ["${url}"]}\n`);
      own["/charts/index.yaml"] = () => new Response(`entries:\n  web:\n${entries.join("")}`);
      for (const version of ["1.0.0", "1.0.1", "1.0.2"]) {
        const { bytes } = await fetchChart({ url: `${base}/charts`, repo: "web", version }, {
          username: "u",
          password: "p",
        });
        deepStrictEqual(bytes, ARCHIVE);
      }
      strictEqual(seen.every((headers) => headers.get("authorization") === `Basic ${btoa("u:p")}`), true);
      strictEqual(seenByOther[0]?.get("authorization"), null);
    });
  });
});
