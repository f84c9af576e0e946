/** Every built-in kind: one line each, in the order of `kubectl api-resources`. */
import type { ResourceKind } from "../resource.ts";
import * as cluster from "./cluster_columns.ts";
import { autoscalerToV1, autoscalerToV2, eventFromCore, eventToCore } from "./conversion.ts";
import * as core from "./core_columns.ts";
import { builtinKind, builtinVersion, REPLICAS, type Traits } from "./kinds.ts";
import { POD_COLUMNS } from "./pod_columns.ts";
import { rulesOf } from "./rules.ts";
import * as workload from "./workload_columns.ts";

const READS = ["get", "list", "watch"];
const ALL = ["all"];

/** A kind with the rules that belong to it. */
function kind(group: string, name: string, traits: Traits): ResourceKind {
  return builtinKind(group, name, { ...traits, ...rulesOf(group, name) });
}

/** A kind whose objects are answers to a request and never stored. */
function review(group: string, name: string, namespaced = false): ResourceKind {
  return kind(group, name, { cluster: !namespaced, verbs: ["create"] });
}

const EVENT_FIELDS = [
  "involvedObject.kind",
  "involvedObject.namespace",
  "involvedObject.name",
  "involvedObject.uid",
  "involvedObject.apiVersion",
  "involvedObject.resourceVersion",
  "involvedObject.fieldPath",
  "reason",
  "reportingComponent",
  "source",
  "type",
];
const POD_FIELDS = [
  "spec.nodeName",
  "spec.restartPolicy",
  "spec.schedulerName",
  "spec.serviceAccountName",
  "spec.hostNetwork",
  "status.phase",
  "status.podIP",
  "status.nominatedNodeName",
];

const CORE: readonly ResourceKind[] = [
  kind("", "ComponentStatus", { short: ["cs"], cluster: true, plural: "componentstatuses", verbs: READS }),
  kind("", "ConfigMap", { short: ["cm"], columns: core.CONFIG_MAP_COLUMNS }),
  kind("", "Endpoints", { short: ["ep"], plural: "endpoints", columns: core.ENDPOINTS_COLUMNS }),
  kind("", "Event", { short: ["ev"], columns: core.EVENT_COLUMNS, selectable: EVENT_FIELDS }),
  kind("", "LimitRange", { short: ["limits"], columns: cluster.ROLE_COLUMNS }),
  kind("", "Namespace", {
    short: ["ns"],
    cluster: true,
    status: true,
    columns: core.NAMESPACE_COLUMNS,
    selectable: ["status.phase"],
  }),
  kind("", "Node", {
    short: ["no"],
    cluster: true,
    status: true,
    columns: core.NODE_COLUMNS,
    selectable: ["spec.unschedulable"],
  }),
  kind("", "PersistentVolumeClaim", { short: ["pvc"], status: true, columns: core.CLAIM_COLUMNS }),
  kind("", "PersistentVolume", { short: ["pv"], cluster: true, status: true, columns: core.VOLUME_COLUMNS }),
  kind("", "Pod", {
    short: ["po"],
    categories: ALL,
    status: true,
    generation: true,
    columns: POD_COLUMNS,
    selectable: POD_FIELDS,
  }),
  kind("", "PodTemplate", { columns: workload.POD_TEMPLATE_COLUMNS, generation: true }),
  kind("", "ReplicationController", {
    short: ["rc"],
    categories: ALL,
    status: true,
    generation: true,
    scale: REPLICAS,
    columns: workload.REPLICA_SET_COLUMNS,
    selectable: ["status.replicas"],
  }),
  kind("", "ResourceQuota", { short: ["quota"], status: true, columns: core.QUOTA_COLUMNS }),
  kind("", "Secret", { columns: core.SECRET_COLUMNS, selectable: ["type"] }),
  kind("", "ServiceAccount", { short: ["sa"], columns: core.SERVICE_ACCOUNT_COLUMNS }),
  kind("", "Service", {
    short: ["svc"],
    categories: ALL,
    status: true,
    columns: core.SERVICE_COLUMNS,
    selectable: ["spec.clusterIP", "spec.type"],
  }),
];

