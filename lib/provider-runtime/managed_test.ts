/** The managed-resource loop on the embedded API server: each way that a reconcile can go, and what goes wrong on it. */
import assert from "node:assert/strict";
import { startApiServer } from "../apiserver/mod.ts";
import {
  type ApiResource,
  createClient,
  type EventInput,
  type KubeClient,
  type KubeTransport,
  type ObjectMeta,
} from "../kube/mod.ts";
import { type Case, CASES, CLOCK } from "./_managed_cases.ts";
import { crdOf } from "./define_operator/crd.ts";
import { Type } from "./define_operator/mod.ts";
import { MANAGED_FINALIZER, managedReconciler } from "./managed.ts";
import type { ExternalClient } from "./managed_types.ts";
import { retryAfterOf } from "./provider_error.ts";
import type { Conditioned } from "./report.ts";

const THING = { group: "example.org", version: "v1", kind: "Thing", scope: "Namespaced" } as const;
const THINGS: ApiResource = { group: "example.org", version: "v1", kind: "Thing", plural: "things", namespaced: true };
const CRDS: ApiResource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};
const server = { current: undefined as Awaited<ReturnType<typeof startApiServer>> | undefined };

Deno.test.beforeAll(async () => {
  server.current = await startApiServer();
  const spec = Type.Object({ size: Type.Optional(Type.Integer()) });
  await createClient(server.current.transport).create(CRDS, crdOf({ ...THING, spec }));
});

Deno.test.afterAll(() => server.current?.close());

for (const [index, scene] of CASES.entries()) {
  Deno.test(`managedReconciler() ${scene.name}`, async () => {
    const transport = server.current?.transport;
    assert.ok(transport);
    const client = createClient(transport);
    const object = await prepare(client, `thing-${index}`, scene);
    const events: EventInput[] = [];
    const { promise: waited, error } = await run(
      createClient(refusing(transport, scene.refuse)),
      object,
      scene,
      events,
    );
    const after = await client.find<Conditioned>(THINGS, object.metadata.name, "default");

    assert.equal(waited, scene.again);
    if (scene.error) assert.match(messageOf(error), scene.error);
    else assert.equal(error, undefined);
    if (scene.retryAfter !== undefined) assert.equal(retryAfterOf(error), scene.retryAfter);
    assert.equal(after === undefined, scene.gone ?? false);
    if (scene.conditions) assert.deepEqual(describe(after), scene.conditions);
    if (scene.events) assert.deepEqual(events.map(({ type, reason }) => `${type} ${reason}`), scene.events);
    for (const [name, value] of Object.entries(scene.annotated ?? {})) {
      assert.equal(after?.metadata.annotations?.[name], value, name);
    }
  });
}

Deno.test("managedReconciler() does nothing about an object that is gone", async () => {
  const client = createClient({
    performRequest: (): Promise<never> => Promise.reject(new Error("must not be called")),
  });
  const connect = () => Promise.reject(new Error("must not be called"));
  const reconcile = managedReconciler({ client, resource: THINGS, store: { get: () => undefined }, connect });
  assert.equal(await reconcile("default/x", new AbortController().signal), undefined);
});

async function prepare(client: KubeClient, name: string, scene: Case): Promise<Conditioned> {
  const { finalizers = [MANAGED_FINALIZER], annotations = {} } = scene;
  const metadata: ObjectMeta = {
    name,
    namespace: "default",
    finalizers: [...finalizers],
    annotations: { ...annotations },
  };
  const object = await client.create<Conditioned>(THINGS, {
    apiVersion: "example.org/v1",
    kind: "Thing",
    metadata,
    spec: {},
  });
  if (!scene.deleting) return object;
  await client.delete(THINGS, name, "default");
  return await client.get<Conditioned>(THINGS, name, "default");
}

async function run(
  client: KubeClient,
  object: Conditioned,
  scene: Case,
  events: EventInput[],
): Promise<{ promise?: number | undefined; error?: unknown }> {
  const nothing = () => Promise.resolve();
  const external: ExternalClient<Conditioned> = {
    observe: () => Promise.resolve(scene.observation ?? { exists: true }),
    create: nothing,
    update: nothing,
    delete: nothing,
    ...scene.external,
  };
  const reconcile = managedReconciler<Conditioned>({
    client,
    resource: THINGS,
    store: { get: () => object },
    connect: scene.connect ?? (() => Promise.resolve(external)),
    recorder: { record: (event) => events.push(event), flush: nothing },
    clock: CLOCK,
    ...scene.options,
  });
  try {
    const result = await reconcile("default/x", new AbortController().signal);
    return { promise: result?.requeueAfter };
  } catch (error) {
    return { error };
  }
}

/** The same server, but for requests that it refuses with `boom`. */
function refusing(transport: KubeTransport, refuse: Case["refuse"] = () => false): KubeTransport {
  return {
    performRequest: (): Promise<never> => Promise.reject(new Error("not used: the transport has `request`")),
    request: async (request, headers) => {
      const body = new TextDecoder().decode(request.bodyRaw);
      if (refuse(request, body)) {
        const status = {
          kind: "Status",
          apiVersion: "v1",
          status: "Failure",
          reason: "Invalid",
          message: "boom",
          code: 422,
        };
        return { status: 422, headers: new Headers(), body: new Response(JSON.stringify(status)).body };
      }
      const answer = await transport.request?.(request, headers);
      assert.ok(answer);
      return answer;
    },
  };
}

function describe(object: Conditioned | undefined): string[] {
  return (object?.status?.conditions ?? []).map(({ type, status, reason, message }) =>
    `${type}=${status} ${reason}${message && `: ${message}`}`
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
