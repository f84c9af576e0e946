/** The objects that `dev` applies, and waiting for them. */
import type { CompositionDefinition } from "../../controllers/core-provider/mod.ts";
import type { Composition } from "../../controllers/composition-dynamic-controller/mod.ts";
import { filter, firstValueFrom, from, map, type Observable, takeUntil, timeout } from "../../lib/deps/rxjs.ts";
import {
  type ApiResource,
  type Condition,
  type KubeClient,
  type KubeObject,
  parseApiVersion,
} from "../../lib/kube/mod.ts";
import { findCondition } from "../../lib/provider-runtime/mod.ts";
import type { ChartSpec } from "../../lib/release/mod.ts";
import { CliError } from "../errors.ts";

/** The namespace of everything that `dev` makes. */
export const NAMESPACE = "demo";

/** A definition of a chart. */
export function definitionOf(chart: ChartSpec): CompositionDefinition {
  return {
    apiVersion: "core.krateo.io/v1alpha1",
    kind: "CompositionDefinition",
    metadata: { name: chart.repo ?? "chart", namespace: NAMESPACE },
    spec: { chart },
  };
}

/** A composition of the kind that a definition made. */
export function compositionOf(definition: CompositionDefinition, spec: Record<string, unknown>): Composition {
  const { apiVersion = "", kind = "" } = definition.status ?? {};
  return { apiVersion, kind, metadata: { name: "hello", namespace: NAMESPACE }, spec };
}

/** The resource of the kind that a definition made. */
export function generatedResource(definition: CompositionDefinition): ApiResource {
  const { apiVersion = "", kind = "", resource: plural = "" } = definition.status ?? {};
  return { ...parseApiVersion(apiVersion), kind, plural, namespaced: true };
}

/** An object whenever it changes. */
export function object$<T extends KubeObject>(client: KubeClient, resource: ApiResource, name: string): Observable<T> {
  return client.watch<T>(resource, { namespace: NAMESPACE, fieldSelector: `metadata.name=${name}` }).pipe(
    map((change) => change.type === "applied" ? change.object : undefined),
    filter((object) => object !== undefined),
  );
}

/** How to wait. */
export interface Waiting {
  /** ms since the epoch. */
  readonly deadline: number;
  /** Called with each new reason why an object is not ready, unless it is just on its way. */
  readonly tellWhy: (why: string) => void;
  /** Ends the waiting, which would keep the process alive. */
  readonly interrupted: Promise<unknown>;
}

/**
 * Resolves once the object, as it is now, is ready; rejects with its complaint when it is not in time.
 */
export async function whenReady<T extends KubeObject>(
  client: KubeClient,
  resource: ApiResource,
  name: string,
  { deadline, tellWhy, interrupted }: Waiting,
): Promise<T> {
  let last: string | undefined;
  const ready$ = object$<T>(client, resource, name).pipe(
    filter((object) => {
      const ready = currentReady(object);
      const why = ready && `${ready.reason}: ${ready.message}`;
      if (ready?.status === "False" && ready.reason !== "Creating" && why !== last) tellWhy(why!);
      last = why;
      return ready?.status === "True";
    }),
    timeout(Math.max(deadline - Date.now(), 1)),
    takeUntil(from(interrupted)),
  );
  try {
    return await firstValueFrom(ready$);
  } catch (error) {
    const why = last ?? "it has no condition Ready";
    throw new CliError("NotReady", `${resource.kind} "${name}" is not ready in time: ${why}`, { cause: error });
  }
}

/** `Ready`, unless it speaks of an older generation: with kept state it may. */
export function currentReady(object: KubeObject): Condition | undefined {
  const ready = findCondition(conditionsOf(object), "Ready");
  const { generation } = object.metadata;
  return (ready?.observedGeneration ?? generation) === generation ? ready : undefined;
}

/** The conditions of any object. */
export function conditionsOf(object: KubeObject): Condition[] {
  return (object["status"] as { conditions?: Condition[] } | undefined)?.conditions ?? [];
}
