/** `metadata`, which every object has whatever its schema says. */
import type { StructuralSchema } from "../../schema/mod.ts";

const text: StructuralSchema = { type: "string" };
const integer: StructuralSchema = { type: "integer" };
const texts: StructuralSchema = { type: "object", additionalProperties: text };
const open: StructuralSchema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

/** The fields of `metav1.ObjectMeta`, with the list types that server-side apply knows of them. */
export const OBJECT_META: StructuralSchema = {
  type: "object",
  properties: {
    name: text,
    generateName: text,
    namespace: text,
    selfLink: text,
    uid: text,
    resourceVersion: text,
    generation: integer,
    creationTimestamp: text,
    deletionTimestamp: text,
    deletionGracePeriodSeconds: integer,
    labels: texts,
    annotations: texts,
    ownerReferences: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["uid"],
      items: {
        type: "object",
        "x-kubernetes-map-type": "atomic",
        properties: {
          apiVersion: text,
          kind: text,
          name: text,
          uid: text,
          controller: { type: "boolean" },
          blockOwnerDeletion: { type: "boolean" },
        },
      },
    },
    finalizers: { type: "array", "x-kubernetes-list-type": "set", items: text },
    managedFields: {
      type: "array",
      "x-kubernetes-list-type": "atomic",
      items: {
        type: "object",
        properties: {
          manager: text,
          operation: text,
          apiVersion: text,
          time: text,
          fieldsType: text,
          fieldsV1: open,
          subresource: text,
        },
      },
    },
  },
};

/** Fields that a whole object has besides those of its schema. */
export const RESOURCE_FIELDS: Readonly<Record<string, StructuralSchema>> = {
  apiVersion: text,
  kind: text,
  metadata: OBJECT_META,
};
