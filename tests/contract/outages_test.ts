/** A controller that is refused, or whose kind goes away: it stays up, says so, and goes on when it can. */
import assert from "node:assert/strict";
import { startApiServer } from "../../lib/apiserver/mod.ts";
import {
  createClient,
  type KubeObject,
  type KubeRequest,
  type KubeResponse,
  type KubeTransport,
} from "../../lib/kube/mod.ts";
import { type Conditioned, defineOperator, type Manager, startManager, Type } from "../../lib/provider-runtime/mod.ts";
import { fastClock } from "../faults/fast_clock.ts";
import { CRDS, defineKind, thing, THINGS } from "../support/kinds.ts";
import { until } from "../support/until.ts";

/** What the operator has done, by object. */
const observed: string[] = [];
const operator = defineOperator({
  group: "example.org",
  version: "v1",
  kind: "Thing",
  scope: "Namespaced",
  spec: Type.Object({}),
  connect: () => undefined,
  observe: async ({ object }) => {
    observed.push(object.metadata.name);
    return { exists: true };
  },
  create: async () => {},
  update: async () => {},
  delete: async () => {},
});

/** Refuses to list or watch things while it is set, as RBAC does. */
class Refusing implements KubeTransport {
  refuses = false;
  /** Watches of things that are open. */
  watches = 0;

  constructor(private readonly inner: KubeTransport) {}

  performRequest(request: KubeRequest & { expectStream: true }): Promise<ReadableStream<Uint8Array>>;
  performRequest(request: KubeRequest): Promise<Uint8Array>;
  performRequest(): Promise<never> {
    return Promise.reject(new TypeError("not used"));
  }

  async request(request: KubeRequest): Promise<KubeResponse> {
    if (this.inner.request === undefined) throw new TypeError("the embedded transport has `request`");
    const list = request.method === "GET" && request.path.endsWith("/things");
    if (this.refuses && list) {
      const message =
        'things.example.org is forbidden: User "system:serviceaccount:kco:kco" cannot list resource "things" in ' +
        'API group "example.org" at the cluster scope';
      const body = { kind: "Status", apiVersion: "v1", status: "Failure", reason: "Forbidden", code: 403, message };
      return { status: 403, headers: new Headers(), body: new Response(JSON.stringify(body)).body };
    }
    const response = await this.inner.request(request);
    if (!list || request.querystring?.get("watch") !== "true" || response.status !== 200) return response;
    this.watches++;
    const closed = new TransformStream<Uint8Array, Uint8Array>({ flush: () => void this.watches-- });
    return { ...response, body: response.body && response.body.pipeThrough(closed) };
  }
}

async function scene(
  body: (scene: {
    transport: Refusing;
    client: ReturnType<typeof createClient>;
    manager: Manager;
    says: (pattern: RegExp) => Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  const server = await startApiServer();
  const client = createClient(server.transport);
  const transport = new Refusing(server.transport);
  observed.length = 0;
  const clock = fastClock(100);
  const managed = createClient(transport, { clock });
  const start = () =>
    startManager({ controllers: [operator.controller(managed, { clock })], port: 0, hostname: "127.0.0.1" });
  let manager: Manager | undefined;
  try {
    await defineKind(client, THINGS, operator.crd());
    manager = start();
    const { port } = manager;
    const readyz = async () => await (await fetch(`http://127.0.0.1:${port}/readyz`)).text();
    const says = (pattern: RegExp) => until(async () => pattern.test(await readyz()), `${pattern}`);
    await body({ transport, client, manager, says });
  } finally {
    await manager?.stop();
    await server.close();
  }
}

Deno.test("a controller that lacks a permission stays up, tells the rule to add in /readyz, and works when it has it", () =>
  scene(async ({ transport, client, says }) => {
    await says(/\[\+\] watch things\.example\.org ok/);
    transport.refuses = true;
    // Its watch is gone for good, as after a change of the server: it must list again, and may not.
    await client.delete(CRDS, "things.example.org");
    await says(
      /\[-\] watch things\.example\.org: Cannot (?:list|watch) .*403 Forbidden.*add to a ClusterRole of the caller: \{apiGroups: \[example\.org\], resources: \[things\], verbs: \[get, list, watch\]\}/,
    );
    await client.create(CRDS, operator.crd());
    transport.refuses = false;
    await says(/\[\+\] watch things\.example\.org ok/);
    await client.create(THINGS, thing({ name: "a" }));
    await until(async () => observed.includes("a"), "a is observed");
  }));

Deno.test("a kind that goes away ends its stream and forgets its objects, and both come again with it", () =>
  scene(async ({ transport, client, says }) => {
    await client.create(THINGS, thing({ name: "a" }));
    await until(async () => await isReady(client, "a"), "a is ready");
    await until(async () => transport.watches === 1, "one watch");
    const crd = await client.get<KubeObject>(CRDS, "things.example.org");
    // What holds the kind back is what the operator put on its objects.
    await client.patch(THINGS, "a", "default", "merge", { metadata: { finalizers: null } });
    await client.delete(CRDS, crd.metadata.name);
    await until(async () => await client.find(CRDS, crd.metadata.name) === undefined, "the kind is gone");
    await says(/\[-\] watch things\.example\.org: .*404 NotFound/);
    assert.equal(transport.watches, 0);

    observed.length = 0;
    await client.create(CRDS, operator.crd());
    await says(/\[\+\] watch things\.example\.org ok/);
    await until(async () => transport.watches === 1, "one watch again");
    await client.create(THINGS, thing({ name: "b" }));
    await until(async () => await isReady(client, "b"), "b is ready");
    assert.deepEqual([...new Set(observed)], ["b"]);
  }));

async function isReady(client: ReturnType<typeof createClient>, name: string): Promise<boolean> {
  const object = await client.find<Conditioned>(THINGS, name, "default");
  return object?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}
