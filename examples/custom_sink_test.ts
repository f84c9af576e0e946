import { deepEqual, rejects } from "node:assert/strict";
import {
  eventRouter,
  forgetful,
  registrationCrd,
  REGISTRATIONS,
  routerSettings,
} from "../controllers/eventrouter/mod.ts";
import { apiserver, createClient, type KubeClient, type KubeObject } from "../lib/mod.ts";
import { sinks, socket } from "./custom_sink.ts";

const EVENTS = { group: "", version: "v1", kind: "Event", plural: "events", namespaced: true };

/** Accepts one connection; resolves with its lines once there are so many. */
async function listen(path: string, count: number): Promise<string[]> {
  using listener = Deno.listen({ transport: "unix", path });
  const connection = await listener.accept();
  const buffer = new Uint8Array(65_536);
  let text = "";
  while (text.split("\n").length <= count) {
    const read = await connection.read(buffer);
    if (read === null) break;
    text += new TextDecoder().decode(buffer.subarray(0, read));
    await connection.write(new TextEncoder().encode("k"));
  }
  connection.close();
  return text.trim().split("\n");
}

async function register(client: KubeClient, path: string): Promise<void> {
  const crds = await client.discovery.resourceFor("apiextensions.k8s.io/v1", "CustomResourceDefinition");
  await client.apply(crds!, registrationCrd(sinks));
  const registration: KubeObject = {
    apiVersion: "eventrouter.krateo.io/v1alpha1",
    kind: "Registration",
    metadata: { name: "mine" },
    spec: { sink: { socket: { path } } },
  };
  for (const deadline = Date.now() + 10_000;;) {
    try {
      await client.apply(REGISTRATIONS, registration);
      return;
    } catch (error) {
      // The CRD takes a moment to be served.
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

Deno.test("a sink of one's own is part of the CRD and gets Events", async () => {
  const server = await apiserver.startApiServer();
  const client = createClient(server.transport);
  const folder = await Deno.makeTempDir();
  const path = `${folder}/events.sock`;
  await register(client, path);
  const received = listen(path, 1);
  const settings = routerSettings(() => undefined, "default", console.error);
  const drain = new AbortController();
  const ended = Promise.withResolvers<void>();
  eventRouter({ client, settings, sinks, checkpoint: forgetful, drain: drain.signal }).subscribe({
    complete: ended.resolve,
    error: ended.reject,
  });
  await client.create<KubeObject>(EVENTS, {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "hello", namespace: "default" },
    involvedObject: { namespace: "default" },
    message: "hello",
  });
  deepEqual((await received).map((line) => JSON.parse(line).body.message), ["hello"]);
  drain.abort();
  await ended.promise;
  client.close();
  await server.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("socket.open() says that nobody listens", async () => {
  const context = { name: "test", secret: () => Promise.reject(new Error("not asked for")) };
  await rejects(socket.open({ path: "/nowhere.sock" }, context), /Cannot connect to \/nowhere.sock/);
});
