/** From rendered documents to objects on a cluster: resolution of kinds, namespaces, paths and metadata. */
import { type ApiResource, type Discovery, type KubeObject, resourcePath } from "../kube/mod.ts";
import type { MissingKind } from "./errors.ts";

/** An object of a release, resolved against the server's resources. */
export interface ReleaseObject {
  readonly resource: ApiResource;
  /** Set where the resource is namespaced, never elsewhere. */
  readonly namespace: string | undefined;
  readonly name: string;
  readonly object: KubeObject;
}

/** Identity of an object in a release: `group/Kind/namespace/name`. The version is not part of it. */
export function objectId(o: Pick<ReleaseObject, "resource" | "namespace" | "name">): string {
  return `${o.resource.group}/${o.resource.kind}/${o.namespace ?? ""}/${o.name}`;
}

/** The API path of an object, as in `status.managed[].path`. */
export function objectPath(o: Pick<ReleaseObject, "resource" | "namespace" | "name">): string {
  return resourcePath(o.resource, o.namespace, o.name);
}

/** Resolves documents against the server. Namespaced objects without a namespace get the release's. */
export async function resolveObjects(
  discovery: Discovery,
  documents: readonly Record<string, unknown>[],
  releaseNamespace: string,
): Promise<{ objects: ReleaseObject[]; missing: MissingKind[] }> {
  const objects: ReleaseObject[] = [];
  const missing = new Map<string, MissingKind>();
  for (const document of documents) {
    for (const object of flatten(document)) {
      const resource = await discovery.resourceFor(object.apiVersion, object.kind);
      if (resource) objects.push(resolved(resource, object, releaseNamespace));
      else missing.set(`${object.apiVersion} ${object.kind}`, { apiVersion: object.apiVersion, kind: object.kind });
    }
  }
  return { objects, missing: [...missing.values()] };
}

/** A `List` document stands for its items, as `kubectl` and Helm read it. */
function flatten(document: Record<string, unknown>): KubeObject[] {
  const items = document["items"];
  if (typeof document["kind"] === "string" && document["kind"].endsWith("List") && Array.isArray(items)) {
    return items.flatMap((item) => flatten(item as Record<string, unknown>));
  }
  return [document as KubeObject];
}

function resolved(resource: ApiResource, object: KubeObject, releaseNamespace: string): ReleaseObject {
  const name = object.metadata.name;
  if (!resource.namespaced) {
    const { namespace: _dropped, ...metadata } = object.metadata;
    return { resource, namespace: undefined, name, object: { ...object, metadata } };
  }
  const namespace = object.metadata.namespace || releaseNamespace;
  return { resource, namespace, name, object: { ...object, metadata: { ...object.metadata, namespace } } };
}

/** What marks an object as part of a release: Helm's own label and annotations, and the caller's labels. */
export interface Marks {
  readonly releaseName: string;
  readonly releaseNamespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The label and annotations by which Helm knows its objects. */
export const MANAGED_BY = "app.kubernetes.io/managed-by";
export const RELEASE_NAME = "meta.helm.sh/release-name";
export const RELEASE_NAMESPACE = "meta.helm.sh/release-namespace";

/** A copy of the object with the marks of its release. */
export function mark(object: KubeObject, marks: Marks): KubeObject {
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...object.metadata.labels, ...marks.labels, [MANAGED_BY]: "Helm" },
      annotations: {
        ...object.metadata.annotations,
        [RELEASE_NAME]: marks.releaseName,
        [RELEASE_NAMESPACE]: marks.releaseNamespace,
      },
    },
  };
}

/** Whether a live object carries the marks of the release. */
export function belongsTo(live: KubeObject, releaseName: string, releaseNamespace: string): boolean {
  return live.metadata.labels?.[MANAGED_BY] === "Helm" &&
    live.metadata.annotations?.[RELEASE_NAME] === releaseName &&
    live.metadata.annotations?.[RELEASE_NAMESPACE] === releaseNamespace;
}

/** Whether the live object asks to outlive its release (`helm.sh/resource-policy: keep`). */
export function isKept(object: KubeObject): boolean {
  return object.metadata.annotations?.["helm.sh/resource-policy"]?.trim().toLowerCase() === "keep";
}
