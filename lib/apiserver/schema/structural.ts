/** What makes a CRD's schema structural; a CRD with any other is refused. */
import type { StructuralSchema } from "../../schema/mod.ts";
import { isObject, type JsonObject } from "../json_value.ts";
import type { FieldError } from "../resource.ts";
import { compileRule, RuleError, withRootFields } from "./cel/mod.ts";
import { applyDefaults } from "./defaults.ts";
import { forbidden, invalid, notSupported, required } from "./field_error.ts";
import { prune } from "./prune.ts";
import { cloneJson } from "../json_value.ts";
import { validate } from "./validate.ts";

const TYPES = ["array", "boolean", "integer", "number", "object", "string"];
const LIST_TYPES = ["atomic", "set", "map"];
const MAP_TYPES = ["atomic", "granular"];
const NEVER = ["$ref", "definitions", "dependencies", "additionalItems", "patternProperties", "id", "$schema"];
/** Below `allOf`, `anyOf`, `oneOf` and `not` only the value may be judged, not the structure told. */
const NOT_IN_LOGIC: Readonly<Record<string, string>> = {
  type: "empty",
  title: "empty",
  description: "empty",
  nullable: "false",
  default: "undefined",
  additionalProperties: "undefined",
};
const EXTENSIONS = [
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-map-type",
  "x-kubernetes-validations",
];

/** Checks the schema of a whole object. @param path of the schema in the CRD, e.g. `spec.versions[0].schema.openAPIV3Schema` */
export function checkStructural(schema: unknown, path: string): FieldError[] {
  if (!isObject(schema)) return [required(path, "schemas are required")];
  const errors: FieldError[] = [];
  node(schema, path, "root", errors);
  if (errors.length === 0) checkDefaults(schema, schema, path, errors);
  return errors;
}

type Place = "root" | "property" | "item" | "logic";

function node(schema: JsonObject, path: string, place: Place, errors: FieldError[]): void {
  for (const keyword of NEVER) {
    if (schema[keyword] !== undefined) errors.push(forbidden(`${path}.${keyword}`, `${keyword} is not supported`));
  }
  if (schema["uniqueItems"] === true) {
    errors.push(
      forbidden(
        `${path}.uniqueItems`,
        "uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
      ),
    );
  }
  if (place === "logic") logicOnly(schema, path, errors);
  else structure(schema, path, place, errors);
  extensions(schema, path, errors);
  rules(schema, place === "root" ? withRootFields(schema) : schema, path, errors);
  children(schema, path, place, errors);
}

function structure(schema: JsonObject, path: string, place: Place, errors: FieldError[]): void {
  const type = schema["type"];
  const open = schema["x-kubernetes-int-or-string"] === true || schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (type === undefined || type === "") {
    if (place === "root") errors.push(required(`${path}.type`, "must not be empty at the root"));
    else if (!open) {
      const where = place === "item" ? "for specified array items" : "for specified object fields";
      errors.push(required(`${path}.type`, `must not be empty ${where}`));
    }
  } else if (typeof type !== "string" || !TYPES.includes(type)) {
    errors.push(notSupported(`${path}.type`, type, TYPES));
  } else if (place === "root" && type !== "object") {
    errors.push(invalid(`${path}.type`, type, "must be object at the root"));
  }
  if (
    schema["additionalProperties"] !== undefined && isObject(schema["properties"]) &&
    schema["additionalProperties"] !== false
  ) {
    errors.push(forbidden(`${path}.additionalProperties`, "additionalProperties and properties are mutual exclusive"));
  }
  if (schema["additionalProperties"] === false) {
    errors.push(forbidden(`${path}.additionalProperties`, "additionalProperties cannot be set to false"));
  }
  if (place === "root" && schema["additionalProperties"] !== undefined && schema["additionalProperties"] !== false) {
    errors.push(forbidden(`${path}.additionalProperties`, "must not be used at the root"));
  }
  if (type === "array" && schema["items"] === undefined) errors.push(required(`${path}.items`, "must be specified"));
  if (place === "root") metadataOnly(schema, path, errors);
}

/** `metadata` is the server's own but for what a name may be. */
function metadataOnly(schema: JsonObject, path: string, errors: FieldError[]): void {
  const metadata = isObject(schema["properties"]) ? schema["properties"]["metadata"] : undefined;
  if (!isObject(metadata)) return;
  const { type: _, description: __, properties, ...rest } = metadata;
  const fields = isObject(properties) ? Object.keys(properties) : [];
  if (Object.keys(rest).length > 0 || fields.some((field) => field !== "name" && field !== "generateName")) {
    errors.push(
      forbidden(
        `${path}.properties[metadata]`,
        "must not specify anything other than name and generateName, but metadata is implicitly specified",
      ),
    );
  }
}

