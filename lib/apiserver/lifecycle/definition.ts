/** Reading a CustomResourceDefinition: from its JSON to a kind. */
import type { KubeObject } from "../../kube/mod.ts";
import type { StructuralSchema } from "../../schema/mod.ts";
import { compareVersions } from "../discovery/mod.ts";
import { isObject, type JsonObject } from "../json_value.ts";
import type { PrinterColumn, ResourceKind, ResourceVersion } from "../resource.ts";

/** Names of a definition, as its spec has them. */
export interface DefinitionNames {
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
}

function text(value: unknown, otherwise = ""): string {
  return typeof value === "string" ? value : otherwise;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The spec of a definition. */
export function specOf(definition: KubeObject): JsonObject {
  return isObject(definition.spec) ? definition.spec : {};
}

/** The versions of a definition, in its own order. */
export function versionsOf(definition: KubeObject): JsonObject[] {
  return objects(specOf(definition).versions);
}

/** The names of a definition, with those that default from others. */
export function namesOf(definition: KubeObject): DefinitionNames {
  const names = specOf(definition).names;
  const given = isObject(names) ? names : {};
  const kind = text(given.kind);
  return {
    plural: text(given.plural),
    singular: text(given.singular) || kind.toLowerCase(),
    kind,
    listKind: text(given.listKind) || `${kind}List`,
    shortNames: texts(given.shortNames),
    categories: texts(given.categories),
  };
}

/** The kind that a definition defines. The definition is valid. */
export function kindOfDefinition(definition: KubeObject): ResourceKind {
  const spec = specOf(definition);
  return {
    group: text(spec.group),
    ...namesOf(definition),
    namespaced: spec.scope === "Namespaced",
    versions: versionsOf(definition).map(versionOf).sort((left, right) => compareVersions(left.name, right.name)),
    origin: "crd",
  };
}

function versionOf(version: JsonObject): ResourceVersion {
  const subresources = isObject(version.subresources) ? version.subresources : {};
  const { scale } = subresources;
  const schema = isObject(version.schema) && isObject(version.schema.openAPIV3Schema)
    // Checked by the schema engine before the definition was stored.
    ? version.schema.openAPIV3Schema as StructuralSchema
    : undefined;
  return {
    name: text(version.name),
    served: version.served === true,
    storage: version.storage === true,
    schema: () => schema,
    columns: objects(version.additionalPrinterColumns).map(columnOf),
    status: isObject(subresources.status),
    selectableFields: objects(version.selectableFields).map((field) => text(field.jsonPath).replace(/^\./, "")),
    ...(isObject(scale) ? { scale: scaleOf(scale) } : {}),
    ...(version.deprecated === true ? { deprecated: true } : {}),
    ...(typeof version.deprecationWarning === "string" ? { deprecationWarning: version.deprecationWarning } : {}),
  };
}

function scaleOf(scale: JsonObject): NonNullable<ResourceVersion["scale"]> {
  return {
    specReplicasPath: text(scale.specReplicasPath),
    statusReplicasPath: text(scale.statusReplicasPath),
    ...(typeof scale.labelSelectorPath === "string" ? { labelSelectorPath: scale.labelSelectorPath } : {}),
  };
}

const TYPES: readonly PrinterColumn["type"][] = ["string", "integer", "number", "boolean", "date"];

function columnOf(column: JsonObject): PrinterColumn {
  return {
    name: text(column.name),
    type: TYPES.find((type) => type === column.type) ?? "string",
    jsonPath: text(column.jsonPath),
    ...(typeof column.format === "string" ? { format: column.format } : {}),
    ...(typeof column.description === "string" ? { description: column.description } : {}),
    ...(typeof column.priority === "number" ? { priority: column.priority } : {}),
  };
}
