import assert from "node:assert/strict";
import type { KubeList, KubeObject } from "../kube/mod.ts";
import { type ApiServer, type ApiServerOptions, startApiServer } from "./mod.ts";

const MAPS = "/api/v1/namespaces/default/configmaps";

async function withServer(options: ApiServerOptions, body: (server: ApiServer) => Promise<void>): Promise<void> {
  const server = await startApiServer(options);
  try {
    await body(server);
  } finally {
    await server.close();
  }
}

async function send<T = KubeObject>(
  { transport }: ApiServer,
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  contentType = "application/json",
): Promise<{ status: number; body: T }> {
  const answer = await transport.request?.({
    method,
    path,
    ...(body === undefined ? {} : { bodyRaw: new TextEncoder().encode(JSON.stringify(body)), contentType }),
  });
  assert.ok(answer !== undefined);
  return { status: answer.status, body: await new Response(answer.body as BodyInit).json() as T };
}

const map = (name: string, data: Record<string, string> = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 5000;
  while (!await condition()) {
    assert.ok(Date.now() < end, "the condition never came true");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

Deno.test("startApiServer() answers over HTTPS to its token only", async () => {
  await withServer({}, async ({ url, token, caCert }) => {
    const client = Deno.createHttpClient({ caCerts: [caCert] });
    try {
      const get = async (authorization?: string) => {
        const headers: HeadersInit = authorization === undefined ? {} : { authorization };
        const response = await fetch(`${url}${MAPS}`, { client, headers });
        return { status: response.status, body: await response.json() as KubeList };
      };
      assert.equal((await get()).status, 401);
      assert.equal((await get("Bearer wrong")).status, 401);
      const { status, body } = await get(`Bearer ${token}`);
      assert.deepEqual([status, body.kind], [200, "ConfigMapList"]);
    } finally {
      client.close();
    }
  });
});

Deno.test("startApiServer() is reachable by name and address, by its certificate", async () => {
  await withServer({}, async ({ url, caCert }) => {
    const client = Deno.createHttpClient({ caCerts: [caCert] });
    try {
      for (const host of ["127.0.0.1", "localhost"]) {
        const response = await fetch(`${url.replace("127.0.0.1", host)}/version`, { client });
        assert.equal((await response.json() as { major: string }).major, "1");
      }
    } finally {
      client.close();
    }
  });
});

Deno.test("startApiServer() tells onRequest about every request", async () => {
  const seen: string[] = [];
  await withServer(
    { onRequest: (request) => seen.push(`${request.method} ${request.path} ${request.status}`) },
    async (server) => {
      await send(server, "POST", MAPS, map("a"));
      await send(server, "GET", `${MAPS}/none`);
    },
  );
  assert.deepEqual(seen, [`POST ${MAPS} 201`, `GET ${MAPS}/none 404`]);
});

Deno.test("startApiServer() keeps its state in a directory", async () => {
  const data = await Deno.makeTempDir();
  try {
    let revision = "";
    await withServer({ data }, async (server) => {
      await send(server, "POST", MAPS, map("kept", { x: "1" }));
      await send(server, "POST", MAPS, map("removed"));
      await send(server, "DELETE", `${MAPS}/removed`);
      revision = (await send<KubeList>(server, "GET", MAPS)).body.metadata.resourceVersion ?? "";
    });
    await withServer({ data }, async (server) => {
      const { body } = await send(server, "GET", `${MAPS}/kept`);
      assert.deepEqual(body.data, { x: "1" });
      assert.equal((await send(server, "GET", `${MAPS}/removed`)).status, 404);
      const now = (await send<KubeList>(server, "GET", MAPS)).body.metadata.resourceVersion ?? "";
      assert.ok(Number(now) >= Number(revision), `${now} < ${revision}`);
    });
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});

Deno.test("startApiServer() refuses a directory that another server uses", async () => {
  const data = await Deno.makeTempDir();
  try {
    await withServer({ data }, async () => {
      await assert.rejects(startApiServer({ data }), /another server uses it/);
    });
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});

Deno.test("a watch from before the history gets 410", async () => {
  await withServer({ history: 2 }, async (server) => {
    const { body } = await send(server, "POST", MAPS, map("a"));
    for (let index = 0; index < 10; index++) await send(server, "POST", MAPS, map(`m${index}`));
    const query = new URLSearchParams({ watch: "1", resourceVersion: body.metadata.resourceVersion ?? "" });
    const stream = await server.transport.performRequest({
      method: "GET",
      path: MAPS,
      querystring: query,
      expectStream: true,
    });
    const line = JSON.parse(await new Response(stream as BodyInit).text()) as {
      type: string;
      object: { code: number };
    };
    assert.deepEqual([line.type, line.object.code], ["ERROR", 410]);
  });
});

Deno.test("a page from before the history gets 410", async () => {
  await withServer({ history: 2 }, async (server) => {
    for (let index = 0; index < 3; index++) await send(server, "POST", MAPS, map(`m${index}`));
    const first = await send<KubeList>(server, "GET", `${MAPS}?limit=1`);
    for (let index = 3; index < 12; index++) await send(server, "POST", MAPS, map(`m${index}`));
    const next = encodeURIComponent(first.body.metadata.continue ?? "");
    assert.equal((await send(server, "GET", `${MAPS}?limit=1&continue=${next}`)).status, 410);
  });
});

Deno.test("bookmarks come by the clock", async () => {
  await withServer({ bookmarkInterval: 5 }, async ({ transport }) => {
    const abort = new AbortController();
    const stream = await transport.performRequest({
      method: "GET",
      path: `${MAPS}?watch=1&allowWatchBookmarks=true&resourceVersion=0&fieldSelector=metadata.name%3Dnone`,
      expectStream: true,
      abortSignal: abort.signal,
    });
    const reader = stream.getReader();
    const { value } = await reader.read();
    assert.match(
      new TextDecoder().decode(value),
      /^\{"type":"BOOKMARK","object":\{"kind":"ConfigMap","apiVersion":"v1","metadata":\{"resourceVersion":"\d+"/,
    );
    abort.abort();
    await reader.cancel().catch(() => undefined);
  });
});

Deno.test("in-process watches can be read with a buffer of the reader's own, and end with the server", async () => {
  const server = await startApiServer();
  const stream = await server.transport.performRequest({
    method: "GET",
    path: `${MAPS}?watch=1&resourceVersion=0&fieldSelector=metadata.name%3Da`,
    expectStream: true,
  });
  const reader = stream.getReader({ mode: "byob" });
  await send(server, "POST", MAPS, map("a"));
  const { value } = await reader.read(new Uint8Array(4096));
  assert.match(new TextDecoder().decode(value), /^\{"type":"ADDED"/);
  const end = reader.read(new Uint8Array(4096));
  await server.close();
  assert.equal((await end).done, true);
});

Deno.test("performRequest() rejects with the Status of a failure", async () => {
  await withServer({}, async ({ transport }) => {
    await assert.rejects(transport.performRequest({ method: "GET", path: `${MAPS}/none` }), (error) => {
      assert.ok(error instanceof Error && "httpCode" in error && "status" in error);
      assert.equal(error.httpCode, 404);
      assert.equal((error.status as { reason: string }).reason, "NotFound");
      return true;
    });
  });
});

const TEMPLATE = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }] } };
const DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
const deployment = (template: object = TEMPLATE) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "d" },
  spec: { replicas: 2, selector: { matchLabels: { a: "b" } }, template },
});

interface Workload {
  status?: { readyReplicas?: number; conditions?: { type: string; status: string; reason: string; message: string }[] };
}

Deno.test("simulated workloads get ready, and say that they are simulated", async () => {
  await withServer({ simulateWorkloads: true, simulationDelay: 1 }, async (server) => {
    await send(server, "POST", DEPLOYMENTS, deployment());
    let found: Workload = {};
    await until(async () => {
      found = (await send(server, "GET", `${DEPLOYMENTS}/d`)).body as Workload;
      return found.status?.readyReplicas === 2;
    });
    await until(async () => {
      found = (await send(server, "GET", `${DEPLOYMENTS}/d`)).body as Workload;
      return found.status?.conditions?.find((item) => item.type === "Progressing")?.reason === "NewReplicaSetAvailable";
    });
    assert.ok(found.status?.conditions?.every((condition) => condition.message.includes("simulated")));
    const events = await send<KubeList>(server, "GET", "/api/v1/namespaces/default/events");
    assert.ok(events.body.items.length > 0);
    assert.ok(events.body.items.every((event) => String(event.message).includes("simulated")));
  });
});

Deno.test("a simulated Pod that fits no node stays pending", async () => {
  await withServer({ simulateWorkloads: true, simulationDelay: 1 }, async (server) => {
    const template = { ...TEMPLATE, spec: { ...TEMPLATE.spec, nodeSelector: { disk: "none" } } };
    await send(server, "POST", DEPLOYMENTS, deployment(template));
    await until(async () => {
      const pods = await send<KubeList>(server, "GET", "/api/v1/namespaces/default/pods");
      return pods.body.items.length === 2 &&
        pods.body.items.every((pod) =>
          (pod.status as { conditions?: { reason?: string }[] }).conditions?.[0]?.reason === "Unschedulable"
        );
    });
    const { body } = await send(server, "GET", `${DEPLOYMENTS}/d`);
    assert.equal((body as Workload).status?.readyReplicas, undefined);
  });
});

Deno.test("a workload that is not simulated stays as it was made", async () => {
  await withServer({}, async (server) => {
    await send(server, "POST", DEPLOYMENTS, deployment());
    const pods = await send<KubeList>(server, "GET", "/api/v1/namespaces/default/pods");
    assert.deepEqual(pods.body.items, []);
  });
});

Deno.test("subresources that need a node answer 501 and say why", async () => {
  await withServer({}, async (server) => {
    await send(server, "POST", "/api/v1/namespaces/default/pods", {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      spec: { containers: [{ name: "c", image: "i" }] },
    });
    const { status, body } = await send<{ message: string }>(server, "GET", "/api/v1/namespaces/default/pods/p/log");
    assert.equal(status, 501);
    assert.match(body.message, /runs no containers/);
  });
});
