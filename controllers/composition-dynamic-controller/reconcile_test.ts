import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { startApiServer } from "../../lib/apiserver/mod.ts";
import { filter, firstValueFrom, Subject, timeout } from "../../lib/deps/rxjs.ts";
import type { RenderResult } from "../../lib/helm/mod.ts";
import {
  type ApiResource,
  type Change,
  createClient,
  isKubeError,
  keyOf,
  type KubeClient,
  type KubeObject,
  reflect,
  type Store,
} from "../../lib/kube/mod.ts";
import { createReporter, findCondition, type Result } from "../../lib/provider-runtime/mod.ts";
import type { Blueprint, Composition } from "./api.ts";
import { Children } from "./children.ts";
import { CompositionReconciler } from "./reconcile.ts";

const APPS: ApiResource = {
  group: "composition.krateo.io",
  version: "v1-0-0",
  kind: "App",
  plural: "apps",
  namespaced: true,
};
const WIDGETS: ApiResource = {
  group: "example.org",
  version: "v1",
  kind: "Widget",
  plural: "widgets",
  namespaced: true,
};
const CRDS: ApiResource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};
const SECRETS: ApiResource = { group: "", version: "v1", kind: "Secret", plural: "secrets", namespaced: true };
const CONFIG_MAPS: ApiResource = { ...SECRETS, kind: "ConfigMap", plural: "configmaps" };
const NAMESPACE = "default";

const CONFIG: KubeObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "one" }, data: { a: "b" } };
const WIDGET: KubeObject = { apiVersion: "example.org/v1", kind: "Widget", metadata: { name: "one" } };
/** A port that the API server refuses. */
const REFUSED: KubeObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "one" },
  spec: { ports: [{ port: -1 }] },
};

const BLUEPRINT: Blueprint = {
  definition: { name: "app", namespace: NAMESPACE },
  chartSpec: { url: "oci://example" },
  currentVersion: "v1-0-0",
  chart: () => {
    const metadata = { name: "app", version: "1.0.0" };
    const chart = { metadata, values: {}, templates: [], files: [], crds: [], dependencies: [] };
    return Promise.resolve({ chart, digest: "sha256:1", resolvedUrl: "" });
  },
};

/** A reconciler on an API server; the test says what its store knows and what its chart renders. */
class Bench {
  /** What the chart renders to. */
  objects: KubeObject[] = [CONFIG];
  renders = 0;
  readonly events: string[] = [];
  readonly #changes = new Subject<Change<Composition>>();
  readonly #store: Store<Composition> = reflect(this.#changes);
  readonly #reconciler: CompositionReconciler;
  readonly children: Children;

  constructor(readonly client: KubeClient) {
    this.#store.changes$.subscribe();
    this.#changes.next({ type: "reset" });
    this.#changes.next({ type: "synced", resourceVersion: "0" });
    const recorder = {
      record: ({ reason }: { reason: string }) => void this.events.push(reason),
      flush: () => Promise.resolve(),
    };
    this.children = new Children(client);
    this.#reconciler = new CompositionReconciler({
      client,
      kind: { resource: APPS, krateoNamespace: "krateo-system" },
      compositions: this.#store,
      blueprints: { of: () => BLUEPRINT },
      children: this.children,
      renderer: { render: () => Promise.resolve(this.#render()) },
      report: createReporter<Composition>({ client, resource: APPS, recorder }),
      recorder,
    });
  }