function logicOnly(schema: JsonObject, path: string, errors: FieldError[]): void {
  for (const [keyword, wanted] of Object.entries(NOT_IN_LOGIC)) {
    const value = schema[keyword];
    if (value === undefined || value === "" || value === false) continue;
    errors.push(forbidden(`${path}.${keyword}`, `must be ${wanted} to be structural`));
  }
  for (const extension of EXTENSIONS) {
    const value = schema[extension];
    if (value === undefined || value === false) continue;
    const message = value === true ? "must be false to be structural" : "must be undefined to be structural";
    errors.push(forbidden(`${path}.${extension}`, message));
  }
}

function extensions(schema: JsonObject, path: string, errors: FieldError[]): void {
  const listType = schema["x-kubernetes-list-type"];
  const keys = schema["x-kubernetes-list-map-keys"];
  const mapType = schema["x-kubernetes-map-type"];
  if (listType !== undefined) {
    if (schema["type"] !== "array") {
      errors.push(
        invalid(`${path}.type`, schema["type"] ?? "", "must be array if x-kubernetes-list-type is specified"),
      );
    }
    if (!LIST_TYPES.includes(String(listType))) {
      errors.push(notSupported(`${path}.x-kubernetes-list-type`, listType, LIST_TYPES));
    }
  }
  if (mapType !== undefined) {
    if (schema["type"] !== "object") {
      errors.push(
        invalid(`${path}.type`, schema["type"] ?? "", "must be object if x-kubernetes-map-type is specified"),
      );
    }
    if (!MAP_TYPES.includes(String(mapType))) {
      errors.push(notSupported(`${path}.x-kubernetes-map-type`, mapType, MAP_TYPES));
    }
  }
  if (listType === "map") mapKeys(schema, keys, path, errors);
  else if (Array.isArray(keys) && keys.length > 0) {
    errors.push(forbidden(`${path}.x-kubernetes-list-map-keys`, "must be empty if x-kubernetes-list-type is not map"));
  }
  if (schema["x-kubernetes-embedded-resource"] === true) {
    if (schema["type"] !== "object") {
      errors.push(
        invalid(`${path}.type`, schema["type"] ?? "", "must be object if x-kubernetes-embedded-resource is true"),
      );
    }
    if (schema["x-kubernetes-preserve-unknown-fields"] !== true && !isObject(schema["properties"])) {
      errors.push(
        required(
          `${path}.properties`,
          "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields",
        ),
      );
    }
  }
  if (schema["x-kubernetes-preserve-unknown-fields"] === false) {
    errors.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, "must be true or undefined"));
  }
}

function mapKeys(schema: JsonObject, keys: unknown, path: string, errors: FieldError[]): void {
  const where = `${path}.x-kubernetes-list-map-keys`;
  if (!Array.isArray(keys) || keys.length === 0) {
    errors.push(required(where, "must not be empty if x-kubernetes-list-type is map"));
    return;
  }
  const items = isObject(schema["items"]) ? schema["items"] : {};
  if (items["type"] !== "object") {
    errors.push(
      invalid(
        `${path}.items.type`,
        items["type"] ?? "",
        "must be object if parent array's x-kubernetes-list-type is map",
      ),
    );
  }
  const properties = isObject(items["properties"]) ? items["properties"] : {};
  const needed = Array.isArray(items["required"]) ? items["required"] : [];
  for (const [index, key] of keys.entries()) {
    const property = properties[String(key)];
    if (!isObject(property)) {
      errors.push(invalid(`${where}[${index}]`, key, "entries must all be names of item properties"));
      continue;
    }
    if (property["type"] === "array" || property["type"] === "object") {
      errors.push(
        invalid(
          `${path}.items.properties[${key}].type`,
          property["type"],
          "must be a scalar type if parent array's x-kubernetes-list-type is map",
        ),
      );
    }
    if (property["default"] === undefined && !needed.includes(key)) {
      errors.push(
        required(
          `${path}.items.properties[${key}].default`,
          "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property",
        ),
      );
    }
  }
}

