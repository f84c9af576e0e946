/** A peer that is gone without a word: requests after the deadline must not go to its connection again. */
import { rejects, strictEqual } from "node:assert/strict";
import { startApiServer } from "../../lib/apiserver/mod.ts";
import { contextOf, createClient, createRestClient, isKubeError, parseKubeconfig } from "../../lib/kube/mod.ts";
import { ChaosProxy } from "../faults/tcp_proxy.ts";
import { NAMESPACES } from "../support/kinds.ts";

Deno.test("a client opens a new connection after a deadline on one that is half open", async () => {
  const server = await startApiServer();
  const proxy = await ChaosProxy.start({ hostname: "127.0.0.1", port: Number(new URL(server.url).port) }, () => 0);
  const kubeconfig = server.kubeconfig().replaceAll(server.url, `https://127.0.0.1:${proxy.port}`);
  const transport = await createRestClient(contextOf(parseKubeconfig(kubeconfig, "test")));
  const client = createClient(transport, { deadline: 2_000, retries: 0 });
  try {
    strictEqual((await client.get(NAMESPACES, "default")).metadata.name, "default");
    proxy.freezeAll();
    await rejects(client.get(NAMESPACES, "default"), (error) => isKubeError(error, "Deadline"));
    strictEqual((await client.get(NAMESPACES, "default")).metadata.name, "default");
  } finally {
    client.close();
    await proxy.close();
    await server.close();
  }
});