  #render(): RenderResult {
    this.renders++;
    const documents = this.objects.map((object) => ({ source: "app/templates/all.yaml", text: "", object }));
    return { documents, manifest: "", hooks: [], notes: "", crds: [], values: {}, lookups: [] };
  }

  /** Creates a composition that the store knows. */
  async create(spec: Record<string, unknown> = {}): Promise<Composition> {
    const object = {
      apiVersion: "composition.krateo.io/v1-0-0",
      kind: "App",
      metadata: { name: "one", namespace: NAMESPACE, labels: { "krateo.io/composition-version": "v1-0-0" } },
      spec,
    };
    return this.know(await this.client.create<Composition>(APPS, object));
  }

  /** The store hears of a state of the composition. */
  know(object: Composition): Composition {
    this.#changes.next({ type: "applied", object });
    return object;
  }

  live(): Promise<Composition> {
    return this.client.get<Composition>(APPS, "one", NAMESPACE);
  }

  /** The store catches up. */
  async catchUp(): Promise<Composition> {
    return this.know(await this.live());
  }

  pass(): Promise<Result | void> {
    return Promise.resolve(this.#reconciler.reconcile(`${NAMESPACE}/one`, new AbortController().signal));
  }

  /** A pass that fails. */
  async fails(): Promise<void> {
    await rejects(this.pass());
    await this.catchUp();
  }

  waiting(): string[] {
    return this.#reconciler.waiting();
  }

  /** Reason of `Ready`. */
  async ready(): Promise<string | undefined> {
    return findCondition((await this.live()).status?.conditions, "Ready")?.reason;
  }
}

function crd({ group, kind, plural, version }: ApiResource): KubeObject {
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: version, served: true, storage: true, schema, subresources: { status: {} } }],
    },
  };
}

/** Makes the server serve a kind. */
async function serve(client: KubeClient, resource: ApiResource): Promise<void> {
  const { metadata } = await client.create(CRDS, crd(resource));
  await firstValueFrom(
    client.watch(CRDS, { fieldSelector: `metadata.name=${metadata.name}` }).pipe(
      filter((change) => change.type === "applied" && JSON.stringify(change.object).includes('"Established"')),
      timeout(10_000),
    ),
  );
  client.discovery.invalidate();
}

function reconciling(name: string, work: (bench: Bench) => Promise<void>): void {
  Deno.test(`reconcile() ${name}`, async () => {
    const server = await startApiServer();
    const client = createClient(server.transport);
    try {
      await serve(client, APPS);
      const bench = new Bench(client);
      await work(bench);
      bench.children.close();
    } finally {
      client.close();
      await server.close();
    }
  });
}

reconciling("takes a new composition to Ready in one pass, and then has nothing to do", async (bench) => {
  await bench.create();
  strictEqual(await bench.pass(), undefined);
  const { status, metadata } = await bench.catchUp();
  strictEqual(await bench.ready(), "Available");
  deepStrictEqual(metadata.finalizers, ["composition.krateo.io/finalizer"]);
  strictEqual(status?.managed?.[0]?.namespace, NAMESPACE);
  deepStrictEqual(bench.events.filter((reason) => reason.startsWith("Composition")), ["CompositionCreated"]);
  strictEqual(await bench.pass(), undefined);
  deepStrictEqual([bench.renders, (await bench.live()).metadata.resourceVersion], [1, metadata.resourceVersion]);
});

reconciling("goes by its own writes where the store lags behind them", async (bench) => {
  await bench.create();
  await bench.pass();
  const before = await bench.live();
  await bench.pass();
  deepStrictEqual([bench.renders, await bench.live()], [1, before]);
});

reconciling("leaves the status alone where somebody else was faster", async (bench) => {
  const stale = await bench.create();
  await bench.client.patch(APPS, "one", NAMESPACE, "merge", { metadata: { labels: { x: "y" } } });
  await rejects(bench.pass(), (error) => isKubeError(error, "Conflict"));
  strictEqual((await bench.live()).status, undefined);
  strictEqual(keyOf(stale), `${NAMESPACE}/one`);
  await bench.catchUp();
  await bench.pass();
  strictEqual(await bench.ready(), "Available");
});

reconciling("does not try again what failed before its time, whatever wakes it", async (bench) => {
  bench.objects = [REFUSED];
  await bench.create();
  await bench.fails();
  strictEqual(await bench.ready(), "ApplyFailed");
  const { resourceVersion } = (await bench.live()).metadata;
  for (let i = 0; i < 3; i++) {
    const result = await bench.pass();
    ok(result?.requeueAfter && result.requeueAfter > 0 && result.requeueAfter <= 1_000, JSON.stringify(result));
  }
  deepStrictEqual([bench.renders, (await bench.live()).metadata.resourceVersion], [1, resourceVersion]);
});

