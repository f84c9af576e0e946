/** Which resources a server has: aggregated discovery, with the plain one as fallback. */
import { type CallContext, callJson } from "./_call.ts";
import type { DefinitionBook } from "./_definitions.ts";
import type { Discovery } from "./client_types.ts";
import { fromThrown, isKubeError, KubeError } from "./errors.ts";
import { apiVersionOf, groupVersionPath } from "./path.ts";
import type { ApiResource } from "./types.ts";

/** {@linkcode Discovery} as the client itself needs it. */
export interface ServerDiscovery extends Discovery {
  /** Drop one resource that turned out to be gone. */
  forget(resource: ApiResource): void;
  /** Where a watch of CRDs says what it hears. */
  readonly book: DefinitionBook;
}

interface Snapshot {
  readonly versions: readonly ServedVersion[];
  readonly resources: readonly ApiResource[];
  /** By `apiVersion/kind`. */
  readonly byKind: Map<string, ApiResource>;
  readonly apiVersions: readonly string[];
}

type ServerVersion = Awaited<ReturnType<Discovery["serverVersion"]>>;

const AGGREGATED = ["v2", "v2beta1"]
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat("application/json").join(",");

/**
 * The discovery of one server. Nothing is fetched before it is asked for.
 *
 * While somebody watches all CRDs, what they serve is known from them, ahead of the server's own discovery documents.
 */
export function createDiscovery(context: CallContext): ServerDiscovery {
  /** What the server said, and that with what CRDs say. */
  let fetched: Snapshot | undefined;
  let known: Snapshot | undefined;
  /** What CRDs serve, by name; empty for one that serves nothing any more. */
  const defined = new Map<string, readonly ApiResource[]>();
  let followers = 0;
  let pending: Promise<Snapshot> | undefined;
  let version: Promise<ServerVersion> | undefined;

  const refresh = (): Promise<Snapshot> =>
    pending ??= fetchAll(context).then((snapshot) => {
      fetched = snapshot;
      return known = withDefinitions(snapshot, defined);
    }).finally(() => pending = undefined);

  const current = (): Snapshot | undefined => known ??= fetched && withDefinitions(fetched, defined);

  async function snapshot(): Promise<Snapshot> {
    return current() ?? await refresh();
  }

  function invalidate(): void {
    fetched = known = undefined;
    version = undefined;
  }

  return {
    async resourceFor(apiVersion, kind) {
      const key = `${apiVersion}/${kind}`;
      // A request under way may have been answered before the kind came; only one begun after this call proves absence.
      const underWay = pending;
      const found = findDefined(defined, key) ?? (current() ?? await underWay)?.byKind.get(key);
      if (found !== undefined) return found;
      if (underWay !== undefined) await underWay;
      return current()?.byKind.get(key) ?? (await refresh()).byKind.get(key);
    },
    resources: async () => (await snapshot()).resources,
    apiVersions: async () => (await snapshot()).apiVersions,
    async serverVersion() {
      const asked = version ??= fetchVersion(context);
      try {
        return await asked;
      } catch (error) {
        if (version === asked) version = undefined;
        throw error;
      }
    },
    invalidate,
    forget(resource) {
      known?.byKind.delete(`${apiVersionOf(resource)}/${resource.kind}`);
      defined.delete(`${resource.plural}.${resource.group}`);
    },
    book: {
      define(name, resources) {
        defined.set(name, resources);
        known = undefined;
      },
      invalidate,
      open: () => void followers++,
      close() {
        if (--followers > 0) return;
        defined.clear();
        invalidate();
      },
    },
  };
}

async function fetchVersion(context: CallContext): Promise<ServerVersion> {
  const version = await callJson(context, "get the server's version", { method: "GET", path: "/version" });
  if (!isRecord(version)) throw malformed("/version");
  return { gitVersion: text(version.gitVersion), major: text(version.major), minor: text(version.minor) };
}

async function fetchAll(context: CallContext): Promise<Snapshot> {
  const [core, groups] = await Promise.all([fetchRoot(context, "/api"), fetchRoot(context, "/apis")]);
  return index([...core, ...groups]);
}

/** One served version with its resources, subresources left out. */
interface ServedVersion {
  readonly apiVersion: string;
  readonly resources: readonly ApiResource[];
}

