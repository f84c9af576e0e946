/**
 * Kinds that the Kubernetes API has declared deprecated, as its Go types of 1.36 know them: `since` and `removed` are minor
 * versions of Kubernetes 1.
 *
 * @module
 */

/** Minor version since, minor version of the removal, what to use instead. */
export type Deprecation = readonly [since: number, removed?: number | undefined, instead?: string | undefined];

/** Deprecated kinds by API version. A kind's list is deprecated as the kind is, with a list to use instead, where it has no entry of its own. */
export const DEPRECATED_KINDS: Readonly<Record<string, Readonly<Record<string, Deprecation>>>> = {
  "admissionregistration.k8s.io/v1alpha1": {
    MutatingAdmissionPolicy: [35, 38],
    MutatingAdmissionPolicyBinding: [35, 38],
    ValidatingAdmissionPolicy: [29, 32],
    ValidatingAdmissionPolicyBinding: [29, 32],
  },
  "admissionregistration.k8s.io/v1beta1": {
    MutatingAdmissionPolicy: [37, 40, "admissionregistration.k8s.io/v1 MutatingAdmissionPolicy"],
    MutatingAdmissionPolicyBinding: [37, 40, "admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding"],
    MutatingWebhookConfiguration: [16, 22, "admissionregistration.k8s.io/v1 MutatingWebhookConfiguration"],
    ValidatingAdmissionPolicy: [31, 34],
    ValidatingAdmissionPolicyBinding: [31, 34],
    ValidatingWebhookConfiguration: [16, 22, "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration"],
  },
  "apps/v1beta1": {
    ControllerRevision: [8, 16, "apps/v1 ControllerRevision"],
    Deployment: [8, 16, "apps/v1 Deployment"],
    DeploymentRollback: [8, 16, "apps/v1 DeploymentRollback"],
    Scale: [8, 16, "autoscaling/v1 Scale"],
    StatefulSet: [8, 16, "apps/v1 StatefulSet"],
  },
  "apps/v1beta2": {
    ControllerRevision: [9, 16, "apps/v1 ControllerRevision"],
    DaemonSet: [9, 16, "apps/v1 DaemonSet"],
    Deployment: [9, 16, "apps/v1 Deployment"],
    ReplicaSet: [9, 16, "apps/v1 ReplicaSet"],
    Scale: [9, 16, "autoscaling/v1 Scale"],
    StatefulSet: [9, 16, "apps/v1 StatefulSet"],
  },
  "authentication.k8s.io/v1alpha1": {
    SelfSubjectReview: [29, 32],
  },
  "authentication.k8s.io/v1beta1": {
    SelfSubjectReview: [30, 33],
    TokenReview: [19, 22, "authentication.k8s.io/v1 TokenReview"],
  },
  "authorization.k8s.io/v1beta1": {
    LocalSubjectAccessReview: [19, 22, "authorization.k8s.io/v1 LocalSubjectAccessReview"],
    SelfSubjectAccessReview: [19, 22, "authorization.k8s.io/v1 SelfSubjectAccessReview"],
    SelfSubjectRulesReview: [19, 22, "authorization.k8s.io/v1 SelfSubjectRulesReview"],
    SubjectAccessReview: [19, 22, "authorization.k8s.io/v1 SubjectAccessReview"],
  },
  "batch/v1beta1": {
    CronJob: [21, 25, "batch/v1 CronJob"],
  },
  "certificates.k8s.io/v1alpha1": {
    ClusterTrustBundle: [34, 37],
  },
  "certificates.k8s.io/v1beta1": {
    CertificateSigningRequest: [19, 22, "certificates.k8s.io/v1 CertificateSigningRequest"],
    ClusterTrustBundle: [37, 40],
    PodCertificateRequest: [38, 41],
  },
  "coordination.k8s.io/v1alpha2": {
    LeaseCandidate: [35, 38],
  },
  "coordination.k8s.io/v1beta1": {
    Lease: [19, 22, "coordination.k8s.io/v1 Lease"],
    LeaseCandidate: [36, 39],
  },
  "discovery.k8s.io/v1beta1": {
    EndpointSlice: [21, 25, "discovery.k8s.io/v1 EndpointSlice"],
    EndpointSliceList: [21, 25, "discovery.k8s.io/v1 EndpointSlice"],
  },
  "events.k8s.io/v1beta1": {
    Event: [22, 25],
  },
  "extensions/v1beta1": {
    DaemonSet: [8, 16, "apps/v1 DaemonSet"],
    Deployment: [8, 16, "apps/v1 Deployment"],
    DeploymentRollback: [8, 16],
    Ingress: [14, 22, "networking.k8s.io/v1 Ingress"],
    NetworkPolicy: [9, 16, "networking.k8s.io/v1 NetworkPolicy"],
    ReplicaSet: [8, 16, "apps/v1 ReplicaSet"],
    Scale: [2, 16],
  },
  "flowcontrol.apiserver.k8s.io/v1beta1": {
    FlowSchema: [23, 26, "flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema"],
    PriorityLevelConfiguration: [23, 26, "flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration"],
  },
  "flowcontrol.apiserver.k8s.io/v1beta2": {
    FlowSchema: [26, 29, "flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema"],
    PriorityLevelConfiguration: [26, 29, "flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration"],
  },
  "flowcontrol.apiserver.k8s.io/v1beta3": {
    FlowSchema: [29, 32, "flowcontrol.apiserver.k8s.io/v1 FlowSchema"],
    PriorityLevelConfiguration: [29, 32, "flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration"],
  },
  "networking.k8s.io/v1beta1": {
    IPAddress: [34, 37],
    Ingress: [19, 22, "networking.k8s.io/v1 Ingress"],
    IngressClass: [19, 22, "networking.k8s.io/v1 IngressClassList"],
    IngressClassList: [19, 22, "networking.k8s.io/v1 IngressClassList"],
    ServiceCIDR: [34, 37],
  },
  "node.k8s.io/v1beta1": {
    RuntimeClass: [22, 25],
  },
  "policy/v1beta1": {
    Eviction: [22, 25],
    PodDisruptionBudget: [21, 25, "policy/v1 PodDisruptionBudget"],
  },
  "rbac.authorization.k8s.io/v1beta1": {
    ClusterRole: [17, 22, "rbac.authorization.k8s.io/v1 ClusterRole"],
    ClusterRoleBinding: [17, 22, "rbac.authorization.k8s.io/v1 ClusterRoleBinding"],
    Role: [17, 22, "rbac.authorization.k8s.io/v1 Role"],
    RoleBinding: [17, 22, "rbac.authorization.k8s.io/v1 RoleBinding"],
  },
  "resource.k8s.io/v1alpha3": {
    DeviceTaintRule: [36, 39],
    ResourcePoolStatusRequest: [39, 42],
  },
  "resource.k8s.io/v1beta1": {
    DeviceClass: [35, 38],
    ResourceClaim: [35, 38],
    ResourceClaimTemplate: [35, 38],
    ResourceSlice: [35, 38],
  },
  "resource.k8s.io/v1beta2": {
    DeviceClass: [36, 39],
    DeviceTaintRule: [39, 42],
    ResourceClaim: [36, 39],
    ResourceClaimTemplate: [36, 39],
    ResourceSlice: [36, 39],
  },
  "scheduling.k8s.io/v1beta1": {
    PriorityClass: [14, 22, "scheduling.k8s.io/v1 PriorityClass"],
  },
  "storage.k8s.io/v1alpha1": {
    CSIStorageCapacity: [21, 24, "storage.k8s.io/v1beta1 CSIStorageCapacity"],
    VolumeAttachment: [21, 24, "storage.k8s.io/v1 VolumeAttachment"],
    VolumeAttributesClass: [32, 35, "storage.k8s.io/v1 VolumeAttributesClass"],
  },
  "storage.k8s.io/v1beta1": {
    CSIDriver: [19, 22, "storage.k8s.io/v1 CSIDriver"],
    CSINode: [17, 22, "storage.k8s.io/v1 CSINode"],
    CSINodeList: [17, 22, "storage.k8s.io/v1 CSINode"],
    CSIStorageCapacity: [24, 27, "storage.k8s.io/v1 CSIStorageCapacity"],
    StorageClass: [19, 22, "storage.k8s.io/v1 StorageClass"],
    VolumeAttachment: [19, 22, "storage.k8s.io/v1 VolumeAttachment"],
    VolumeAttributesClass: [34, 37, "storage.k8s.io/v1 VolumeAttributesClass"],
  },
  "storagemigration.k8s.io/v1beta1": {
    StorageVersionMigration: [38, 41],
  },
  "v1": {
    ComponentStatus: [19],
    Endpoints: [33, undefined, "discovery.k8s.io/v1 EndpointSlice"],
  },
};
