/** Structural schemas and what the compiler says about them. */

/** A node of a structural schema, as in a CRD's `openAPIV3Schema`. */
export interface StructuralSchema {
  type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  title?: string;
  description?: string;
  format?: string;
  default?: unknown;
  example?: unknown;
  nullable?: boolean;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: boolean;
  exclusiveMaximum?: boolean;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minProperties?: number;
  maxProperties?: number;
  required?: string[];
  properties?: Record<string, StructuralSchema>;
  additionalProperties?: StructuralSchema | boolean;
  items?: StructuralSchema;
  allOf?: StructuralSchema[];
  anyOf?: StructuralSchema[];
  oneOf?: StructuralSchema[];
  not?: StructuralSchema;
  externalDocs?: { description?: string; url?: string };
  "x-kubernetes-preserve-unknown-fields"?: boolean;
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-embedded-resource"?: boolean;
  "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  "x-kubernetes-list-map-keys"?: string[];
  "x-kubernetes-map-type"?: "atomic" | "granular";
  "x-kubernetes-validations"?: {
    rule: string;
    message?: string;
    messageExpression?: string;
    reason?: string;
    fieldPath?: string;
    optionalOldSelf?: boolean;
  }[];
}

/** A constraint of values.schema.json that the CRD does not carry as it stands. */
export interface SchemaNote {
  /** Path into the values document, items as `[*]`: `service.ports[*].port`. */
  readonly path: string;
  /** The keyword, e.g. `patternProperties`. */
  readonly keyword: string;
  /** A sentence: why, and what happens instead. */
  readonly reason: string;
}

/** What becomes of a chart's schema. */
export interface CompiledSchema {
  /** The schema of `spec`. */
  readonly spec: StructuralSchema;
  /** Whether `spec` itself must be present. */
  readonly specRequired: boolean;
  /** `schema` where the chart has values.schema.json, `inferred` where it was read off values.yaml. */
  readonly origin: "schema" | "inferred";
  /** Not enforced by the API server; ajv enforces it before a release is touched. */
  readonly dropped: readonly SchemaNote[];
  /** Weakened on purpose, since Helm validates values merged over values.yaml (e.g. `required`). */
  readonly relaxed: readonly SchemaNote[];
  /**
   * Schema defaults that differ from values.yaml. Where values.yaml has a value, it applies and the default is not stored;
   * where it has none, an object stores the default, which Helm alone would not use.
   */
  readonly shifted: readonly SchemaNote[];
}

/** A subchart as the compiler takes it: plain data, from wherever the chart was loaded. */
export interface SubchartInput {
  /** The alias, where the parent gives one, else the name: the key below which its values lie. */
  readonly name: string;
  /** values.schema.json as written. */
  readonly schemaText?: string;
  /** values.yaml, parsed. */
  readonly values: Readonly<Record<string, unknown>>;
  /** `condition` of the dependency: comma-separated paths in the parent's values. */
  readonly condition?: string;
  readonly tags?: readonly string[];
  readonly subcharts?: readonly SubchartInput[];
}

/** What a schema is compiled from. */
export interface SchemaInput {
  /** values.schema.json as written; absent where the chart has none. */
  readonly schemaText?: string;
  /** values.yaml, parsed. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Vendored subcharts. */
  readonly subcharts?: readonly SubchartInput[];
}