reconciling("tries another wish at once", async (bench) => {
  bench.objects = [REFUSED];
  await bench.create();
  await bench.fails();
  bench.objects = [CONFIG];
  await bench.client.patch(APPS, "one", NAMESPACE, "merge", { spec: { a: 1 } });
  await bench.catchUp();
  strictEqual(await bench.pass(), undefined);
  deepStrictEqual([bench.renders, await bench.ready()], [2, "Available"]);
  deepStrictEqual(bench.events.filter((reason) => reason.startsWith("Composition")), ["CompositionCreated"]);
});

reconciling("goes on at once when a kind comes that was missing", async (bench) => {
  bench.objects = [WIDGET];
  await bench.create();
  await bench.fails();
  strictEqual(await bench.ready(), "MissingKinds");
  deepStrictEqual(bench.waiting(), [`${NAMESPACE}/one`]);
  ok((await bench.pass())?.requeueAfter);
  await serve(bench.client, WIDGETS);
  strictEqual(await bench.pass(), undefined);
  ok(await bench.client.find(WIDGETS, "one", NAMESPACE));
  deepStrictEqual(bench.waiting(), []);
});

reconciling("puts a deletion that fails off too, and lets go once it succeeds", async (bench) => {
  await bench.create();
  await bench.pass();
  const { status } = await bench.catchUp();
  const broken = `sh.helm.release.v1.${status?.releaseName}.v9`;
  await bench.client.create(SECRETS, {
    apiVersion: "v1",
    kind: "Secret",
    type: "helm.sh/release.v1",
    metadata: { name: broken, namespace: NAMESPACE, labels: { owner: "helm", name: status!.releaseName! } },
    data: { release: btoa("garbage") },
  });
  await bench.client.delete(APPS, "one", NAMESPACE);
  await bench.catchUp();
  await bench.fails();
  const { status: said } = await bench.live();
  strictEqual(findCondition(said?.conditions, "Ready")?.reason, "Deleting");
  strictEqual(findCondition(said?.conditions, "Synced")?.reason, "ReconcileError");
  ok((await bench.pass())?.requeueAfter);
  await bench.client.delete(SECRETS, broken, NAMESPACE);
  const again = new Bench(bench.client);
  again.know(await bench.live());
  strictEqual(await again.pass(), undefined);
  strictEqual(await bench.client.find(APPS, "one", NAMESPACE), undefined);
  strictEqual(await bench.client.find(CONFIG_MAPS, "one", NAMESPACE), undefined);
  again.children.close();
});

reconciling("of a composition that is no longer gracefully paused takes the note off, and upgrades", async (bench) => {
  const annotate = async (value: string | null) => {
    const metadata = { annotations: { "krateo.io/gracefully-paused": value } };
    await bench.client.patch(APPS, "one", NAMESPACE, "merge", { metadata });
    await bench.catchUp();
    await bench.pass();
    return await bench.catchUp();
  };
  const noted = ({ metadata }: Composition) => metadata.annotations?.["krateo.io/gracefully-paused-time"] !== undefined;
  await bench.create();
  await bench.pass();
  const held = await annotate("true");
  deepStrictEqual([noted(held), held.status?.revision], [true, 2]);
  await bench.client.patch(APPS, "one", NAMESPACE, "merge", { spec: { a: 1 } });
  await bench.catchUp();
  await bench.pass();
  strictEqual((await bench.catchUp()).status?.revision, 2);
  const resumed = await annotate(null);
  deepStrictEqual([noted(resumed), resumed.status?.revision], [false, 3]);
  const again = await annotate("true");
  deepStrictEqual([noted(again), again.status?.revision], [true, 4]);
});
