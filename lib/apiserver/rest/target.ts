/** What a request's path names. */
import type { Registry, ServedKind } from "../registry.ts";
import type { ResourceVersion } from "../resource.ts";
import { noSuchResource } from "../status.ts";

/** The resource, object or part of an object that a request is about. */
export interface Target {
  readonly served: ServedKind;
  readonly version: ResourceVersion;
  /** Absent for cluster-scoped resources and for requests over all namespaces. */
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  /** What follows the subresource, e.g. of a proxy. */
  readonly rest: string;
}

/** A path below `/api/v1` or `/apis/GROUP/VERSION`, taken apart. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly namespace: string | undefined;
  readonly plural: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  readonly rest: string;
}

/** Sub-paths of a namespace that are its own subresources, not resources in it. */
const OF_NAMESPACES: readonly string[] = ["status", "finalize"];

/**
 * Takes a path apart.
 *
 * @returns `undefined` where the path is not about a resource.
 */
export function parseResourcePath(path: string): ResourcePath | undefined {
  const parts = path.split("/").filter((part) => part !== "").map(decodePart);
  const core = parts[0] === "api";
  if (!core && parts[0] !== "apis") return undefined;
  const [group = "", version, ...below] = core ? ["", ...parts.slice(1)] : parts.slice(1);
  if (version === undefined || below.length === 0) return undefined;
  const inNamespace = below[0] === "namespaces" && below.length > 2 && !OF_NAMESPACES.includes(below[2] ?? "");
  const [plural = "", name, subresource, ...rest] = inNamespace ? below.slice(2) : below;
  return {
    group,
    version,
    namespace: inNamespace ? below[1] : undefined,
    plural,
    name,
    subresource,
    rest: rest.join("/"),
  };
}

/** A malformed escape names nothing. */
function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw noSuchResource();
  }
}

/**
 * The target of a path among what is served now.
 *
 * @returns `undefined` where even the group and version are not served, which is no resource's fault.
 * @throws ApiError `NotFound`
 */
export function resolveTarget(registry: Registry, path: ResourcePath): Target | undefined {
  if (!isServed(registry, path)) return undefined;
  const served = registry.get(path.group, path.plural);
  const version = served?.served(path.version);
  if (served === undefined || version === undefined) throw noSuchResource();
  if (path.namespace !== undefined && !served.namespaced) throw noSuchResource();
  if (path.namespace === undefined && path.name !== undefined && served.namespaced) throw noSuchResource();
  const { namespace, name, subresource, rest } = path;
  return { served, version, namespace, name, subresource, rest };
}

function isServed(registry: Registry, { group, version }: ResourcePath): boolean {
  for (const kind of registry.kinds()) if (kind.group === group && kind.served(version) !== undefined) return true;
  return false;
}
