import assert from "node:assert/strict";
import { startApiServer } from "../../../lib/apiserver/mod.ts";
import { filter, firstValueFrom, NEVER, type Observable, Subject, timeout } from "../../../lib/deps/rxjs.ts";
import {
  type ApiResource,
  createClient,
  type KubeClient,
  type KubeObject,
  type KubeTransport,
} from "../../../lib/kube/mod.ts";
import { ObjectWatches } from "./object_watches.ts";
import { OWN_WATCHES } from "./scope.ts";
import type { Query, Sight } from "./sight.ts";

const CONFIG_MAPS: ApiResource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};

function query(name: string, more: Partial<Query> = {}): Query {
  return { apiVersion: "v1", kind: "ConfigMap", namespace: "default", which: { name }, user: undefined, ...more };
}

/** A server, a client, and the watches that it has open: their field selectors, `""` for one on the whole namespace. */
class Scene implements AsyncDisposable {
  readonly open: string[] = [];
  /** Refuses watches on the whole namespace. */
  narrow = false;
  private constructor(readonly client: KubeClient, readonly close: () => Promise<void>) {}

  static async start(): Promise<Scene> {
    const server = await startApiServer({});
    const inner = server.transport;
    const transport: KubeTransport = {
      performRequest: inner.performRequest.bind(inner),
      request: async (request, headers) => {
        const ours = request.path.endsWith("/configmaps") && request.method === "GET";
        const selector = request.querystring?.get("fieldSelector") ?? "";
        if (ours && scene.narrow && selector === "") {
          const status = { kind: "Status", apiVersion: "v1", status: "Failure", reason: "Forbidden", code: 403 };
          return { status: 403, headers: new Headers(), body: new Response(JSON.stringify(status)).body };
        }
        const isWatch = ours && request.querystring?.get("watch") === "true";
        if (isWatch) {
          scene.open.push(selector);
          request.abortSignal?.addEventListener("abort", () => scene.open.splice(scene.open.indexOf(selector), 1));
        }
        return await inner.request!(request, headers);
      },
    };
    const client = createClient(transport);
    const scene = new Scene(client, () => server.close());
    return scene;
  }

  async create(name: string): Promise<KubeObject> {
    return await this.client.create(CONFIG_MAPS, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: "default" },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    await this.close();
  }
}

async function until<T>(source: Observable<T>, isSo: (value: T) => boolean): Promise<T> {
  return await firstValueFrom(source.pipe(filter(isSo), timeout(10_000)));
}

const count = (n: number) => (sight: Sight) => sight.type === "seen" && sight.objects.length === n;

/** Looks at an object, and keeps looking. */
function look(watches: ObjectWatches, what: Query) {
  const sights: Sight[] = [];
  const news = new Subject<Sight>();
  const subscription = watches.sight$(what).subscribe((sight) => {
    sights.push(sight);
    news.next(sight);
  });
  const sees = async (isSo: (sight: Sight) => boolean) => {
    const last = sights.at(-1);
    if (last === undefined || !isSo(last)) await until(news, isSo);
  };
  return { sights, sees, away: () => subscription.unsubscribe() };
}

Deno.test("sight$() sees an object come, change and go", async () => {
  await using scene = await Scene.start();
  const watches = new ObjectWatches(scene.client, NEVER);
  const eye = look(watches, query("foo"));
  await eye.sees(count(0));
  await scene.create("foo");
  await eye.sees(count(1));
  await scene.client.delete(CONFIG_MAPS, "foo", "default");
  await eye.sees(count(0));
  eye.away();
});

Deno.test("sight$() shares a watch among all who look at an object, and ends it with the last", async () => {
  await using scene = await Scene.start();
  const watches = new ObjectWatches(scene.client, NEVER);
  const eyes = [query("foo"), query("foo"), query("foo")].map((what) => look(watches, what));
  for (const eye of eyes) await eye.sees(count(0));
  await scene.create("foo");
  for (const eye of eyes) await eye.sees(count(1));
  assert.deepEqual(scene.open, ["metadata.name=foo"]);
  for (const eye of eyes) eye.away();
  assert.deepEqual(scene.open, []);
});

Deno.test("sight$() watches the namespace once many objects of it are looked at, and nobody misses anything", async () => {
  await using scene = await Scene.start();
  const watches = new ObjectWatches(scene.client, NEVER);
  const names = Array.from({ length: OWN_WATCHES + 5 }, (_, i) => `c${i}`);
  const eyes = names.map((name) => look(watches, query(name)));
  for (const name of names) await scene.create(name);
  for (const eye of eyes) await eye.sees(count(1));
  assert.deepEqual(scene.open, [""]);
  for (const eye of eyes) eye.away();
  assert.deepEqual(scene.open, []);
});

Deno.test("sight$() goes back to watches by name where the namespace may not be watched", async () => {
  await using scene = await Scene.start();
  scene.narrow = true;
  const watches = new ObjectWatches(scene.client, NEVER);
  const names = Array.from({ length: OWN_WATCHES + 2 }, (_, i) => `c${i}`);
  const eyes = names.map((name) => look(watches, query(name)));
  for (const name of names) await scene.create(name);
  for (const eye of eyes) await eye.sees(count(1));
  for (const eye of eyes) eye.away();
});

Deno.test("sight$() says that a kind is not served, and finds it when it comes", async () => {
  await using scene = await Scene.start();
  const kindChanges$ = new Subject<void>();
  const watches = new ObjectWatches(scene.client, kindChanges$);
  const eye = look(watches, query("w", { apiVersion: "example.org/v1", kind: "Widget" }));
  await eye.sees(({ type }) => type === "unserved");
  const crds = {
    group: "apiextensions.k8s.io",
    version: "v1",
    kind: "CustomResourceDefinition",
    plural: "customresourcedefinitions",
    namespaced: false,
  };
  await scene.client.create<KubeObject>(crds, {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example.org" },
    spec: {
      group: "example.org",
      scope: "Namespaced",
      names: { kind: "Widget", plural: "widgets" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
    },
  });
  await until(
    scene.client.watch<KubeObject>(crds),
    (change) => change.type === "applied" && JSON.stringify(change.object["status"] ?? {}).includes('"Established"'),
  );
  scene.client.discovery.invalidate();
  kindChanges$.next();
  await eye.sees(count(0));
  eye.away();
});

Deno.test("sight$() sees all objects with certain labels", async () => {
  await using scene = await Scene.start();
  const watches = new ObjectWatches(scene.client, NEVER);
  const eye = look(watches, query("", { which: { labels: "app=web" } }));
  await eye.sees(count(0));
  for (const name of ["a", "b", "c"]) {
    const { metadata } = await scene.create(name);
    const labels = { app: name === "c" ? "db" : "web" };
    await scene.client.patch(CONFIG_MAPS, metadata.name, "default", "merge", { metadata: { labels } });
  }
  await eye.sees(count(2));
  eye.away();
});
