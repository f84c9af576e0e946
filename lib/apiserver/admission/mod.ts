/** Admission: ValidatingAdmissionPolicies. */
export { policyAdmission } from "./policies.ts";
export { checkPolicy } from "./policy.ts";