const ADMISSION: readonly ResourceKind[] = [
  kind("admissionregistration.k8s.io", "MutatingWebhookConfiguration", {
    categories: ["api-extensions"],
    cluster: true,
    generation: true,
    columns: cluster.WEBHOOK_COLUMNS,
  }),
  kind("admissionregistration.k8s.io", "ValidatingAdmissionPolicy", {
    plural: "validatingadmissionpolicies",
    categories: ["api-extensions"],
    cluster: true,
    status: true,
    generation: true,
    columns: cluster.ADMISSION_POLICY_COLUMNS,
  }),
  kind("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding", {
    categories: ["api-extensions"],
    cluster: true,
    generation: true,
    columns: cluster.ADMISSION_BINDING_COLUMNS,
  }),
  kind("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", {
    categories: ["api-extensions"],
    cluster: true,
    generation: true,
    columns: cluster.WEBHOOK_COLUMNS,
  }),
  kind("apiextensions.k8s.io", "CustomResourceDefinition", {
    short: ["crd", "crds"],
    categories: ["api-extensions"],
    cluster: true,
    status: true,
    generation: true,
    columns: cluster.DEFINITION_COLUMNS,
  }),
  kind("apiregistration.k8s.io", "APIService", {
    categories: ["api-extensions"],
    cluster: true,
    status: true,
    columns: cluster.API_SERVICE_COLUMNS,
  }),
];

const WORKLOADS: readonly ResourceKind[] = [
  kind("apps", "ControllerRevision", { columns: workload.CONTROLLER_REVISION_COLUMNS }),
  kind("apps", "DaemonSet", {
    short: ["ds"],
    categories: ALL,
    status: true,
    generation: true,
    columns: workload.DAEMON_SET_COLUMNS,
  }),
  kind("apps", "Deployment", {
    short: ["deploy"],
    categories: ALL,
    status: true,
    generation: true,
    scale: REPLICAS,
    columns: workload.DEPLOYMENT_COLUMNS,
  }),
  kind("apps", "ReplicaSet", {
    short: ["rs"],
    categories: ALL,
    status: true,
    generation: true,
    scale: REPLICAS,
    columns: workload.REPLICA_SET_COLUMNS,
    selectable: ["status.replicas"],
  }),
  kind("apps", "StatefulSet", {
    short: ["sts"],
    categories: ALL,
    status: true,
    generation: true,
    scale: REPLICAS,
    columns: workload.STATEFUL_SET_COLUMNS,
  }),
  kind("batch", "CronJob", {
    short: ["cj"],
    categories: ALL,
    status: true,
    generation: true,
    columns: workload.CRON_JOB_COLUMNS,
  }),
  kind("batch", "Job", {
    categories: ALL,
    status: true,
    generation: true,
    columns: workload.JOB_COLUMNS,
    selectable: ["status.successful"],
  }),
];

function autoscaler(): ResourceKind {
  const group = "autoscaling";
  const name = "HorizontalPodAutoscaler";
  const traits: Traits = {
    short: ["hpa"],
    categories: ALL,
    status: true,
    columns: workload.AUTOSCALER_COLUMNS,
    ...rulesOf(group, name),
  };
  return builtinKind(group, name, traits, [
    builtinVersion(group, name, true, { ...traits, version: "v2" }),
    builtinVersion(group, name, false, {
      ...traits,
      version: "v1",
      toStorage: autoscalerToV2,
      fromStorage: autoscalerToV1,
      columns: (traits.columns ?? []).map((column) =>
        column.cell === undefined ? column : {
          ...column,
          cell: (object, now) => column.cell?.(autoscalerToV2(object), now) ?? null,
        }
      ),
    }),
  ]);
}

