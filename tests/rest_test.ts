/** All controllers in this process on the embedded API server: what they write when nothing happens, and when they start. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Composition } from "../controllers/composition-dynamic-controller/mod.ts";
import {
  type CompositionDefinition,
  coreProvider,
  CRDS,
  DEFINITION_CRD,
  DEFINITIONS,
  POLICIES,
} from "../controllers/core-provider/mod.ts";
import { startApiServer } from "../lib/apiserver/mod.ts";
import { debounceTime, filter, firstValueFrom, map, Subject, timeout } from "../lib/deps/rxjs.ts";
import { createRenderer } from "../lib/helm/mod.ts";
import {
  type ApiResource,
  createClient,
  createEventRecorder,
  type EventRecorder,
  type KubeClient,
  type KubeObject,
  type KubeRequest,
  type KubeTransport,
  parseApiVersion,
} from "../lib/kube/mod.ts";
import { isTrue } from "../lib/provider-runtime/mod.ts";
import { serve, webChart } from "./e2e/support/charts.ts";

const NAMESPACE = "demo";
/** ms until something that is waited for counts as never coming. */
const PATIENCE = 30_000;
/** ms without a request of the controllers that count as quiet. */
const QUIET = 1_000;

/** A transport that tells of every request. */
function listening(transport: KubeTransport, heard: (request: KubeRequest) => void): KubeTransport {
  const request = transport.request!.bind(transport);
  return {
    performRequest: transport.performRequest.bind(transport),
    request: (req, headers) => {
      heard(req);
      return request(req, headers);
    },
  };
}

/** Whether a request changes something. */
function isWrite({ method, querystring }: KubeRequest): boolean {
  return !["GET", "HEAD", "OPTIONS"].includes(method) && !querystring?.has("dryRun");
}

