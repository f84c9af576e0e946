/** The CRDs of `Patch` and `NamespacedPatch`. `deploy/crds/` is generated from them. */
import type { ApiResource, KubeObject } from "../../lib/kube/mod.ts";
import type { StructuralSchema } from "../../lib/schema/mod.ts";
import { NAMESPACED_PATCHES, PATCHES } from "./api.ts";

const string = (description: string, more: StructuralSchema = {}): StructuralSchema => {
  return { type: "string", description, ...more };
};

const object = (
  description: string,
  properties: Record<string, StructuralSchema>,
  more: StructuralSchema = {},
): StructuralSchema => {
  return { type: "object", description, properties, ...more };
};

const list = (description: string, items: StructuralSchema, more: StructuralSchema = {}): StructuralSchema => {
  return { type: "array", description, items, ...more };
};

/** The namespace of a reference belongs to the cluster-scoped kind alone: the other one has no choice. */
function reference(namespaced: boolean): StructuralSchema {
  const namespace = string("Namespace; default by default, ignored for cluster-scoped kinds.", { maxLength: 63 });
  return object("An object.", {
    apiVersion: string("Group and version; v1 by default.", { maxLength: 316 }),
    kind: string("Kind. Where the server does not serve it yet, the Patch waits for its CRD.", {
      minLength: 1,
      maxLength: 63,
    }),
    name: string("Name.", { minLength: 1, maxLength: 253 }),
    ...(namespaced ? {} : { namespace }),
  }, { required: ["kind"] });
}

const SELECTOR = object("All objects of the reference's kind and namespace with these labels, in place of a name.", {
  matchLabels: {
    type: "object",
    description: "Labels with their values.",
    additionalProperties: { type: "string", maxLength: 63 },
  },
  matchExpressions: list(
    "Requirements on labels.",
    object("A requirement.", {
      key: string("Label.", { minLength: 1 }),
      operator: string("How the label relates to the values.", { enum: ["In", "NotIn", "Exists", "DoesNotExist"] }),
      values: list("Values.", { type: "string" }),
    }, { required: ["key", "operator"] }),
  ),
});

function to(namespaced: boolean): StructuralSchema {
  return object("Where the value goes.", {
    objectReference: reference(namespaced),
    selector: SELECTOR,
    fieldPath: string(
      "The field, such as data.key, spec.items[0] or metadata.labels[*]; JSONPath where it begins with $. That of the source by " +
        "default.",
      { minLength: 1, maxLength: 1024 },
    ),
    transform: string("${ jq } on the value, or a literal. The result keeps its type.", { maxLength: 16384 }),
    transforms: list("A Go template pipeline: each output is the last argument of the next. The result is text.", {
      type: "string",
      maxLength: 4096,
    }, { maxItems: 64 }),
    encode: string("Encodes the result, or each value of an object: for data of Secrets.", { enum: ["base64"] }),
    onConflict: string(
      "Whose fields may be taken. TakeEdits: those of plain writes, but not those of other appliers. Force: all. Fail: none.",
      { enum: ["TakeEdits", "Force", "Fail"] },
    ),
  }, {
    required: ["objectReference"],
    "x-kubernetes-validations": [
      {
        rule: "has(self.selector) != has(self.objectReference.name)",
        message: "name one object by objectReference.name, or several by selector",
      },
      {
        rule: "!(has(self.transform) && has(self.transforms))",
        message: "use either transform or transforms",
      },
    ],
  });
}

const MERGE_OPTIONS = object("How the value is merged with what is there; replaced where absent.", {
  keepMapValues: { type: "boolean", description: "What is there stays; only what is missing is added." },
  appendSlice: { type: "boolean", description: "Elements that a list does not hold yet are added at its end." },
});

