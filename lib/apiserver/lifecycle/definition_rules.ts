/** What a CustomResourceDefinition must be before it is stored. */
import type { KubeObject } from "../../kube/mod.ts";
import { equalJson, isObject, type JsonObject } from "../json_value.ts";
import type { FieldError, SchemaEngine } from "../resource.ts";
import { parsePath } from "../table/mod.ts";
import { namesOf, specOf, versionsOf } from "./definition.ts";

const LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const APPROVED = "api-approved.kubernetes.io";

function error(reason: FieldError["reason"], field: string, message: string): FieldError {
  return { reason, field, message };
}

function invalid(field: string, value: unknown, why: string): FieldError {
  return error("FieldValueInvalid", field, `Invalid value: ${JSON.stringify(value)}: ${why}`);
}

/** Defaults of a definition, and the status that a new one begins with. */
export function prepareDefinition(definition: KubeObject, old: KubeObject | undefined): void {
  const spec = specOf(definition);
  const { singular, listKind } = namesOf(definition);
  spec.names = { ...(isObject(spec.names) ? spec.names : {}), singular, listKind };
  spec.conversion ??= { strategy: "None" };
  if (old !== undefined) return;
  definition.status = {
    conditions: null,
    acceptedNames: { plural: "", kind: "" },
    storedVersions: versionsOf(definition).filter((version) => version.storage === true).map((version) => version.name),
  };
}

/** Checks a definition that is to be created or updated. */
export function checkDefinition(
  engine: SchemaEngine,
  definition: KubeObject,
  old: KubeObject | undefined,
): FieldError[] {
  return [
    ...checkNames(definition),
    ...checkVersions(engine, definition),
    ...checkConversion(definition),
    ...(old === undefined ? [] : [...checkImmutable(definition, old), ...checkStoredVersions(definition, old)]),
  ];
}

function checkNames(definition: KubeObject): FieldError[] {
  const spec = specOf(definition);
  const group = String(spec.group ?? "");
  const { plural, kind, singular } = namesOf(definition);
  const errors: FieldError[] = [];
  const { name, annotations } = definition.metadata;
  if (name !== `${plural}.${group}`) {
    errors.push(invalid("metadata.name", name, 'must be spec.names.plural+"."+spec.group'));
  }
  if (group === "") errors.push(error("FieldValueRequired", "spec.group", "Required value"));
  else if (!group.includes(".")) errors.push(invalid("spec.group", group, "should be a domain with at least one dot"));
  if (/(^|\.)(k8s|kubernetes)\.io$/.test(group) && !annotations?.[APPROVED]) {
    errors.push(
      error(
        "FieldValueRequired",
        `metadata.annotations[${APPROVED}]`,
        `Required value: protected groups must have approval annotation "${APPROVED}"`,
      ),
    );
  }
  if (!["Namespaced", "Cluster"].includes(String(spec.scope))) {
    const supported = 'supported values: "Cluster", "Namespaced"';
    errors.push(
      error("FieldValueNotSupported", "spec.scope", `Unsupported value: "${String(spec.scope ?? "")}": ${supported}`),
    );
  }
  if (kind === "") errors.push(error("FieldValueRequired", "spec.names.kind", "Required value"));
  for (const [field, value] of [["plural", plural], ["singular", singular], ["kind", kind.toLowerCase()]] as const) {
    if (value !== "" && !LABEL.test(value)) {
      errors.push(invalid(`spec.names.${field}`, value, "must be a DNS-1035 label"));
    }
  }
  if (spec.preserveUnknownFields === true) {
    errors.push(
      invalid(
        "spec.preserveUnknownFields",
        true,
        "must be false in order to use defaults in the schema, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
      ),
    );
  }
  return errors;
}

function checkVersions(engine: SchemaEngine, definition: KubeObject): FieldError[] {
  const versions = versionsOf(definition);
  const errors: FieldError[] = [];
  if (versions.filter((version) => version.storage === true).length !== 1) {
    const names = versions.map((version) => version.name);
    errors.push(invalid("spec.versions", names, "must have exactly one version marked as storage version"));
  }
  versions.forEach((version, index) => {
    const path = `spec.versions[${index}]`;
    if (typeof version.name !== "string" || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(version.name)) {
      errors.push(invalid(`${path}.name`, version.name, "must be a DNS-1035 label"));
    }
    if (versions.findIndex((other) => other.name === version.name) !== index) {
      errors.push(error("FieldValueDuplicate", `${path}.name`, `Duplicate value: ${JSON.stringify(version.name)}`));
    }
    errors.push(...checkSchema(engine, version, path), ...checkColumns(version, path));
  });
  return errors;
}

function checkSchema(engine: SchemaEngine, version: JsonObject, path: string): FieldError[] {
  const schema = isObject(version.schema) ? version.schema.openAPIV3Schema : undefined;
  const field = `${path}.schema.openAPIV3Schema`;
  if (schema === undefined) return [error("FieldValueRequired", field, "Required value: schemas are required")];
  return engine.checkStructural(schema, field);
}

function checkColumns(version: JsonObject, path: string): FieldError[] {
  const columns = Array.isArray(version.additionalPrinterColumns)
    ? version.additionalPrinterColumns.filter(isObject)
    : [];
  return columns.flatMap((column, index) => {
    const field = `${path}.additionalPrinterColumns[${index}].jsonPath`;
    if (typeof column.jsonPath !== "string" || column.jsonPath === "") {
      return [error("FieldValueRequired", field, "Required value")];
    }
    try {
      parsePath(column.jsonPath);
      return [];
    } catch (cause) {
      if (cause instanceof SyntaxError) {
        return [invalid(field, column.jsonPath, `is an invalid JSONPath: ${cause.message}`)];
      }
      throw cause;
    }
  });
}

/** No webhook is ever called here, so a definition that needs one between served versions is refused, not half served. */
function checkConversion(definition: KubeObject): FieldError[] {
  const { conversion } = specOf(definition);
  const strategy = isObject(conversion) ? conversion.strategy : "None";
  if (strategy === undefined || strategy === "None") return [];
  if (strategy === "Webhook" && versionsOf(definition).length === 1) return [];
  return [
    error(
      "FieldValueNotSupported",
      "spec.conversion.strategy",
      `Unsupported value: ${
        JSON.stringify(strategy)
      }: supported values: "None" (the embedded API server calls no webhooks)`,
    ),
  ];
}

function checkImmutable(definition: KubeObject, old: KubeObject): FieldError[] {
  const [next, before] = [specOf(definition), specOf(old)];
  const [names, namesBefore] = [namesOf(definition), namesOf(old)];
  const pairs = [
    ["spec.group", next.group, before.group],
    ["spec.scope", next.scope, before.scope],
    ["spec.names.kind", names.kind, namesBefore.kind],
    ["spec.names.plural", names.plural, namesBefore.plural],
  ] as const;
  return pairs.filter(([, now, then]) => now !== then).map(([field, now]) => invalid(field, now, "field is immutable"));
}

/** Only a changed spec is held against the stored versions: whoever writes the status may say that they are migrated. */
function checkStoredVersions(definition: KubeObject, old: KubeObject): FieldError[] {
  if (equalJson(definition.spec, old.spec)) return [];
  const stored = isObject(definition.status) && Array.isArray(definition.status.storedVersions)
    ? definition.status.storedVersions
    : [];
  const versions = versionsOf(definition).map((version) => version.name);
  return stored.flatMap((name, index) =>
    versions.includes(name) ? [] : [
      invalid(
        `status.storedVersions[${index}]`,
        name,
        `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage ` +
          `migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
      ),
    ]
  );
}
