import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:https";
import { type HttpSettings, openHttp, retryAfter } from "./_http.ts";
import { isTlsFailure } from "./_tls.ts";
import { closedPort, contextWith, failure, ref, soon, withServer } from "./_testing.ts";
import { TEST_CA, TEST_CERTIFICATE, TEST_KEY } from "./tls_testing.ts";

const context = contextWith({ "auth/token": "t0p-secret\n", "auth/password": "pa:ss" });

/** Opens, sends one request, closes. */
async function post(url: string, settings: HttpSettings = {}, signal = AbortSignal.timeout(5_000), label?: string) {
  const client = await openHttp(settings, { url, ...(label !== undefined && { label }) }, context);
  try {
    return await client.send({ body: "x", signal, what: "deliver 1 event" });
  } finally {
    client.close();
  }
}

Deno.test("send() uses one connection for many requests and sends headers and credentials from Secrets", async () => {
  await withServer(() => new Response("ok"), async (url, seen) => {
    const client = await openHttp(
      {
        headers: { "X-Team": "a" },
        secretHeaders: [{ name: "X-Key", ...ref("token") }],
        auth: { basic: { username: "u", ...ref("password") } },
      },
      { url: `${url}/base/` },
      context,
    );
    for (const path of ["/a", "b?c=1"]) {
      const answer = await client.send({ body: path, path, signal: AbortSignal.timeout(5_000), what: "x" });
      assert.equal(answer.text, "ok");
    }
    client.close();
    assert.deepEqual(seen.map(({ path, body }) => [path, body]), [["/base/a", "/a"], [
      "/base/b?c=1",
      "b?c=1",
    ]]);
    assert.equal(new Set(seen.map(({ port }) => port)).size, 1);
    const { headers } = seen[0]!;
    assert.equal(headers.get("x-team"), "a");
    assert.equal(headers.get("x-key"), "t0p-secret");
    assert.equal(headers.get("authorization"), `Basic ${btoa("u:pa:ss")}`);
  });
});

Deno.test("send() turns each status into a reason and a wait", async () => {
  const rows: [status: number, headers: Record<string, string>, reason: string, wait: number | undefined][] = [
    [400, {}, "Refused", undefined],
    [401, {}, "Misconfigured", undefined],
    [403, {}, "Misconfigured", undefined],
    [404, {}, "Refused", undefined],
    [408, {}, "Unavailable", undefined],
    [413, {}, "Refused", undefined],
    [429, { "retry-after": "3" }, "Unavailable", 3_000],
    [500, {}, "Unavailable", undefined],
    [503, { "retry-after": "0" }, "Unavailable", 0],
    [302, { location: "http://127.0.0.1:1/" }, "Misconfigured", undefined],
  ];
  for (const [status, headers, reason, wait] of rows) {
    await withServer(() => new Response("because", { status, headers }), async (url) => {
      const error = await failure(post(url));
      assert.equal(error.reason, reason, String(status));
      assert.equal(error.retryAfter, wait, String(status));
      assert.match(error.message, new RegExp(`Cannot deliver 1 event to ${url}/: it answers ${status}`));
    });
  }
});

Deno.test("send() says Unavailable when nobody listens, the connection breaks or the signal aborts", async () => {
  assert.equal((await failure(post(`http://127.0.0.1:${closedPort()}`))).reason, "Unavailable");

  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept().then((connection) => connection.close());
  assert.equal((await failure(post(`http://127.0.0.1:${listener.addr.port}`))).reason, "Unavailable");
  await accepted;
  listener.close();

  const gate = Promise.withResolvers<Response>();
  await withServer(() => gate.promise, async (url) => {
    const error = await failure(post(url, {}, AbortSignal.timeout(50)));
    gate.resolve(new Response());
    assert.equal(error.reason, "Unavailable");
    assert.match(error.message, /no answer within the timeout/);
  });
});

Deno.test("send() names a certificate that is not trusted, and takes it by CA and name or when told to", async () => {
  const tls = { cert: TEST_CERTIFICATE, key: TEST_KEY };
  await withServer(() => new Response("ok"), async (url) => {
    const error = await failure(post(url));
    assert.equal(error.reason, "Misconfigured");
    assert.match(error.message, /TLS: .*certificate.*: check tls/);
    assert.equal((await post(url, { tls: { caCert: TEST_CA } })).text, "ok");
    const wrong = await failure(post(url, { tls: { caCert: TEST_CA, serverName: "other.test" } }));
    assert.equal(wrong.reason, "Misconfigured", wrong.message);
    assert.equal((await post(url, { tls: { caCert: TEST_CA, serverName: "kco.test" } })).text, "ok");
    assert.equal((await post(url, { tls: { insecureSkipVerify: true } })).text, "ok");
    assert.equal(isTlsFailure((await failure(post(`http://127.0.0.1:${closedPort()}`))).message), false);
  }, tls);
});

Deno.test("send() shows its certificate to a server that asks for one, and names the failure where it has none", async () => {
  const pair = { cert: TEST_CERTIFICATE, key: TEST_KEY };
  const server = createServer({ ...pair, ca: TEST_CA, requestCert: true, rejectUnauthorized: true }, (_, answer) => {
    answer.end("ok");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const url = `https://127.0.0.1:${address.port}`;
  try {
    for (const more of [{}, { serverName: "kco.test" }]) {
      const tls = { caCert: TEST_CA, clientCert: { secretRef: { name: "pair" } }, ...more };
      const client = await openHttp(
        { tls },
        { url },
        contextWith({ "pair/tls.crt": pair.cert, "pair/tls.key": pair.key }),
      );
      assert.equal((await client.send({ body: "x", signal: soon(), what: "x" })).text, "ok");
      client.close();
    }
    const error = await failure(post(url, { tls: { caCert: TEST_CA } }));
    assert.equal(error.reason, "Misconfigured", error.message);
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});

Deno.test("openHttp() refuses what cannot be used, without repeating secrets", async () => {
  const rows: [settings: HttpSettings, url: string, message: RegExp][] = [
    [{}, "ftp://example.com", /is no http or https URL/],
    [{}, "http://user:hunter2@example.com", /contains credentials/],
    [{ tls: { caCert: "nonsense" } }, "https://example.com", /is not PEM/],
    [{ headers: { "a b": "c" } }, "http://example.com", /header "a b"/],
    [{ headers: { "a": "hunter2\n\0x" } }, "http://example.com", /header "a"/],
  ];
  for (const [settings, url, message] of rows) {
    const error = await failure(openHttp(settings, { url }, context));
    assert.equal(error.reason, "Misconfigured");
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /hunter2/);
  }
});

Deno.test("send() shows the label instead of a URL that is a secret", async () => {
  const error = await failure(
    post(`http://127.0.0.1:${closedPort()}/T0/s3cr3t`, {}, AbortSignal.timeout(5_000), "127.0.0.1"),
  );
  assert.doesNotMatch(error.message, /s3cr3t/);
});

Deno.test("retryAfter() reads seconds and dates", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  assert.equal(retryAfter("120", now), 120_000);
  assert.equal(retryAfter("Thu, 01 Jan 2026 00:00:10 GMT", now), 10_000);
  assert.equal(retryAfter("Wed, 31 Dec 2025 00:00:10 GMT", now), 0);
  for (const value of [null, "", "soon"]) assert.equal(retryAfter(value, now), undefined);
});
