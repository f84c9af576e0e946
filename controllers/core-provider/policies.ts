/** Admission policies that the API server enforces by itself: no webhook. `deploy/` is generated from them. */
import type { KubeObject } from "../../lib/kube/mod.ts";
import { COMPOSITION_GROUP } from "./crd/mod.ts";

const VERSION = "krateo.io/composition-version";

/** A policy and its binding. */
function policy(name: string, operations: string[], spec: Record<string, unknown>): KubeObject[] {
  const rules = [{ apiGroups: [COMPOSITION_GROUP], apiVersions: ["*"], resources: ["*"], operations }];
  return [
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicy",
      metadata: { name },
      spec: { failurePolicy: "Fail", matchConstraints: { matchPolicy: "Exact", resourceRules: rules }, ...spec },
    },
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name },
      spec: { policyName: name, validationActions: ["Deny"] },
    },
  ];
}

/** Helm's release names have 53 characters at most, of which nine are the controller's. */
const NAME_LENGTH = policy("kco-composition-name-length", ["CREATE"], {
  matchConditions: [{
    name: "no-release-name",
    expression: "!has(object.metadata.labels) || !('krateo.io/release-name' in object.metadata.labels)",
  }],
  validations: [{
    expression: "object.metadata.name.size() <= 44",
    message: "The name of the resource must not exceed 44 characters.",
  }],
});

/**
 * A write through another version than the object's own would prune the fields that version does not know. The object's
 * version is in its label. A write that sets the label moves the object; it may come through the old version or, so that
 * it can bring a spec that fits only there, through the new one.
 */
const OWN_VERSION = policy("kco-composition-version", ["UPDATE"], {
  matchConditions: [
    { name: "not-deleting", expression: "!has(object.metadata.deletionTimestamp)" },
    {
      name: "labelled",
      expression: `has(oldObject.metadata.labels) && '${VERSION}' in oldObject.metadata.labels`,
    },
  ],
  validations: [{
    expression: `request.requestResource.version == oldObject.metadata.labels['${VERSION}'] || ` +
      `(has(object.metadata.labels) && '${VERSION}' in object.metadata.labels && ` +
      `request.requestResource.version == object.metadata.labels['${VERSION}'])`,
    messageExpression: `'This object is of version ' + oldObject.metadata.labels['${VERSION}'] + ': write it as ` +
      `' + request.requestResource.resource + '.' + oldObject.metadata.labels['${VERSION}'] + '.' + ` +
      `request.requestResource.group`,
  }],
});

/** All policies, in the order they are to be applied. */
export const POLICIES: readonly KubeObject[] = [...NAME_LENGTH, ...OWN_VERSION];