/** @param seen The schema of what rules see as `self`. */
function rules(schema: JsonObject, seen: StructuralSchema, path: string, errors: FieldError[]): void {
  const list = schema["x-kubernetes-validations"];
  for (const [index, rule] of (Array.isArray(list) ? list : []).entries()) {
    const where = `${path}.x-kubernetes-validations[${index}]`;
    if (!isObject(rule) || typeof rule["rule"] !== "string" || rule["rule"].trim() === "") {
      errors.push(required(`${where}.rule`, "rule is not specified"));
      continue;
    }
    if (typeof rule["message"] === "string" && /[\r\n]/.test(rule["message"])) {
      errors.push(invalid(`${where}.message`, rule["message"], "message must not contain line breaks"));
    }
    try {
      compileRule({ ...rule, rule: rule["rule"] }, seen);
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      errors.push(invalid(`${where}.${error.part}`, printedRule(rule), error.message));
    }
  }
}

/** A rule as the real server repeats it in errors: by the names of its Go fields. */
function printedRule(rule: JsonObject): JsonObject {
  return {
    Rule: rule["rule"] ?? "",
    Message: rule["message"] ?? "",
    MessageExpression: rule["messageExpression"] ?? "",
    Reason: rule["reason"] ?? null,
    FieldPath: rule["fieldPath"] ?? "",
    OptionalOldSelf: rule["optionalOldSelf"] ?? null,
  };
}

function children(schema: JsonObject, path: string, place: Place, errors: FieldError[]): void {
  const logic = place === "logic";
  const properties = schema["properties"];
  if (isObject(properties)) {
    for (const [key, child] of Object.entries(properties)) {
      // The server's own part of an object needs no type.
      if (isObject(child)) node(child, `${path}.properties[${key}]`, logic ? "logic" : "property", errors);
    }
  }
  if (isObject(schema["additionalProperties"])) {
    node(schema["additionalProperties"], `${path}.additionalProperties`, logic ? "logic" : "property", errors);
  }
  if (isObject(schema["items"])) node(schema["items"], `${path}.items`, logic ? "logic" : "item", errors);
  else if (Array.isArray(schema["items"])) {
    errors.push(forbidden(`${path}.items`, "items must be a schema object and not an array"));
  }
  const intOrString = schema["x-kubernetes-int-or-string"] === true;
  for (const keyword of ["allOf", "anyOf", "oneOf"]) {
    const list = schema[keyword];
    for (const [index, child] of (Array.isArray(list) ? list : []).entries()) {
      // `anyOf: [{type: integer}, {type: string}]` is the one union of types that is allowed.
      if (isObject(child) && !(intOrString && isUnionOfTypes(child))) {
        node(child, `${path}.${keyword}[${index}]`, "logic", errors);
      }
    }
  }
  if (isObject(schema["not"])) node(schema["not"], `${path}.not`, "logic", errors);
}

function isUnionOfTypes(schema: JsonObject): boolean {
  const inner = schema["anyOf"];
  const list = Array.isArray(inner) ? inner : [schema];
  return list.every((item) =>
    isObject(item) && Object.keys(item).length === 1 && (item["type"] === "integer" || item["type"] === "string")
  );
}

/** Every default must itself be pruned and valid. */
function checkDefaults(schema: JsonObject, root: JsonObject, path: string, errors: FieldError[]): void {
  const fallback = schema["default"];
  if (fallback !== undefined) checkDefault(schema, fallback, `${path}.default`, errors);
  const below = (child: unknown, childPath: string) => {
    if (isObject(child)) checkDefaults(child, root, childPath, errors);
  };
  if (isObject(schema["properties"])) {
    for (const [key, child] of Object.entries(schema["properties"])) below(child, `${path}.properties[${key}]`);
  }
  below(schema["additionalProperties"], `${path}.additionalProperties`);
  below(schema["items"], `${path}.items`);
}

function checkDefault(schema: StructuralSchema, fallback: unknown, path: string, errors: FieldError[]): void {
  const holder: StructuralSchema = { type: "object", properties: { default: schema } };
  const value = { default: cloneJson(fallback) };
  const unknown = prune(holder, value);
  if (unknown.length > 0) {
    errors.push(invalid(path, fallback, "must not have unknown fields"));
    return;
  }
  applyDefaults(holder, value);
  const prefix = path.slice(0, -"default".length);
  for (const error of validate(holder, value, undefined)) {
    // Within the message the default is the root, which has no name.
    const message = error.message.replace(
      / default(?:\.|(?=\[)|(?= ))(\S*) in body/,
      (_, rest: string) => ` ${rest} in body`,
    )
      .replace(" default in body", "  in body");
    errors.push({ ...error, field: `${prefix}${error.field}`, message });
  }
}
