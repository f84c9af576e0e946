/** The kinds that the server has from the start, as `kubectl api-resources` lists them. */
import type { KubeObject } from "../../kube/mod.ts";
import type { FieldError, PrinterColumn, ResourceKind, ResourceVersion } from "../resource.ts";
import { isObject } from "../json_value.ts";
import type { StructuralSchema } from "../../schema/mod.ts";
import { extendDefaults } from "../schema/mod.ts";
import { defaultsOf } from "./defaults.ts";
import { emptyStruct, tidy } from "./go_struct.ts";
import { builtinSchema } from "./structural.ts";

/** What is particular about a kind; the rest follows from its name. */
export interface Traits {
  readonly version?: string;
  readonly plural?: string;
  readonly short?: readonly string[];
  readonly categories?: readonly string[];
  readonly cluster?: boolean;
  readonly status?: boolean;
  readonly scale?: ResourceVersion["scale"];
  readonly columns?: readonly PrinterColumn[];
  readonly generation?: boolean;
  readonly verbs?: readonly string[];
  readonly selectable?: readonly string[];
  readonly prepare?: (object: KubeObject, old: KubeObject | undefined) => void;
  readonly check?: (object: KubeObject, old: KubeObject | undefined) => FieldError[];
  readonly storedAs?: ResourceKind["storedAs"];
  readonly toStorage?: ResourceVersion["toStorage"];
  readonly fromStorage?: ResourceVersion["fromStorage"];
}

/** Package of Go types of each group, with the version to be appended: it names the schemas. */
const PACKAGES: Readonly<Record<string, string>> = {
  "": "io.k8s.api.core",
  "apiextensions.k8s.io": "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
  "apiregistration.k8s.io": "io.k8s.kube-aggregator.pkg.apis.apiregistration",
};

/** The type that describes a kind, e.g. `io.k8s.api.rbac.v1.Role`. */
export function typeName(group: string, version: string, kind: string): string {
  const pkg = PACKAGES[group] ?? `io.k8s.api.${group.split(".")[0]}`;
  return `${pkg}.${version}.${kind}`;
}

/** Workloads are scaled through the same paths. */
export const REPLICAS: NonNullable<ResourceVersion["scale"]> = {
  specReplicasPath: ".spec.replicas",
  statusReplicasPath: ".status.replicas",
  labelSelectorPath: ".spec.selector",
};

const rootSchemas = new Map<string, StructuralSchema>();

/** The schema of a whole object of a kind, with the defaults that it cannot say. */
function rootSchema(group: string, version: string, kind: string): StructuralSchema {
  const name = typeName(group, version, kind);
  const known = rootSchemas.get(name);
  if (known !== undefined) return known;
  const schema = { ...builtinSchema(name) };
  const defaults = defaultsOf(group, kind);
  extendDefaults(schema, (object) => {
    if (!isObject(object)) return;
    tidy(schema, object);
    defaults(object);
  });
  rootSchemas.set(name, schema);
  return schema;
}

/** One version of a built-in kind. */
export function builtinVersion(group: string, kind: string, storage: boolean, traits: Traits): ResourceVersion {
  const name = traits.version ?? "v1";
  return {
    name,
    served: true,
    storage,
    schema: () => rootSchema(group, name, kind),
    columns: traits.columns ?? [],
    status: traits.status ?? false,
    ...(traits.scale === undefined ? {} : { scale: traits.scale }),
    ...(traits.selectable === undefined ? {} : { selectableFields: traits.selectable }),
    ...(traits.toStorage === undefined ? {} : { toStorage: traits.toStorage }),
    ...(traits.fromStorage === undefined ? {} : { fromStorage: traits.fromStorage }),
  };
}

/** A built-in kind with its one version, or with those that `versions` names, most preferred first. */
export function builtinKind(group: string, kind: string, traits: Traits, versions?: ResourceVersion[]): ResourceKind {
  const singular = kind.toLowerCase();
  return {
    group,
    kind,
    listKind: `${kind}List`,
    plural: traits.plural ?? pluralOf(singular),
    singular,
    shortNames: traits.short ?? [],
    categories: traits.categories ?? [],
    namespaced: traits.cluster !== true,
    versions: versions ?? [builtinVersion(group, kind, true, traits)],
    origin: "builtin",
    generation: traits.generation ?? false,
    ...(traits.verbs === undefined ? {} : { verbs: traits.verbs }),
    ...(traits.storedAs === undefined ? {} : { storedAs: traits.storedAs }),
    ...prepareWith(group, kind, traits),
    ...(traits.check === undefined ? {} : { check: traits.check }),
  };
}

/** A stored object has a status from the start, be it empty. Custom resource definitions get theirs from their controller. */
function prepareWith(group: string, kind: string, traits: Traits): Pick<ResourceKind, "prepare"> {
  const { prepare } = traits;
  if (traits.status !== true || kind === "CustomResourceDefinition") return prepare === undefined ? {} : { prepare };
  return {
    prepare: (object, old) => {
      if (old === undefined && object["status"] === undefined) {
        const schema = rootSchema(group, object.apiVersion.split("/").at(-1) ?? "v1", kind);
        const status = schema.properties?.["status"];
        if (isObject(status?.default)) object["status"] = emptyStruct(status);
      }
      prepare?.(object, old);
    },
  };
}

function pluralOf(singular: string): string {
  if (/(s|ss)$/.test(singular)) return `${singular}es`;
  return singular.endsWith("y") ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}
