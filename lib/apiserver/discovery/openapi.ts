/** OpenAPI v3: an index and a document per group and version, from the schemas of the kinds that are served. */
import { builtinComponents, builtinTypeName } from "../builtin/mod.ts";
import { isObject, type JsonObject } from "../json_value.ts";
import type { Registry } from "../registry.ts";
import { type Answer, jsonAnswer } from "../rest/exchange.ts";
import { resourceOperations } from "./openapi_paths.ts";
import type { Discovered, GroupVersion } from "./resources.ts";

const OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const LIST_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta";
const STATUS = "io.k8s.apimachinery.pkg.apis.meta.v1.Status";
const DELETE_OPTIONS = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions";

/** Builds documents on demand; the caller keeps the answers while the set of kinds stays. */
export class OpenApi {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** The index, or the document of `/openapi/v3/apis/GROUP/VERSION`. */
  answer(path: string, groups: readonly GroupVersion[]): Answer | undefined {
    if (path === "/openapi/v3") return jsonAnswer({ paths: this.#index(groups) });
    const found = groups.find((entry) => path === `/openapi/v3/${rootOf(entry)}`);
    return found === undefined ? undefined : jsonAnswer(documentOf(found));
  }

  /** Clients cache documents by their address, so it changes when the kinds of this server do. */
  #index(groups: readonly GroupVersion[]): JsonObject {
    const index: JsonObject = {};
    for (const entry of groups) {
      const root = rootOf(entry);
      index[root] = { serverRelativeURL: `/openapi/v3/${root}?hash=${this.#hash(entry)}` };
    }
    return index;
  }

  #hash({ resources }: GroupVersion): string {
    const marks = resources.map(({ served }) => `${served.plural}@${served.since}`).join(",");
    let hash = this.#registry.instance;
    for (let index = 0; index < marks.length; index++) hash = Math.imul(hash ^ marks.charCodeAt(index), 16777619) >>> 0;
    return hash.toString(16).padStart(8, "0").toUpperCase();
  }
}

function rootOf({ group, version }: GroupVersion): string {
  return group === "" ? `api/${version}` : `apis/${group}/${version}`;
}

function documentOf(entry: GroupVersion): JsonObject {
  const names: string[] = [OBJECT_META, LIST_META, STATUS, DELETE_OPTIONS];
  const own: JsonObject = {};
  const paths: JsonObject = {};
  for (const resource of entry.resources) {
    const name = componentName(resource);
    if (resource.served.definition.origin === "builtin") names.push(name);
    else own[name] = customComponent(resource);
    own[`${name}List`] = listComponent(resource, name);
    Object.assign(paths, resourceOperations(`/${rootOf(entry)}`, resource, name));
  }
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1.35.4" },
    paths,
    components: { schemas: { ...builtinComponents(names), ...own } },
  };
}

/** The name of a kind's schema: its Go type, or the group turned around, as the real server names them. */
function componentName({ served, version }: Discovered): string {
  if (served.definition.origin === "builtin") return builtinTypeName(served.group, version.name, served.kind);
  return `${served.group.split(".").reverse().join(".")}.${version.name}.${served.kind}`;
}

function kindOf({ served, version }: Discovered, kind = served.kind): JsonObject[] {
  return [{ group: served.group, kind, version: version.name }];
}

const TYPE_META: JsonObject = {
  apiVersion: {
    type: "string",
    description: "APIVersion defines the versioned schema of this representation of an object.",
  },
  kind: {
    type: "string",
    description: "Kind is a string value representing the REST resource this object represents.",
  },
};

function customComponent(resource: Discovered): JsonObject {
  const schema = resource.version.schema() ?? { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    ...schema,
    properties: {
      ...TYPE_META,
      ...(isObject(schema.properties) ? schema.properties : {}),
      metadata: {
        description: "Standard object's metadata.",
        allOf: [{ $ref: `#/components/schemas/${OBJECT_META}` }],
      },
    },
    "x-kubernetes-group-version-kind": kindOf(resource),
  };
}

function listComponent(resource: Discovered, item: string): JsonObject {
  return {
    type: "object",
    description: `${resource.served.definition.listKind} is a list of ${resource.served.kind}`,
    required: ["items"],
    properties: {
      ...TYPE_META,
      items: { type: "array", items: { allOf: [{ $ref: `#/components/schemas/${item}` }] } },
      metadata: { allOf: [{ $ref: `#/components/schemas/${LIST_META}` }] },
    },
    "x-kubernetes-group-version-kind": kindOf(resource, resource.served.definition.listKind),
  };
}
