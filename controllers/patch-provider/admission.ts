/** The admission policy of Patches, which the API server enforces by itself: no webhook. `deploy/` is generated from it. */
import type { KubeObject } from "../../lib/kube/mod.ts";
import { NAMESPACED_PATCHES, PATCHES } from "./api.ts";

const NAME = "kco-patch-sources";

/** All sources as a list, whichever form they have. */
const SOURCES = "type(object.spec.from) == list ? object.spec.from : [object.spec.from]";

const REFERENCE = "has(s.objectReference) && has(s.objectReference.kind) && s.objectReference.kind != '' && " +
  "has(s.objectReference.name) && s.objectReference.name != ''";

/** `spec.from` is one source or a list of them, which no structural schema can say. */
export const PATCH_POLICIES: readonly KubeObject[] = [
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: NAME },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: {
        resourceRules: [{
          apiGroups: [PATCHES.group],
          apiVersions: [PATCHES.version],
          resources: [PATCHES.plural, NAMESPACED_PATCHES.plural],
          operations: ["CREATE", "UPDATE"],
        }],
      },
      matchConditions: [{ name: "not-deleting", expression: "!has(object.metadata.deletionTimestamp)" }],
      variables: [{ name: "sources", expression: SOURCES }],
      validations: [
        { expression: "variables.sources.size() > 0", message: "spec.from: name at least one source" },
        {
          expression: `variables.sources.all(s, ${REFERENCE})`,
          message: "spec.from: objectReference needs a kind and a name",
        },
        {
          expression: "variables.sources.all(s, has(s.fieldPath) && s.fieldPath != '')",
          message: "spec.from.fieldPath is required",
        },
        {
          expression: "variables.sources.all(s, s.all(k, k in ['as', 'objectReference', 'fieldPath', 'decode']))",
          message: "spec.from: only as, objectReference, fieldPath and decode are known",
        },
        {
          expression: "variables.sources.all(s, !has(s.decode) || s.decode == 'base64')",
          message: "spec.from.decode: only base64 is known",
        },
        {
          expression: "variables.sources.size() == 1 || (variables.sources.all(s, has(s.as) && s.as != '' && " +
            "variables.sources.filter(o, has(o.as) && o.as == s.as).size() == 1) && has(object.spec.to.fieldPath))",
          message: "several sources need names of their own in spec.from[].as, and spec.to.fieldPath",
        },
        {
          expression: "!has(object.metadata.namespace) || variables.sources.all(s, " +
            "!has(s.objectReference.namespace) || s.objectReference.namespace == object.metadata.namespace)",
          message: "a NamespacedPatch stays in its own namespace",
        },
      ],
    },
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: NAME },
    spec: { policyName: NAME, validationActions: ["Deny"] },
  },
];