async function fetchRoot(context: CallContext, path: "/api" | "/apis"): Promise<ServedVersion[]> {
  const what = `discover the resources under ${path}`;
  const root = await callJson(context, what, { method: "GET", path, accept: AGGREGATED });
  if (!isRecord(root)) throw malformed(path);
  switch (root.kind) {
    case "APIGroupDiscoveryList":
      return records(root.items).flatMap(aggregatedGroup);
    case "APIVersions":
      return await plainVersions(context, strings(root.versions));
    case "APIGroupList":
      return await plainVersions(
        context,
        records(root.groups).flatMap((group) => records(group.versions).map((version) => text(version.groupVersion))),
      );
    default:
      throw malformed(path);
  }
}

function aggregatedGroup(group: Record<string, unknown>): ServedVersion[] {
  const name = isRecord(group.metadata) ? text(group.metadata.name) : "";
  return records(group.versions).map((entry) => {
    const version = text(entry.version);
    const resources = records(entry.resources).flatMap((resource): ApiResource[] => {
      const kind = isRecord(resource.responseKind) ? text(resource.responseKind.kind) : "";
      // A CRD that is not yet established is listed without a kind.
      if (kind === "") return [];
      return [{
        group: name,
        version,
        kind,
        plural: text(resource.resource),
        namespaced: resource.scope === "Namespaced",
      }];
    });
    return { apiVersion: apiVersionOf({ group: name, version }), resources };
  });
}

async function plainVersions(context: CallContext, apiVersions: readonly string[]): Promise<ServedVersion[]> {
  const all = await Promise.all(apiVersions.map((apiVersion) => plainVersion(context, apiVersion)));
  return all.filter((version) => version !== undefined);
}

/** A group whose aggregated server is down must not hide all the others. */
async function plainVersion(context: CallContext, apiVersion: string): Promise<ServedVersion | undefined> {
  const path = groupVersionPath(apiVersion);
  try {
    const list = await callJson(context, `discover the resources of ${apiVersion}`, { method: "GET", path });
    if (!isRecord(list)) throw malformed(path);
    const slash = apiVersion.indexOf("/");
    const group = apiVersion.slice(0, Math.max(slash, 0));
    const version = apiVersion.slice(slash + 1);
    const resources = records(list.resources)
      .filter((resource) => !text(resource.name).includes("/"))
      .map((resource) => ({
        group,
        version,
        kind: text(resource.kind),
        plural: text(resource.name),
        namespaced: resource.namespaced === true,
      }));
    return { apiVersion, resources };
  } catch (thrown) {
    const error = fromThrown(`discover the resources of ${apiVersion}`, thrown);
    if (isKubeError(error, "NotFound", "ServiceUnavailable")) return undefined;
    throw error;
  }
}

function index(versions: readonly ServedVersion[]): Snapshot {
  const resources = versions.flatMap((version) => version.resources);
  const byKind = new Map<string, ApiResource>();
  const apiVersions = new Set<string>();
  for (const version of versions) {
    apiVersions.add(version.apiVersion);
    for (const resource of version.resources) {
      const key = `${version.apiVersion}/${resource.kind}`;
      // The first resource of a kind is its main one (`Scale`, `Eviction` … come as subresources only).
      if (!byKind.has(key)) byKind.set(key, resource);
      apiVersions.add(key);
    }
  }
  return { versions, resources, byKind, apiVersions: [...apiVersions] };
}

function findDefined(defined: ReadonlyMap<string, readonly ApiResource[]>, key: string): ApiResource | undefined {
  for (const resources of defined.values()) {
    const found = resources.find((resource) => `${apiVersionOf(resource)}/${resource.kind}` === key);
    if (found !== undefined) return found;
  }
}

/** What the server said, but for what CRDs say themselves. */
function withDefinitions(fetched: Snapshot, defined: ReadonlyMap<string, readonly ApiResource[]>): Snapshot {
  if (defined.size === 0) return fetched;
  const own = ({ group, plural }: ApiResource) => defined.has(`${plural}.${group}`);
  const resources = new Map(fetched.versions.map(({ apiVersion, resources }) => [
    apiVersion,
    resources.filter((resource) => !own(resource)),
  ]));
  for (const resource of [...defined.values()].flat()) {
    const apiVersion = apiVersionOf(resource);
    resources.set(apiVersion, [...resources.get(apiVersion) ?? [], resource]);
  }
  const before = new Map(fetched.versions.map((version) => [version.apiVersion, version.resources.length]));
  return index(
    [...resources]
      .filter(([apiVersion, resources]) => resources.length > 0 || before.get(apiVersion) === 0)
      .map(([apiVersion, resources]) => ({ apiVersion, resources })),
  );
}

function malformed(path: string): KubeError {
  return new KubeError(`Cannot read the discovery document ${path}: the answer has an unknown kind`, {
    reason: "Malformed",
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
