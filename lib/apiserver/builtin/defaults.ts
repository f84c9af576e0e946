/** Defaults that hang on other fields, of the kinds that are no workloads; and which function a kind has. */
import { isObject, type JsonObject } from "../json_value.ts";
import { defaultPod, defaultPodSpec } from "./pod_defaults.ts";
import { fallback, listAt, makeObject, objectAt, objectsAt, stringAt } from "./read.ts";
import * as workload from "./workload_defaults.ts";

const RBAC = "rbac.authorization.k8s.io";
const CLIENT_IP_TIMEOUT = 10800;

function defaultService(object: JsonObject): void {
  const spec = objectAt(object, "spec");
  fallback(spec, "sessionAffinity", "None");
  fallback(spec, "type", "ClusterIP");
  if (spec["sessionAffinity"] === "ClientIP") {
    const client = makeObject(makeObject(spec, "sessionAffinityConfig"), "clientIP");
    fallback(client, "timeoutSeconds", CLIENT_IP_TIMEOUT);
  }
  for (const port of objectsAt(spec, "ports")) {
    fallback(port, "protocol", "TCP");
    if (port["targetPort"] === undefined || port["targetPort"] === 0 || port["targetPort"] === "") {
      port["targetPort"] = port["port"];
    }
  }
  const external = spec["type"] === "NodePort" || spec["type"] === "LoadBalancer";
  if (external || (spec["type"] === "ClusterIP" && listAt(spec, "externalIPs").length > 0)) {
    fallback(spec, "externalTrafficPolicy", "Cluster");
  }
  if (external || spec["type"] === "ClusterIP") fallback(spec, "internalTrafficPolicy", "Cluster");
  if (spec["type"] === "LoadBalancer") fallback(spec, "allocateLoadBalancerNodePorts", true);
}

/** `stringData` is for writing only: it goes into `data`. */
function defaultSecret(object: JsonObject): void {
  fallback(object, "type", "Opaque");
  const plain = object["stringData"];
  if (!isObject(plain)) return;
  const data = makeObject(object, "data");
  for (const [key, value] of Object.entries(plain)) data[key] = encode(String(value));
  delete object["stringData"];
}

