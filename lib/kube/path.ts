/** Where a resource lives on an API server, and how its objects are keyed. */
import type { ApiResource, KubeObject, ObjectKey } from "./types.ts";

/** `v1`, `apps/v1` … of a resource or kind. */
export function apiVersionOf(resource: { readonly group: string; readonly version: string }): string {
  return resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
}

/** Splits `apps/v1` into group and version; the group of `v1` is `""`. */
export function parseApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf("/");
  return slash < 0
    ? { group: "", version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** The URL path of a group and version: `/api/v1`, `/apis/apps/v1`. */
export function groupVersionPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/**
 * The URL path of a collection, of an object, or of its subresource.
 *
 *     resourcePath(deployments, "demo", "web", "status")  // /apis/apps/v1/namespaces/demo/deployments/web/status
 */
export function resourcePath(resource: ApiResource, namespace?: string, name?: string, subresource?: string): string {
  const scope = resource.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  const object = name === undefined ? "" : `/${encodeURIComponent(name)}`;
  const tail = subresource === undefined ? "" : `/${subresource}`;
  return `${groupVersionPath(apiVersionOf(resource))}${scope}/${resource.plural}${object}${tail}`;
}

/** `deployments.apps`, or `pods` for the core group: how roles and messages name a resource. */
export function resourceName(resource: Pick<ApiResource, "group" | "plural">): string {
  return resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
}

/** The key of an object within its resource: `namespace/name`, or `name` when cluster-scoped. */
export function keyOf(object: Pick<KubeObject, "metadata">): ObjectKey {
  return objectKey(object.metadata.name, object.metadata.namespace);
}

/** A key from its parts. */
export function objectKey(name: string, namespace?: string): ObjectKey {
  return namespace ? `${namespace}/${name}` : name;
}

/** The parts of a key. */
export function parseKey(key: ObjectKey): { readonly name: string; readonly namespace?: string } {
  const slash = key.indexOf("/");
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
