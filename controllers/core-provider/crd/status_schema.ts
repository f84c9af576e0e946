/** The schema of a composition's `status`: the original's fields, and what helps to see health. */
import type { StructuralSchema } from "../../../lib/schema/mod.ts";

const text = (description: string): StructuralSchema => ({ type: "string", description });
const count = (description: string): StructuralSchema => ({ type: "integer", format: "int64", description });

const CONDITION: StructuralSchema = {
  type: "object",
  description: "A condition, by the Kubernetes API convention",
  required: ["lastTransitionTime", "reason", "status", "type"],
  properties: {
    lastTransitionTime: { type: "string", format: "date-time", description: "When the status last changed" },
    message: text("What happened, for people"),
    observedGeneration: count("The generation of the object that the condition is about"),
    reason: text("What happened, in one word"),
    status: text("True, False or Unknown"),
    type: text("Which aspect: Ready, Synced"),
  },
};

const MANAGED: StructuralSchema = {
  type: "object",
  description: "An object of the release",
  "x-kubernetes-preserve-unknown-fields": true,
  properties: {
    apiVersion: text("API version of the object"),
    resource: text("Plural name of the object's kind"),
    name: text("Name of the object"),
    namespace: text("Namespace of the object; empty where its kind has none"),
    path: text("Path of the object below the API server's URL"),
    kind: text("Kind of the object"),
    health: text("Health by kstatus rules: Current, InProgress, Failed, Terminating, NotFound or Unknown"),
    message: text("Why the object is not healthy"),
  },
};

/** Keeps unknown fields, so that a newer controller's status survives an older CRD. */
export const STATUS_SCHEMA: StructuralSchema = {
  type: "object",
  "x-kubernetes-preserve-unknown-fields": true,
  properties: {
    conditions: { type: "array", description: "Ready, Synced", items: CONDITION },
    digest: { type: "string", default: "", description: "Digest of the managed objects" },
    previousDigest: {
      type: "string",
      default: "",
      description: "Digest of the managed objects before the last change",
    },
    helmChartUrl: text("URL of the chart deployed"),
    helmChartVersion: text("Version of the chart deployed"),
    managed: { type: "array", description: "Objects of the release", items: MANAGED },
    observedGeneration: count("The generation that the last reconciliation saw"),
    releaseName: text("Name of the Helm release"),
    revision: count("Revision of the Helm release"),
    health: {
      type: "object",
      description: "Health of the managed objects, counted",
      "x-kubernetes-preserve-unknown-fields": true,
      properties: {
        ready: count("Objects that are healthy"),
        total: count("Objects of the release"),
      },
    },
  },
};
