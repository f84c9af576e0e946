/** The CRD of `CompositionDefinition`. `deploy/crds/` is generated from it. */
import type { KubeObject } from "../../lib/kube/mod.ts";
import type { StructuralSchema } from "../../lib/schema/mod.ts";

const string = (description: string, more: StructuralSchema = {}): StructuralSchema => {
  return { type: "string", description, ...more };
};

const CREDENTIALS: StructuralSchema = {
  type: "object",
  description: "Basic credentials for the chart's server.",
  required: ["username", "passwordRef"],
  properties: {
    username: string("User name."),
    passwordRef: {
      type: "object",
      description: "The key of a Secret that holds the password.",
      required: ["name", "namespace", "key"],
      properties: {
        name: string("Name of the Secret."),
        namespace: string("Namespace of the Secret."),
        key: string("Key in the Secret's data."),
      },
    },
  },
};

/** The fields of a chart reference; the rules against taking a field back hold for the spec only. */
const CHART_FIELDS: Record<string, StructuralSchema> = {
  url: string("Where the chart is: oci://…, the URL of a .tgz, or the base URL of a Helm repository."),
  version: string("Exact version or semver range; the newest stable one when absent.", { maxLength: 20 }),
  repo: string("Name of the chart in a Helm repository, or the last path segment for OCI.", { maxLength: 256 }),
  insecureSkipVerifyTLS: { type: "boolean", description: "Do not verify the chart server's certificate." },
  credentials: CREDENTIALS,
};

const NOTES: StructuralSchema = {
  type: "array",
  items: {
    type: "object",
    required: ["path", "keyword", "reason"],
    properties: {
      path: string("Path into the values, array items as [*]."),
      keyword: string("The JSON Schema keyword."),
      reason: string("Why, and what happens instead."),
    },
  },
};

const CONDITIONS: StructuralSchema = {
  type: "array",
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["type"],
  items: {
    type: "object",
    required: ["type", "status", "reason", "lastTransitionTime"],
    properties: {
      type: string(
        "Ready: the kind is served. Synced: the last pass went well. Schema: what became of the chart's schema.",
      ),
      status: string("", { enum: ["True", "False", "Unknown"] }),
      reason: string("Why, in one word."),
      message: string("Why, in a sentence."),
      lastTransitionTime: string("When the status last changed.", { format: "date-time" }),
      observedGeneration: { type: "integer", format: "int64", description: "The generation that this is about." },
    },
  },
};

const STATUS: StructuralSchema = {
  type: "object",
  properties: {
    conditions: CONDITIONS,
    observedGeneration: { type: "integer", format: "int64", description: "The generation that the status is about." },
    kind: string("The generated kind."),
    resource: string("The plural of the generated kind."),
    apiVersion: string("Group and version of the generated kind, e.g. composition.krateo.io/v1-1-10."),
    packageUrl: string("Where the chart's archive really came from."),
    digest: string("SHA-256 of the chart's archive."),
    managed: {
      type: "object",
      description: "The kind with all the versions that this definition stands for.",
      properties: {
        group: string("API group."),
        kind: string("Kind."),
        versionInfo: {
          type: "array",
          items: {
            type: "object",
            required: ["version"],
            properties: {
              version: string("API version."),
              served: { type: "boolean", description: "Whether the API server serves it." },
              stored: { type: "boolean", description: "Whether objects are stored in it." },
              chart: { type: "object", properties: CHART_FIELDS },
            },
          },
        },
      },
    },
    schema: {
      type: "object",
      description: "What became of values.schema.json.",
      required: ["origin"],
      properties: {
        origin: string("schema, or inferred where the chart has none.", { enum: ["schema", "inferred"] }),
        dropped: { ...NOTES, description: "Not enforced by the API server, but before a release is touched." },
        relaxed: { ...NOTES, description: "Weakened, since Helm validates values merged over values.yaml." },
        shifted: { ...NOTES, description: "Schema defaults that differ from values.yaml." },
      },
    },
  },
};

const SCHEMA: StructuralSchema = {
  type: "object",
  description: "A Helm chart that becomes a kind: each object of that kind is a release of the chart.",
  properties: {
    apiVersion: { type: "string" },
    kind: { type: "string" },
    metadata: { type: "object" },
    spec: {
      type: "object",
      properties: {
        chart: {
          type: "object",
          description: "The chart.",
          required: ["url"],
          properties: CHART_FIELDS,
          "x-kubernetes-validations": [
            { rule: "!has(oldSelf.version) || has(self.version)", message: "Version is required once set" },
            { rule: "!has(oldSelf.repo) || has(self.repo)", message: "Repo is required once set" },
          ],
        },
      },
    },
    status: STATUS,
  },
};

const column = (name: string, jsonPath: string, priority = 0, type = "string") => {
  return { name, type, jsonPath, ...(priority > 0 ? { priority } : {}) };
};

/** The CRD, as it is applied. */
export const DEFINITION_CRD: KubeObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "compositiondefinitions.core.krateo.io" },
  spec: {
    group: "core.krateo.io",
    scope: "Namespaced",
    names: {
      kind: "CompositionDefinition",
      listKind: "CompositionDefinitionList",
      plural: "compositiondefinitions",
      singular: "compositiondefinition",
      categories: ["krateo", "defs", "core"],
    },
    versions: [{
      name: "v1alpha1",
      served: true,
      storage: true,
      schema: { openAPIV3Schema: SCHEMA },
      subresources: { status: {} },
      additionalPrinterColumns: [
        column("READY", ".status.conditions[?(@.type=='Ready')].status"),
        column("SYNCED", ".status.conditions[?(@.type=='Synced')].status"),
        column("AGE", ".metadata.creationTimestamp", 0, "date"),
        column("API VERSION", ".status.apiVersion", 10),
        column("KIND", ".status.kind", 10),
        column("PACKAGE URL", ".status.packageUrl", 10),
      ],
    }],
  },
};