function encode(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function defaultNamespace(object: JsonObject): void {
  const metadata = makeObject(object, "metadata");
  const name = stringAt(metadata, "name");
  if (name !== "") makeObject(metadata, "labels")["kubernetes.io/metadata.name"] = name;
}

function defaultVolume(object: JsonObject): void {
  const spec = objectAt(object, "spec");
  fallback(makeObject(object, "status"), "phase", "Pending");
  fallback(spec, "persistentVolumeReclaimPolicy", "Retain");
  fallback(spec, "volumeMode", "Filesystem");
  if (isObject(spec["hostPath"])) fallback(spec["hostPath"], "type", "");
}

function defaultNetworkPolicy(object: JsonObject): void {
  const spec = objectAt(object, "spec");
  for (const rule of [...objectsAt(spec, "ingress"), ...objectsAt(spec, "egress")]) {
    for (const port of objectsAt(rule, "ports")) fallback(port, "protocol", "TCP");
  }
  if (listAt(spec, "policyTypes").length > 0) return;
  spec["policyTypes"] = listAt(spec, "egress").length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

function defaultBinding(object: JsonObject): void {
  if (isObject(object["roleRef"])) fallback(object["roleRef"], "apiGroup", RBAC);
  for (const subject of objectsAt(object, "subjects")) {
    if (subject["kind"] === "User" || subject["kind"] === "Group") fallback(subject, "apiGroup", RBAC);
  }
}

function defaultStorageClass(object: JsonObject): void {
  fallback(object, "reclaimPolicy", "Delete");
  fallback(object, "volumeBindingMode", "Immediate");
}

function defaultDriver(object: JsonObject): void {
  const spec = objectAt(object, "spec");
  fallback(spec, "attachRequired", true);
  fallback(spec, "podInfoOnMount", false);
  fallback(spec, "storageCapacity", false);
  fallback(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
  if (listAt(spec, "volumeLifecycleModes").length === 0) spec["volumeLifecycleModes"] = ["Persistent"];
  fallback(spec, "requiresRepublish", false);
  fallback(spec, "seLinuxMount", false);
}

function defaultWebhooks(object: JsonObject): void {
  for (const webhook of objectsAt(object, "webhooks")) {
    fallback(webhook, "failurePolicy", "Fail");
    fallback(webhook, "timeoutSeconds", 10);
    defaultMatching(webhook, "rules");
    if (object["kind"] === "MutatingWebhookConfiguration") fallback(webhook, "reinvocationPolicy", "Never");
    const service = objectAt(webhook, "clientConfig")["service"];
    if (isObject(service)) fallback(service, "port", 443);
  }
}

function defaultMatching(match: JsonObject, rules: string): void {
  fallback(match, "matchPolicy", "Equivalent");
  fallback(match, "namespaceSelector", {});
  fallback(match, "objectSelector", {});
  for (const rule of objectsAt(match, rules)) fallback(rule, "scope", "*");
}

function defaultPolicy(object: JsonObject): void {
  const spec = objectAt(object, "spec");
  fallback(spec, "failurePolicy", "Fail");
  const match = spec["matchConstraints"];
  if (isObject(match)) defaultMatching(match, "resourceRules");
}

function defaultPolicyBinding(object: JsonObject): void {
  const match = objectAt(object, "spec")["matchResources"];
  if (isObject(match)) defaultMatching(match, "resourceRules");
}

function defaultDefinition(object: JsonObject): void {
  const spec = objectAt(object, "spec");
  const names = objectAt(spec, "names");
  const kind = stringAt(names, "kind");
  if (kind !== "") {
    fallback(names, "singular", kind.toLowerCase());
    fallback(names, "listKind", `${kind}List`);
  }
  const conversion = makeObject(spec, "conversion");
  fallback(conversion, "strategy", "None");
  const service = objectAt(conversion, "webhook.clientConfig")["service"];
  if (isObject(service)) fallback(service, "port", 443);
}

function defaultApiService(object: JsonObject): void {
  const service = objectAt(object, "spec")["service"];
  if (isObject(service)) fallback(service, "port", 443);
}

function defaultEndpoints(object: JsonObject): void {
  for (const subset of objectsAt(object, "subsets")) {
    for (const port of objectsAt(subset, "ports")) fallback(port, "protocol", "TCP");
  }
}

function defaultEndpointSlice(object: JsonObject): void {
  for (const port of objectsAt(object, "ports")) {
    fallback(port, "name", "");
    fallback(port, "protocol", "TCP");
  }
}

/** What a container may have at most is what it gets when it asks for nothing; what it gets is what it requests. */
function defaultLimitRange(object: JsonObject): void {
  for (const limit of objectsAt(object, "spec.limits")) {
    if (limit["type"] !== "Container") continue;
    const defaults = { ...objectAt(limit, "max"), ...objectAt(limit, "default") };
    const requests = { ...defaults, ...objectAt(limit, "min"), ...objectAt(limit, "defaultRequest") };
    if (Object.keys(defaults).length > 0) limit["default"] = defaults;
    if (Object.keys(requests).length > 0) limit["defaultRequest"] = requests;
  }
}

const DEFAULTS: Readonly<Record<string, (object: JsonObject) => void>> = {
  "/Endpoints": defaultEndpoints,
  "/LimitRange": defaultLimitRange,
  "/Namespace": defaultNamespace,
  "/PersistentVolume": defaultVolume,
  "/PersistentVolumeClaim": workload.defaultClaim,
  "/Pod": defaultPod,
  "/PodTemplate": (object) => defaultPodSpec(objectAt(object, "template.spec")),
  "/ReplicationController": workload.defaultReplicationController,
  "/Secret": defaultSecret,
  "/Service": defaultService,
  "admissionregistration.k8s.io/MutatingWebhookConfiguration": defaultWebhooks,
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy": defaultPolicy,
  "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding": defaultPolicyBinding,
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration": defaultWebhooks,
  "apiextensions.k8s.io/CustomResourceDefinition": defaultDefinition,
  "apiregistration.k8s.io/APIService": defaultApiService,
  "apps/DaemonSet": workload.defaultDaemonSet,
  "apps/Deployment": workload.defaultDeployment,
  "apps/ReplicaSet": workload.defaultReplicaSet,
  "apps/StatefulSet": workload.defaultStatefulSet,
  "autoscaling/HorizontalPodAutoscaler": workload.defaultAutoscaler,
  "batch/CronJob": workload.defaultCronJob,
  "batch/Job": workload.defaultJob,
  "discovery.k8s.io/EndpointSlice": defaultEndpointSlice,
  "networking.k8s.io/NetworkPolicy": defaultNetworkPolicy,
  "rbac.authorization.k8s.io/ClusterRoleBinding": defaultBinding,
  "rbac.authorization.k8s.io/RoleBinding": defaultBinding,
  "scheduling.k8s.io/PriorityClass": (object) => fallback(object, "preemptionPolicy", "PreemptLowerPriority"),
  "storage.k8s.io/CSIDriver": defaultDriver,
  "storage.k8s.io/StorageClass": defaultStorageClass,
};

/** The defaults of a kind that its schema does not say; nothing for most kinds. */
export function defaultsOf(group: string, kind: string): (object: JsonObject) => void {
  return DEFAULTS[`${group}/${kind}`] ?? (() => {});
}
