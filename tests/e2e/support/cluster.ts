/** The cluster under test, from the environment that `run.ts` sets. */
import type { Composition } from "../../../controllers/composition-dynamic-controller/mod.ts";
import { type CompositionDefinition, DEFINITIONS } from "../../../controllers/core-provider/mod.ts";
import { filter, firstValueFrom, map, merge, of, timeout } from "../../../lib/deps/rxjs.ts";
import {
  type ApiResource,
  type Condition,
  connect,
  type KubeClient,
  type KubeObject,
  parseApiVersion,
} from "../../../lib/kube/mod.ts";
import { findCondition } from "../../../lib/provider-runtime/mod.ts";
import type { ChartSpec } from "../../../lib/release/mod.ts";

/** Core resources that tests read. */
export const CONFIG_MAPS: ApiResource = core("ConfigMap", "configmaps");
export const SECRETS: ApiResource = core("Secret", "secrets");
export const SERVICES: ApiResource = core("Service", "services");
export const EVENTS: ApiResource = core("Event", "events");
export const NAMESPACES: ApiResource = { ...core("Namespace", "namespaces"), namespaced: false };
export const DEPLOYMENTS: ApiResource = {
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  namespaced: true,
};
export const CRDS: ApiResource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};

function core(kind: string, plural: string): ApiResource {
  return { group: "", version: "v1", kind, plural, namespaced: true };
}

/** ms that anything may take on a busy machine. */
export const PATIENCE = 60_000;

/** A namespace of its own on the cluster under test, with what one does there. */
export class Bench {
  private constructor(readonly client: KubeClient, readonly namespace: string) {}

  /** Connects and makes the namespace. */
  static async open(name: string, kubeconfig = Deno.env.get("KCO_TEST_KUBECONFIG")!): Promise<Bench> {
    const client = await connect({ kubeconfig });
    const namespace = `e2e-${name}`;
    await client.apply(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    return new Bench(client, namespace);
  }

  close(): void {
    this.client.close();
  }

  /** Applies any object; namespaced ones land in the bench's namespace. */
  async apply<T extends KubeObject>(object: T, namespace: string | undefined = this.namespace): Promise<T> {
    const resource = await this.client.discovery.resourceFor(object.apiVersion, object.kind);
    if (!resource) throw new Error(`The server serves no ${object.apiVersion} ${object.kind}`);
    const metadata = { ...object.metadata, ...(resource.namespaced && namespace ? { namespace } : {}) };
    return await this.client.apply(resource, { ...object, metadata }, { force: true, fieldManager: "e2e" });
  }

  /** A definition of a chart. */
  async define(name: string, chart: ChartSpec): Promise<CompositionDefinition> {
    const definition = {
      apiVersion: "core.krateo.io/v1alpha1",
      kind: "CompositionDefinition",
      metadata: { name },
      spec: { chart },
    };
    return await this.apply<CompositionDefinition>(definition);
  }

  /** Waits until the definition is ready and returns the resource of its kind. */
  async defined(name: string): Promise<ApiResource> {
    const definition = await this.until<CompositionDefinition>(DEFINITIONS, name, (d) => {
      return ready(d)?.status === "True" && ready(d)?.observedGeneration === d.metadata.generation;
    });
    const { kind = "", resource: plural = "", apiVersion = "" } = definition.status!;
    return { ...parseApiVersion(apiVersion), kind, plural, namespaced: true };
  }

  /** Creates a composition. */
  async compose(resource: ApiResource, name: string, spec: Record<string, unknown>): Promise<Composition> {
    const apiVersion = `${resource.group}/${resource.version}`;
    const metadata = { name, namespace: this.namespace };
    return await this.client.create<Composition>(resource, { apiVersion, kind: resource.kind, metadata, spec }, {
      fieldManager: "e2e",
    });
  }

  /** Waits until an object satisfies a condition. */
  async until<T extends KubeObject>(resource: ApiResource, name: string, holds: (object: T) => boolean): Promise<T> {
    let last: T | undefined;
    const object$ = this.#watch<T>(resource, name).pipe(
      map((change) => change.type === "applied" ? last = change.object : undefined),
      filter((object) => object !== undefined && holds(object)),
      timeout(PATIENCE),
    );
    try {
      return (await firstValueFrom(object$))!;
    } catch (error) {
      throw new Error(`${resource.kind} "${name}" never got there; last: ${JSON.stringify(last?.["status"] ?? last)}`, {
        cause: error,
      });
    }
  }

  /** Waits until a composition is ready for its present generation. */
  ready(resource: ApiResource, name: string): Promise<Composition> {
    return this.until<Composition>(resource, name, (c) => {
      return ready(c)?.status === "True" && ready(c)?.observedGeneration === c.metadata.generation;
    });
  }

  /** Waits until the condition `Ready` has a reason. */
  notReady<T extends KubeObject>(resource: ApiResource, name: string, reason: string): Promise<T> {
    return this.until<T>(
      resource,
      name,
      (object) => ready(object)?.status === "False" && ready(object)?.reason === reason,
    );
  }

  /** Waits until an object is gone. */
  async gone(resource: ApiResource, name: string): Promise<void> {
    let there = false;
    const gone$ = this.#watch(resource, name).pipe(
      filter((change) => {
        if (change.type === "reset") there = false;
        if (change.type === "applied") there = true;
        return change.type === "deleted" || (change.type === "synced" && !there);
      }),
      timeout(PATIENCE),
    );
    await firstValueFrom(merge(gone$, of()));
  }

  /** Waits for an Event about an object. */
  async event(about: string, reason: string, note: RegExp = /(?:)/): Promise<string> {
    const event$ = this.client.watch<KubeObject>(EVENTS, { namespace: this.namespace }).pipe(
      map((change) => change.type === "applied" ? change.object as EventObject : undefined),
      filter((e) => e?.involvedObject?.name === about && e.reason === reason && note.test(e.message ?? "")),
      timeout(PATIENCE),
    );
    return (await firstValueFrom(event$))!.message ?? "";
  }

  #watch<T extends KubeObject>(resource: ApiResource, name: string) {
    return this.client.watch<T>(resource, {
      ...(resource.namespaced ? { namespace: this.namespace } : {}),
      fieldSelector: `metadata.name=${name}`,
    });
  }
}

interface EventObject extends KubeObject {
  involvedObject?: { name?: string };
  reason?: string;
  message?: string;
}

/** The condition `Ready`. */
export function ready(object: KubeObject): Condition | undefined {
  return findCondition((object["status"] as { conditions?: Condition[] } | undefined)?.conditions, "Ready");
}

/** Runs a scenario in a namespace of its own. */
export async function withBench(name: string, work: (bench: Bench) => Promise<void>): Promise<void> {
  const bench = await Bench.open(name);
  try {
    await work(bench);
  } finally {
    bench.close();
  }
}

/**
 * A scenario. What a scenario's own watches held is let go when they are unsubscribed, but the sockets close a moment later:
 * the product runs in another process, and the client's unit tests watch over leaks.
 */
export function scenario(name: string, run: (t: Deno.TestContext) => Promise<void>): void {
  Deno.test({ name, fn: run, sanitizeOps: false, sanitizeResources: false });
}