function spec(namespaced: boolean): StructuralSchema {
  const namespace = string("Namespace of the ServiceAccount; default by default.", { maxLength: 63 });
  return object("What is written where.", {
    // Without a type, since it may be either; the policy `kco-patch-sources` holds it to its form.
    from: {
      description: "Where the value comes from: {objectReference, fieldPath, decode}, or a list of such under names: " +
        "[{as, objectReference, fieldPath, decode}], whose value is an object of all by their names.",
      "x-kubernetes-preserve-unknown-fields": true,
    },
    to: to(namespaced),
    when: string("A CEL expression over value, sources and target: nothing is written while it is false.", {
      minLength: 1,
      maxLength: 4096,
    }),
    mergeOptions: MERGE_OPTIONS,
    deletionPolicy: string(
      "What becomes of the field when the Patch is deleted. Release (or Delete): it goes, where nobody else owns it. Revert: " +
        "what stood there before comes back. Keep (or Orphan): it stays.",
      { enum: ["Delete", "Orphan", "Release", "Revert", "Keep"] },
    ),
    removalPolicy: string("What becomes of the field when the source value goes.", { enum: ["Keep", "Remove"] }),
    serviceAccountName: string("ServiceAccount in whose name everything is read and written; kco's own by default.", {
      minLength: 1,
      maxLength: 253,
    }),
    ...(namespaced ? {} : { serviceAccountNamespace: namespace }),
  }, {
    required: ["from", "to"],
    "x-kubernetes-validations": [{
      rule: "!has(self.deletionPolicy) || self.deletionPolicy != 'Revert' || self.to.objectReference.kind != 'Secret'",
      message: "a Secret cannot be reverted: its old value would stand in the status",
    }],
  });
}

const STATUS = object("What became of it. Never holds a value of a Secret.", {
  conditions: list(
    "Ready: the value stands at the target. Synced: the last pass went well.",
    object("A condition.", {
      type: string("Ready or Synced."),
      status: string("Whether it holds.", { enum: ["True", "False", "Unknown"] }),
      reason: string("Why, in one word."),
      message: string("Why, in a sentence."),
      lastTransitionTime: string("When the status last changed.", { format: "date-time" }),
      observedGeneration: { type: "integer", format: "int64", description: "The generation that this is about." },
    }, { required: ["type", "status", "reason", "lastTransitionTime"] }),
    { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] },
  ),
  observedGeneration: { type: "integer", format: "int64", description: "The generation that the status is about." },
  from: string("The sources in words."),
  to: string("The target in words."),
  lastAppliedHash: string("Identifies what was written last."),
  sources: list(
    "The sources as they were when the value was written last.",
    object("A source.", {
      as: string("Its name among several."),
      resourceVersion: string("Its version."),
    }, { required: ["resourceVersion"] }),
  ),
  targets: list(
    "Where the value stands.",
    object("A target.", {
      apiVersion: string("Group and version."),
      kind: string("Kind."),
      namespace: string("Namespace."),
      name: string("Name."),
      uid: string("Identity."),
      resourceVersion: string("Its version after the last write; empty before the first."),
      original: list(
        "What stood there before, kept for the policy Revert alone.",
        object("A place.", {
          path: string("The place."),
          value: { description: "Nothing stood there without one.", "x-kubernetes-preserve-unknown-fields": true },
        }, { required: ["path"] }),
      ),
    }, { required: ["apiVersion", "kind", "name", "uid", "resourceVersion"] }),
  ),
});

const column = (name: string, jsonPath: string, type = "string") => ({ name, type, jsonPath });

function crd({ group, version, kind, plural, namespaced }: ApiResource, description: string): KubeObject {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: namespaced ? "Namespaced" : "Cluster",
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase(), categories: ["krateo"] },
      versions: [{
        name: version,
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            description,
            required: ["spec"],
            properties: {
              apiVersion: { type: "string" },
              kind: { type: "string" },
              metadata: { type: "object" },
              spec: spec(namespaced),
              status: STATUS,
            },
          },
        },
        subresources: { status: {} },
        additionalPrinterColumns: [
          column("READY", ".status.conditions[?(@.type=='Ready')].status"),
          column("SYNCED", ".status.conditions[?(@.type=='Synced')].status"),
          column("FROM", ".status.from"),
          column("TO", ".status.to"),
          column("AGE", ".metadata.creationTimestamp", "date"),
        ],
      }],
    },
  };
}

/** The CRD of the cluster-scoped kind. */
export const PATCH_CRD: KubeObject = crd(PATCHES, "A field of one object that follows a field of another.");

/** The CRD of the kind for tenants. */
export const NAMESPACED_PATCH_CRD: KubeObject = crd(
  NAMESPACED_PATCHES,
  "A field of one object that follows a field of another, in one namespace.",
);
