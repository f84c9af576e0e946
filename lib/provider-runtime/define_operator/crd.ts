/** From a definition to its CustomResourceDefinition. */
import type { TObject } from "../../deps/typebox.ts";
import type { ApiResource, Json, KubeObject } from "../../kube/mod.ts";
import { DefinitionError } from "./definition_error.ts";
import { immutableRules } from "./immutable_rules.ts";
import { type StructuralSchema, structuralSchema } from "./structural_schema.ts";
import type { Column, OperatorDefinition } from "./types.ts";

/** The part of a definition that its CRD is made of. */
export type KindDefinition = Pick<
  OperatorDefinition<TObject, TObject, unknown>,
  | "group"
  | "version"
  | "kind"
  | "plural"
  | "scope"
  | "shortNames"
  | "categories"
  | "spec"
  | "status"
  | "immutable"
  | "columns"
>;

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const CONDITION_COLUMNS: readonly Column[] = ["Ready", "Synced"].map((type) => ({
  name: type.toUpperCase(),
  path: `.status.conditions[?(@.type=='${type}')].status`,
}));
const AGE: Column = { name: "AGE", path: ".metadata.creationTimestamp", type: "date" };

/**
 * The API resource of a definition.
 *
 * @throws {DefinitionError} `InvalidName`.
 */
export function resourceOf({ group, version, kind, plural, scope }: KindDefinition): ApiResource {
  const name = plural ?? pluralOf(kind);
  const valid = group.includes(".") && [...group.split("."), version, name].every((label) => LABEL.test(label)) &&
    /^[A-Z][A-Za-z0-9]*$/.test(kind);
  if (!valid) {
    throw new DefinitionError(
      "InvalidName",
      `Cannot define kind "${kind}", plural "${name}", of "${group}/${version}": a kind is CamelCase, a plural and a version are lower ` +
        `case letters and digits, a group is a domain such as "example.org"`,
    );
  }
  return { group, version, kind, plural: name, namespaced: scope === "Namespaced" };
}

/**
 * The CRD of a definition.
 *
 * @throws {DefinitionError}
 */
export function crdOf(definition: KindDefinition): KubeObject {
  const { group, version, kind, plural } = resourceOf(definition);
  const { scope, shortNames = [], categories = [], columns = [] } = definition;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        ...(shortNames.length > 0 && { shortNames }),
        ...(categories.length > 0 && { categories }),
      },
      versions: [{
        name: version,
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [...CONDITION_COLUMNS, ...columns, AGE].map(printerColumn),
        schema: { openAPIV3Schema: schemaOf(definition) },
      }],
    },
  };
}

function schemaOf({ spec, status, immutable = [] }: KindDefinition): StructuralSchema {
  const specSchema = structuralSchema(spec, "spec");
  const own = specSchema["x-kubernetes-validations"];
  const rules = [...(Array.isArray(own) ? own : []), ...immutableRules(specSchema, immutable)];
  const statusSchema: StructuralSchema = status === undefined ? {} : structuralSchema(status, "status");
  const { properties = {} } = statusSchema;
  return {
    type: "object",
    required: ["spec"],
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { type: "object" },
      spec: rules.length > 0 ? { ...specSchema, "x-kubernetes-validations": rules } : specSchema,
      // Nothing of a status is required: the first thing told may be that nothing is known.
      status: { type: "object", properties: { ...RUNTIME_STATUS, ...Object(properties) } },
    },
  };
}

/** What the managed-resource loop tells of every kind. */
const RUNTIME_STATUS: Readonly<Record<string, Json>> = {
  observedGeneration: { type: "integer", format: "int64" },
  lastHandledReconcileAt: { type: "string" },
  conditions: {
    type: "array",
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["type"],
    items: {
      type: "object",
      required: ["type", "status", "reason", "lastTransitionTime"],
      properties: {
        type: { type: "string" },
        status: { type: "string", enum: ["True", "False", "Unknown"] },
        reason: { type: "string" },
        message: { type: "string" },
        lastTransitionTime: { type: "string", format: "date-time" },
        observedGeneration: { type: "integer", format: "int64" },
      },
    },
  },
};

function printerColumn({ name, path, type = "string", description, priority }: Column): StructuralSchema {
  return {
    name,
    type,
    jsonPath: path,
    ...(description !== undefined && { description }),
    ...(priority !== undefined && { priority }),
  };
}

/** As Kubernetes guesses a resource's name from its kind. */
function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  if (name.endsWith("s")) return `${name}es`;
  return name.endsWith("y") ? `${name.slice(0, -1)}ies` : `${name}s`;
}