/** The controllers, running. */
interface Controllers {
  /** Every write so far, as `METHOD path`. */
  readonly writes: string[];
  /** Resolves once no request but watches was made for a while. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
}

function startControllers(transport: KubeTransport): Controllers {
  const writes: string[] = [];
  const requests$ = new Subject<void>();
  const client = createClient(listening(transport, (request) => {
    if (request.querystring?.has("watch")) return;
    requests$.next();
    if (isWrite(request)) writes.push(`${request.method} ${request.path}`);
  }));
  const renderer = createRenderer();
  const errors: unknown[] = [];
  const recorder = (controller: string): EventRecorder =>
    createEventRecorder(client, { controller, onError: (error) => errors.push(error) });
  const definitionEvents = recorder("kco.krateo.io/core-provider");
  const compositionEvents = recorder("kco.krateo.io/composition-dynamic-controller");
  const running = coreProvider({
    client,
    renderer,
    definitionEvents,
    compositionEvents,
    onError: (error) => errors.push(error),
  }).subscribe((outcome) => outcome.type === "failed" && errors.push(outcome.error));
  return {
    writes,
    quiet: async () => {
      const later = requests$.pipe(debounceTime(QUIET), timeout(PATIENCE));
      requests$.next();
      const calm = firstValueFrom(later);
      requests$.next();
      await calm;
    },
    stop: async () => {
      running.unsubscribe();
      await Promise.all([definitionEvents.flush(), compositionEvents.flush()]);
      await renderer.close();
      client.close();
      deepStrictEqual(errors, []);
    },
  };
}

/** Resolves with the object once it is ready. */
function ready<T extends CompositionDefinition | Composition>(
  client: KubeClient,
  resource: ApiResource,
  name: string,
): Promise<T> {
  return firstValueFrom(
    client.watch<T>(resource, { namespace: NAMESPACE, fieldSelector: `metadata.name=${name}` }).pipe(
      map((change) => change.type === "applied" ? change.object : undefined),
      filter((object) => object !== undefined && isTrue(object.status?.conditions, "Ready")),
      map((object) => object!),
      timeout(PATIENCE),
    ),
  );
}

async function apply(client: KubeClient, object: KubeObject): Promise<void> {
  const resource = await client.discovery.resourceFor(object.apiVersion, object.kind);
  await client.apply(resource!, object, { force: true });
}

/** A server with a kind of the example chart, ready, and controllers that made it so. */
async function scene(
  work: (client: KubeClient, transport: KubeTransport, controllers: Controllers, kind: ApiResource) => Promise<void>,
) {
  await using stack = new AsyncDisposableStack();
  const server = await startApiServer({ simulateWorkloads: true, simulationDelay: 5 });
  stack.defer(() => server.close());
  const client = createClient(server.transport);
  stack.defer(() => client.close());
  const charts = await serve([webChart("rest")]);
  stack.defer(() => charts.close());
  await apply(client, { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
  for (const object of [DEFINITION_CRD, ...POLICIES]) await apply(client, object);
  const controllers = startControllers(server.transport);
  stack.defer(() => controllers.stop());
  await apply(client, {
    apiVersion: "core.krateo.io/v1alpha1",
    kind: "CompositionDefinition",
    metadata: { name: "rest", namespace: NAMESPACE },
    spec: { chart: { url: charts.repository, repo: "rest" } },
  });
  const { status } = await ready<CompositionDefinition>(client, DEFINITIONS, "rest");
  const kind = {
    ...parseApiVersion(status!.apiVersion!),
    kind: status!.kind!,
    plural: status!.resource!,
    namespaced: true,
  };
  await work(client, server.transport, controllers, kind);
}

/** Creates compositions and waits until they are ready. */
async function compose(client: KubeClient, resource: ApiResource, count: number): Promise<Composition[]> {
  return await Promise.all(Array.from({ length: count }, async (_, i) => {
    const metadata = { name: `c${i}`, namespace: NAMESPACE };
    const apiVersion = `${resource.group}/${resource.version}`;
    await client.create(resource, { apiVersion, kind: resource.kind, metadata, spec: { owner: "me" } });
    return await ready<Composition>(client, resource, metadata.name);
  }));
}

Deno.test("ten compositions at rest: nothing is written", () =>
  scene(async (client, _transport, controllers, kind) => {
    await compose(client, kind, 10);
    await controllers.quiet();
    ok(controllers.writes.length > 10, "the writes of the installation are counted");
    const before = controllers.writes.length;
    // Nothing can be awaited that must not happen: two quiet spells longer than every delay of the controllers.
    await controllers.quiet();
    await controllers.quiet();
    deepStrictEqual(controllers.writes.slice(before), []);
  }));

Deno.test("controllers that start again find everything as it should be: nothing is written, no condition flickers", () =>
  scene(async (client, transport, controllers, kind) => {
    await compose(client, kind, 3);
    await controllers.quiet();
    const versions = async () => {
      const { items } = await client.list<Composition>(kind, { namespace: NAMESPACE });
      return items.map((c) => c.metadata.resourceVersion);
    };
    const before = await versions();
    const again = startControllers(transport);
    try {
      await again.quiet();
      deepStrictEqual(again.writes, []);
      deepStrictEqual(await versions(), before);
    } finally {
      await again.stop();
    }
  }));

Deno.test("a status that somebody wrote does not reconcile its own object", () =>
  scene(async (client, _transport, controllers, kind) => {
    await compose(client, kind, 1);
    await controllers.quiet();
    const before = controllers.writes.length;
    await client.patch(kind, "c0", NAMESPACE, "merge", { status: { note: "by hand" } }, { subresource: "status" });
    await controllers.quiet();
    deepStrictEqual(controllers.writes.slice(before), []);
    strictEqual((await client.get<Composition>(kind, "c0", NAMESPACE)).status?.["note"], "by hand");
  }));

Deno.test("a version that somebody stopped to serve is served again, by one write", () =>
  scene(async (client, _transport, controllers, kind) => {
    await compose(client, kind, 1);
    await controllers.quiet();
    const before = controllers.writes.length;
    const name = `${kind.plural}.${kind.group}`;
    const crd = await client.get<KubeObject>(CRDS, name);
    const spec = crd["spec"] as { versions: { served: boolean }[] };
    const versions = spec.versions.map((version) => ({ ...version, served: false }));
    await client.replace(CRDS, { ...crd, spec: { ...spec, versions } });
    await controllers.quiet();
    deepStrictEqual(controllers.writes.slice(before).filter((write) => write.includes("customresourcedefinitions")), [
      `PUT /apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`,
    ]);
    ok(await client.find(kind, "c0", NAMESPACE), "the kind is served");
    strictEqual((await ready<Composition>(client, kind, "c0")).status?.revision, 1);
  }));
