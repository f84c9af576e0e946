/** Credentials that renew themselves: exec plugins, token files, a pod's service account. */
import assert from "node:assert/strict";
import { createServer } from "node:https";
import { createServer as createPlainServer } from "node:http";
import type { AddressInfo } from "node:net";
import { TLSSocket } from "node:tls";
import { VirtualClock } from "./_testing.ts";
import { CLIENTS, LOOPBACK_CA, LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from "./_testing_tls.ts";
import { inClusterContext } from "./connect.ts";
import { credentialsOf } from "./credentials.ts";
import type { ExecConfig, KubeContext, UserConfig } from "./kubeconfig.ts";
import { createRestClient } from "./rest_client.ts";

const GET = { method: "GET", path: "/version" } as const;

async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function contextOf(user: UserConfig, cluster: KubeContext["cluster"] = { server: "http://127.0.0.1:9" }): KubeContext {
  return { name: "test", cluster, user };
}

/** A plugin that prints what `file` holds, as the status of an `ExecCredential`. */
function plugin(file: string): ExecConfig {
  const code = `const status = JSON.parse(Deno.readTextFileSync(${JSON.stringify(file)}));` +
    `console.log(JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status }))`;
  return {
    apiVersion: "client.authentication.k8s.io/v1",
    command: Deno.execPath(),
    args: ["eval", code],
    env: {},
    provideClusterInfo: false,
  };
}

Deno.test("credentialsOf() runs an exec plugin again a minute before its token expires", () =>
  withFolder(async (folder) => {
    const clock = new VirtualClock();
    const file = `${folder}/status`;
    const say = (token: string, expiresIn: number) =>
      Deno.writeTextFile(
        file,
        JSON.stringify({ token, expirationTimestamp: new Date(clock.now() + expiresIn).toISOString() }),
      );
    const credentials = await credentialsOf(contextOf({ exec: plugin(file) }), clock);
    const token = async () => (await credentials.current()).authorization;
    await say("first", 120_000);
    assert.equal(await token(), "Bearer first");
    await say("second", 120_000);
    await clock.advance(59_000);
    assert.equal(await token(), "Bearer first");
    await clock.advance(2_000);
    assert.equal(await token(), "Bearer second");
  }));

Deno.test("RestClient opens new connections when its exec plugin renews the client certificate", () =>
  withFolder(async (folder) => {
    const clock = new VirtualClock();
    const file = `${folder}/status`;
    const say = ({ cert, key }: typeof CLIENTS[number]) =>
      Deno.writeTextFile(
        file,
        JSON.stringify({
          clientCertificateData: cert,
          clientKeyData: key,
          expirationTimestamp: new Date(clock.now() + 120_000).toISOString(),
        }),
      );
    const names: unknown[] = [];
    const server = createServer(
      { cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY, requestCert: true, rejectUnauthorized: false },
      ({ socket }, response) => {
        assert.ok(socket instanceof TLSSocket);
        names.push(socket.getPeerCertificate().subject?.CN);
        response.end("{}");
      },
    );
    const port = await listen(server);
    try {
      const cluster = { server: `https://127.0.0.1:${port}`, certificateAuthority: { data: LOOPBACK_CA } };
      await say(CLIENTS[0]);
      using client = await createRestClient(contextOf({ exec: plugin(file) }, cluster), { clock });
      await client.performRequest(GET);
      await say(CLIENTS[1]);
      await client.performRequest(GET);
      await clock.advance(61_000);
      await client.performRequest(GET);
      assert.deepEqual(names, ["client-one", "client-one", "client-two"]);
    } finally {
      await close(server);
    }
  }));

Deno.test("credentialsOf() reads a token file again once a minute", () =>
  withFolder(async (folder) => {
    const clock = new VirtualClock();
    const tokenFile = `${folder}/token`;
    await Deno.writeTextFile(tokenFile, "first\n");
    const credentials = await credentialsOf(contextOf({ tokenFile }), clock);
    const token = async () => (await credentials.current()).authorization;
    assert.equal(await token(), "Bearer first");
    await Deno.writeTextFile(tokenFile, "second\n");
    await clock.advance(60_000);
    assert.equal(await token(), "Bearer first");
    await clock.advance(1);
    assert.equal(await token(), "Bearer second");
  }));

Deno.test("inClusterContext() takes a pod's service account, whose token may rotate, over TLS", () =>
  withFolder(async (folder) => {
    let accepted = "first";
    const tokens: unknown[] = [];
    const server = createServer({ cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY }, ({ headers }, response) => {
      tokens.push(headers.authorization);
      response.statusCode = headers.authorization === `Bearer ${accepted}` ? 200 : 401;
      response.end("{}");
    });
    const port = await listen(server);
    const before = ["KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"].map((name) =>
      [name, Deno.env.get(name)] as const
    );
    try {
      Deno.env.set("KUBERNETES_SERVICE_HOST", "127.0.0.1");
      Deno.env.set("KUBERNETES_SERVICE_PORT", String(port));
      await Deno.writeTextFile(`${folder}/ca.crt`, LOOPBACK_CA);
      await Deno.writeTextFile(`${folder}/namespace`, "demo\n");
      await Deno.writeTextFile(`${folder}/token`, "first");
      const context = await inClusterContext(folder);
      assert.ok(context);
      using client = await createRestClient(context);
      assert.equal(client.defaultNamespace, "demo");
      await client.performRequest(GET);
      // The kubelet writes the next one, and the server takes no other any more.
      await Deno.writeTextFile(`${folder}/token`, "second");
      accepted = "second";
      await client.performRequest(GET);
      assert.deepEqual(tokens, ["Bearer first", "Bearer first", "Bearer second"]);
    } finally {
      for (const [name, value] of before) value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
      await close(server);
    }
  }));

Deno.test("RestClient goes through the proxy of proxy-url", async () => {
  const asked: (string | undefined)[] = [];
  const proxy = createPlainServer(({ url }, response) => {
    asked.push(url);
    response.end("{}");
  });
  const port = await listen(proxy);
  try {
    const cluster = { server: "http://cluster.invalid:6443/prefix", proxyUrl: `http://127.0.0.1:${port}` };
    using client = await createRestClient(contextOf({}, cluster));
    await client.performRequest(GET);
    assert.deepEqual(asked, ["http://cluster.invalid:6443/prefix/version"]);
  } finally {
    await close(proxy);
  }
});

interface Closable {
  listen(port: number, hostname: string, done: () => void): unknown;
  address(): AddressInfo | string | null;
  closeAllConnections(): void;
  close(done: () => void): unknown;
}

async function listen(server: Closable): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}

async function close(server: Closable): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(resolve));
}
