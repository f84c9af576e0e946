import assert from "node:assert/strict";
import { startApiServer } from "../../lib/apiserver/mod.ts";
import { until } from "../support/until.ts";
import { ChaosProxy } from "./tcp_proxy.ts";

Deno.test("cutUnfinished() ends what froze in its handshake, which Deno would keep open for a client that is closed", async () => {
  const server = await startApiServer();
  const proxy = await ChaosProxy.start({ hostname: "127.0.0.1", port: Number(new URL(server.url).port) }, () => 0);
  const client = Deno.createHttpClient({ caCerts: [server.caCert], http2: false });
  const headers = { authorization: `Bearer ${server.token}` };
  const ask = (path: string) => fetch(`https://127.0.0.1:${proxy.port}${path}`, { client, headers });
  try {
    const watch = await ask("/api/v1/namespaces?watch=true&timeoutSeconds=1");
    proxy.freezeNew = true;
    const version = ask("/version");
    await until(() => proxy.open === 2, "another connection is begun");
    const [used, begun] = proxy.describeOpen();
    assert.match(used ?? "", /^no fault, \d+ bytes asked/);
    assert.match(begun ?? "", /^no fault, frozen, in its handshake, /);
    // The first one gets free, and takes the request that the second one was begun for.
    await watch.text();
    await (await version).text();
    client.close();
    assert.equal(proxy.open, 2);
    assert.equal(proxy.cutUnfinished(), 1);
    await until(() => proxy.open === 0, "the connection at rest is closed with its client");
  } finally {
    await proxy.close();
    await server.close();
  }
});
