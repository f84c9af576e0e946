import assert from "node:assert/strict";
import { TemplateSet } from "../../gotemplate/mod.ts";
import { sprigFunctions } from "../../gotemplate/functions/mod.ts";
import { ChartFetchError, createChartCache, fetchChart } from "./mod.ts";

const ARCHIVE = new TextEncoder().encode("an archive");

/** A CA, and a server's certificate and key, all PEM, made as a chart makes them. */
function certificates(): { readonly ca: string; readonly cert: string; readonly key: string } {
  const set = new TemplateSet({ functions: sprigFunctions() });
  set.parse(
    "certificates",
    `{{ $ca := genCA "test" 1 }}{{ $s := genSignedCert "localhost" (list "127.0.0.1") (list "localhost") 1 $ca }}` +
      `{{ dict "ca" $ca.Cert "cert" $s.Cert "key" $s.Key | toJson }}`,
  );
  return JSON.parse(set.execute("certificates", null));
}

const OWN = certificates();

async function withTlsServer(work: (url: string) => Promise<void>): Promise<void> {
  const settings = { hostname: "127.0.0.1", port: 0, cert: OWN.cert, key: OWN.key, onListen: () => {} };
  const server = Deno.serve(settings, (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/moved.tgz") return new Response("", { status: 302, headers: { location: "/a.tgz" } });
    return pathname === "/a.tgz" ? new Response(ARCHIVE) : new Response("", { status: 404 });
  });
  try {
    await work(`https://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

Deno.test("fetchChart() refuses a server whose certificate nobody vouches for, and says how to trust it", async () => {
  await withTlsServer(async (base) => {
    await assert.rejects(
      fetchChart({ url: `${base}/a.tgz` }, {}, createChartCache()),
      (error) =>
        error instanceof ChartFetchError && error.reason === "TLS" && error.retryAfter === undefined &&
        /name its CA, or set insecureSkipVerifyTLS/.test(error.message),
    );
  });
});

for (
  const [how, options] of [
    ["the CA is given", { caCert: OWN.ca }],
    ["certificates are not to be looked at", { insecureSkipVerifyTLS: true }],
  ] as const
) {
  Deno.test(`fetchChart() takes a chart from a server with a private CA when ${how}, through redirects too`, async () => {
    await withTlsServer(async (base) => {
      for (const path of ["a.tgz", "moved.tgz"]) {
        const { bytes, resolvedUrl } = await fetchChart({ url: `${base}/${path}` }, options, createChartCache());
        assert.deepEqual(bytes, ARCHIVE);
        assert.equal(resolvedUrl, `${base}/a.tgz`);
      }
      await assert.rejects(fetchChart({ url: `${base}/b.tgz` }, options, createChartCache()), /404 Not Found/);
    });
  });
}

Deno.test("fetchChart() refuses a server of another CA than the given one", async () => {
  await withTlsServer(async (base) => {
    await assert.rejects(
      fetchChart({ url: `${base}/a.tgz` }, { caCert: certificates().ca }, createChartCache()),
      (error) => error instanceof ChartFetchError && error.reason === "TLS",
    );
  });
});

Deno.test("fetchChart() does not send credentials on when it is redirected from https to http", async () => {
  const seen: (string | null)[] = [];
  const plain = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    seen.push(request.headers.get("authorization"));
    return new Response(ARCHIVE);
  });
  const location = `http://127.0.0.1:${plain.addr.port}/a.tgz`;
  const settings = { hostname: "127.0.0.1", port: 0, cert: OWN.cert, key: OWN.key, onListen: () => {} };
  const server = Deno.serve(settings, () => new Response("", { status: 302, headers: { location } }));
  try {
    const options = { caCert: OWN.ca, username: "u", password: "p" };
    await fetchChart({ url: `https://127.0.0.1:${server.addr.port}/a.tgz` }, options, createChartCache());
    assert.deepEqual(seen, [null]);
  } finally {
    await Promise.all([server.shutdown(), plain.shutdown()]);
  }
});