const ACCESS: readonly ResourceKind[] = [
  kind("rbac.authorization.k8s.io", "ClusterRoleBinding", { cluster: true, columns: cluster.BINDING_COLUMNS }),
  kind("rbac.authorization.k8s.io", "ClusterRole", { cluster: true, columns: cluster.ROLE_COLUMNS }),
  kind("rbac.authorization.k8s.io", "RoleBinding", { columns: cluster.BINDING_COLUMNS }),
  kind("rbac.authorization.k8s.io", "Role", { columns: cluster.ROLE_COLUMNS }),
  review("authentication.k8s.io", "SelfSubjectReview"),
  review("authentication.k8s.io", "TokenReview"),
  review("authorization.k8s.io", "LocalSubjectAccessReview", true),
  review("authorization.k8s.io", "SelfSubjectAccessReview"),
  review("authorization.k8s.io", "SelfSubjectRulesReview"),
  review("authorization.k8s.io", "SubjectAccessReview"),
  kind("certificates.k8s.io", "CertificateSigningRequest", {
    short: ["csr"],
    cluster: true,
    status: true,
    columns: cluster.SIGNING_REQUEST_COLUMNS,
    selectable: ["spec.signerName"],
  }),
];

const NETWORK: readonly ResourceKind[] = [
  kind("discovery.k8s.io", "EndpointSlice", { generation: true, columns: cluster.ENDPOINT_SLICE_COLUMNS }),
  kind("networking.k8s.io", "IngressClass", {
    cluster: true,
    generation: true,
    columns: cluster.INGRESS_CLASS_COLUMNS,
  }),
  kind("networking.k8s.io", "Ingress", {
    short: ["ing"],
    status: true,
    generation: true,
    columns: core.INGRESS_COLUMNS,
  }),
  kind("networking.k8s.io", "NetworkPolicy", {
    short: ["netpol"],
    generation: true,
    columns: cluster.NETWORK_POLICY_COLUMNS,
  }),
];

const STORAGE: readonly ResourceKind[] = [
  kind("storage.k8s.io", "CSIDriver", { cluster: true, generation: true, columns: cluster.CSI_DRIVER_COLUMNS }),
  kind("storage.k8s.io", "CSINode", { cluster: true, columns: cluster.CSI_NODE_COLUMNS }),
  kind("storage.k8s.io", "CSIStorageCapacity", { plural: "csistoragecapacities" }),
  kind("storage.k8s.io", "StorageClass", { short: ["sc"], cluster: true, columns: cluster.STORAGE_CLASS_COLUMNS }),
  kind("storage.k8s.io", "VolumeAttachment", { cluster: true, status: true, columns: cluster.ATTACHMENT_COLUMNS }),
];

const REST: readonly ResourceKind[] = [
  kind("coordination.k8s.io", "Lease", { columns: cluster.LEASE_COLUMNS }),
  kind("events.k8s.io", "Event", {
    short: ["ev"],
    columns: core.EVENT_COLUMNS,
    storedAs: { group: "", plural: "events" },
    toStorage: eventToCore,
    fromStorage: eventFromCore,
    selectable: ["reason", "reportingController", "type", "regarding.kind", "regarding.name"],
  }),
  kind("flowcontrol.apiserver.k8s.io", "FlowSchema", {
    cluster: true,
    status: true,
    generation: true,
    columns: core.AGE_COLUMNS,
  }),
  kind("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration", {
    cluster: true,
    status: true,
    generation: true,
    columns: core.AGE_COLUMNS,
  }),
  kind("node.k8s.io", "RuntimeClass", { cluster: true, columns: cluster.RUNTIME_CLASS_COLUMNS }),
  kind("policy", "PodDisruptionBudget", {
    short: ["pdb"],
    status: true,
    generation: true,
    columns: workload.DISRUPTION_BUDGET_COLUMNS,
  }),
  kind("scheduling.k8s.io", "PriorityClass", {
    short: ["pc"],
    cluster: true,
    generation: true,
    columns: cluster.PRIORITY_CLASS_COLUMNS,
  }),
];

/** The kinds that the server has from the start. */
export const builtinKinds: readonly ResourceKind[] = [
  ...CORE,
  ...ADMISSION,
  ...WORKLOADS,
  ...ACCESS,
  autoscaler(),
  ...NETWORK,
  ...STORAGE,
  ...REST,
];
