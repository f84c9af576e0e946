/** A scene for tests: an API server in this process with the kinds of Patches, and the controller. */
import { type ApiServer, startApiServer } from "../../lib/apiserver/mod.ts";
import { filter, firstValueFrom, map, type Subscription, timeout } from "../../lib/deps/rxjs.ts";
import {
  type ApiResource,
  createClient,
  type EventInput,
  type KubeClient,
  type KubeObject,
} from "../../lib/kube/mod.ts";
import { findCondition, isTrue } from "../../lib/provider-runtime/mod.ts";
import { CRDS, NAMESPACED_PATCH_CRD, type Patch, PATCH_CRD, PATCHES, patchProvider, type PatchSpec } from "./mod.ts";

/** ConfigMaps. */
export const CONFIG_MAPS: ApiResource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};

/** A running controller on a server of its own. */
export class Scene implements AsyncDisposable {
  /** Events that the controller recorded: `reason: note`. */
  readonly events: string[] = [];
  /** Writes that the server was asked for, dry runs left out. */
  writes = 0;
  #running: Subscription | undefined;

  private constructor(readonly server: ApiServer, readonly client: KubeClient) {}

  /** Starts a server, installs the CRDs, and starts the controller unless told not to. */
  static async open({ start = true } = {}): Promise<Scene> {
    const count: { writes: number } = { writes: 0 };
    const server = await startApiServer({
      onRequest: ({ method }) => void (method === "GET" || count.writes++),
    });
    const scene = new Scene(server, createClient(server.transport));
    Object.defineProperty(scene, "writes", { get: () => count.writes });
    for (const crd of [PATCH_CRD, NAMESPACED_PATCH_CRD]) await scene.apply(crd);
    for (const { metadata } of [PATCH_CRD, NAMESPACED_PATCH_CRD]) {
      await scene.until(
        CRDS,
        metadata.name,
        (crd) => isTrue((crd["status"] as Patch["status"])?.conditions, "Established"),
      );
    }
    scene.client.discovery.invalidate();
    if (start) scene.start();
    return scene;
  }

  /** Starts the controller. */
  start(): void {
    const recorder = {
      record: ({ reason, note }: EventInput) => void this.events.push(`${reason}: ${note}`),
      flush: () => Promise.resolve(),
    };
    this.#running = patchProvider({ client: this.client, recorder }).subscribe();
  }

  /** Stops the controller. */
  stop(): void {
    this.#running?.unsubscribe();
  }

  /** Applies an object, as `kubectl apply --server-side` of somebody else. */
  async apply<T extends KubeObject>(object: T, fieldManager = "test", force = true): Promise<T> {
    const resource = await this.client.discovery.resourceFor(object.apiVersion, object.kind);
    if (resource === undefined) throw new Error(`The server serves no ${object.kind}`);
    const namespace = resource.namespaced ? { namespace: object.metadata.namespace ?? "default" } : {};
    const metadata = { ...object.metadata, ...namespace };
    return await this.client.apply(resource, { ...object, metadata }, { force, fieldManager });
  }

  /** A ConfigMap, created plainly. */
  async config(name: string, data: Record<string, string>): Promise<KubeObject> {
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data };
    return await this.client.create(CONFIG_MAPS, object, { fieldManager: "kubectl-create" });
  }

  /** A Patch. */
  async patch(name: string, spec: PatchSpec): Promise<Patch> {
    return await this.apply<Patch>({ apiVersion: "krateo.io/v1alpha1", kind: "Patch", metadata: { name }, spec });
  }

  /** Waits until an object satisfies a condition. */
  async until<T extends KubeObject>(
    resource: ApiResource,
    name: string,
    isSo: (object: T) => boolean,
    namespace: string | undefined = resource.namespaced ? "default" : undefined,
  ): Promise<T> {
    let last: T | undefined;
    const options = { fieldSelector: `metadata.name=${name}`, ...(namespace === undefined ? {} : { namespace }) };
    const object$ = this.client.watch<T>(resource, options).pipe(
      map((change) => change.type === "applied" ? last = change.object : undefined),
      filter((object) => object !== undefined && isSo(object)),
      timeout(10_000),
    );
    try {
      return (await firstValueFrom(object$))!;
    } catch (error) {
      throw new Error(`${resource.kind} "${name}" never got there; last: ${JSON.stringify(last)}`, { cause: error });
    }
  }

  /** Waits until a Patch says a reason of its condition `Ready` about its present generation. */
  async says(name: string, reason: string, resource: ApiResource = PATCHES): Promise<Patch> {
    return await this.until<Patch>(resource, name, ({ metadata, status }) => {
      const ready = findCondition(status?.conditions, "Ready");
      return ready?.reason === reason && ready.observedGeneration === metadata.generation;
    });
  }

  /** Waits until a ConfigMap holds just this. */
  async holds(name: string, data: Record<string, string>): Promise<KubeObject> {
    const text = (value: unknown) => JSON.stringify(Object.entries(value ?? {}).sort());
    return await this.until(CONFIG_MAPS, name, (object) => text(object["data"]) === text(data));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    this.client.close();
    await this.server.close();
  }
}

/** The reference to a ConfigMap in `default`. */
export function config(name: string) {
  return { apiVersion: "v1", kind: "ConfigMap", name, namespace: "default" };
}
