import assert from "node:assert/strict";
import { apiserver, createClient, kube, type KubeObject, type KubeTransport } from "../lib/mod.ts";
import { ProxyRestClient } from "./foreign_rest_client.ts";

const MAPS = { group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", namespaced: true };

/** Fails to compile when a class with that `performRequest` is no transport any more. */
type IsTransport<T> = T extends KubeTransport ? true : false;
const isTransport: IsTransport<ProxyRestClient> = true;

Deno.test("a class with a foreign performRequest reads, writes, watches, and its errors are understood", async () => {
  assert.ok(isTransport);
  const server = await apiserver.startApiServer();
  // What `kubectl proxy` does: plain HTTP in front, credentials behind.
  const proxy = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const bodyRaw = await request.bytes();
    const answer = await server.transport.request?.({
      method: request.method as "GET",
      path: pathname,
      querystring: searchParams,
      contentType: request.headers.get("content-type") ?? "application/json",
      accept: request.headers.get("accept") ?? "application/json",
      ...(bodyRaw.length > 0 && { bodyRaw }),
    });
    return new Response(answer?.body as BodyInit, { status: answer?.status ?? 500 });
  });
  try {
    const client = createClient(new ProxyRestClient(`http://127.0.0.1:${proxy.addr.port}`));
    const seen = Promise.withResolvers<string>();
    const watching = client.watch<KubeObject>(MAPS, { namespace: "default" }).subscribe((change) => {
      if (change.type === "applied" && change.object.metadata.name === "a") seen.resolve(change.object.metadata.name);
    });
    const metadata = { name: "a", namespace: "default" };
    await client.create<KubeObject>(MAPS, { apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "1" } });
    assert.equal(await seen.promise, "a");
    watching.unsubscribe();
    assert.equal(
      (await client.list(MAPS, { namespace: "default" })).items.some(({ metadata }) => metadata.name === "a"),
      true,
    );
    await assert.rejects(client.get(MAPS, "b", "default"), (error) => kube.isKubeError(error, "NotFound"));
  } finally {
    await proxy.shutdown();
    await server.close();
  }
});
