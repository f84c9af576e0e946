/** The resources of a group and version, in the three shapes that clients ask for. */
import type { Registry, ServedKind } from "../registry.ts";
import type { ResourceVersion } from "../resource.ts";
import { compareText, compareVersions } from "./version_order.ts";

/** A resource or subresource that a group and version has. */
export interface Discovered {
  readonly served: ServedKind;
  readonly version: ResourceVersion;
  readonly verbs: readonly string[];
  readonly subresources: readonly Subresource[];
}

/** A subresource, with the kind that its bodies have. */
export interface Subresource {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

const VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const OBJECT_VERBS = ["get", "patch", "update"];

/** A group and version with its resources. */
export interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly Discovered[];
}

/** Everything that is served, by group and version, built-in groups first, each group's preferred version first. */
export function groupVersions(registry: Registry): GroupVersion[] {
  const found = new Map<string, { group: string; version: string; resources: Discovered[] }>();
  for (const served of registry.kinds()) {
    for (const version of served.definition.versions) {
      if (!version.served) continue;
      const key = `${served.group}/${version.name}`;
      const entry = found.get(key) ?? { group: served.group, version: version.name, resources: [] };
      found.set(key, entry);
      entry.resources.push(discover(served, version));
    }
  }
  return [...found.values()].sort((left, right) =>
    groupRank(left.group) - groupRank(right.group) || compareText(left.group, right.group) ||
    compareVersions(left.version, right.version)
  );
}

/** The order of the built-in groups in the real server, by which clients resolve a name that several groups have. */
const GROUPS: readonly string[] = [
  "",
  "apiregistration.k8s.io",
  "apps",
  "events.k8s.io",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "networking.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "storage.k8s.io",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "scheduling.k8s.io",
  "coordination.k8s.io",
  "node.k8s.io",
  "discovery.k8s.io",
  "flowcontrol.apiserver.k8s.io",
];

/** Groups of definitions come after the built-in ones. */
function groupRank(group: string): number {
  const rank = GROUPS.indexOf(group);
  return rank < 0 ? GROUPS.length : rank;
}

function discover(served: ServedKind, version: ResourceVersion): Discovered {
  return { served, version, verbs: served.definition.verbs ?? VERBS, subresources: subresources(served, version) };
}

function subresources(served: ServedKind, version: ResourceVersion): Subresource[] {
  const own = { group: served.group, version: version.name, kind: served.kind };
  const found: Subresource[] = [];
  if (version.status) found.push({ name: "status", ...own, verbs: OBJECT_VERBS });
  if (version.scale !== undefined) {
    found.push({ name: "scale", group: "autoscaling", version: "v1", kind: "Scale", verbs: OBJECT_VERBS });
  }
  if (served.group === "" && served.plural === "pods") {
    found.push({ name: "eviction", group: "policy", version: "v1", kind: "Eviction", verbs: ["create"] });
  }
  if (served.group === "" && served.plural === "namespaces") {
    found.push({ name: "finalize", ...own, verbs: ["update"] });
  }
  return found;
}

/** An `APIResource` entry of a plain list. */
export function apiResources({ served, verbs, subresources }: Discovered): object[] {
  const { definition, plural, namespaced, kind } = served;
  return [
    {
      name: plural,
      singularName: definition.singular,
      namespaced,
      kind,
      verbs,
      ...(definition.shortNames.length > 0 ? { shortNames: definition.shortNames } : {}),
      ...(definition.categories.length > 0 ? { categories: definition.categories } : {}),
    },
    ...subresources.map((sub) => ({
      name: `${plural}/${sub.name}`,
      singularName: "",
      namespaced,
      ...(sub.group === served.group ? {} : { group: sub.group, version: sub.version }),
      kind: sub.kind,
      verbs: sub.verbs,
    })),
  ];
}

/** An `APIResourceDiscovery` entry of the aggregated form. */
export function aggregatedResource({ served, version, verbs, subresources }: Discovered): object {
  const { definition, plural, namespaced, kind, group } = served;
  return {
    resource: plural,
    responseKind: { group, version: version.name, kind },
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: definition.singular,
    verbs,
    ...(definition.shortNames.length > 0 ? { shortNames: definition.shortNames } : {}),
    ...(definition.categories.length > 0 ? { categories: definition.categories } : {}),
    ...(subresources.length === 0 ? {} : {
      subresources: subresources.map((sub) => ({
        subresource: sub.name,
        responseKind: { group: sub.group, version: sub.version, kind: sub.kind },
        verbs: sub.verbs,
      })),
    }),
  };
}
