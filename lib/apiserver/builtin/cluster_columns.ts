/** What `kubectl get` prints of the kinds that administer a cluster: access, storage, admission, discovery, certificates. */
import type { KubeObject } from "../../kube/mod.ts";
import { isObject, valueAt } from "../json_value.ts";
import type { PrinterColumn } from "../resource.ts";
import { AGE, formatSelector, text, wide } from "./column.ts";
import { listAt, numberAt, objectAt, objectsAt, stringAt } from "./read.ts";

/** Columns of roles and cluster roles, which print their time as it is. */
export const ROLE_COLUMNS: readonly PrinterColumn[] = [
  { name: "Created At", type: "date", cell: (object) => object.metadata.creationTimestamp ?? "" },
];

function subjects(object: KubeObject, kind: string): string {
  return objectsAt(object, "subjects").filter((subject) => subject["kind"] === kind).map((subject) =>
    kind === "ServiceAccount"
      ? `${stringAt(subject, "namespace")}/${stringAt(subject, "name")}`
      : stringAt(subject, "name")
  ).join(", ");
}

/** Columns of role bindings and cluster role bindings. */
export const BINDING_COLUMNS: readonly PrinterColumn[] = [
  text("Role", (object) => `${stringAt(object, "roleRef.kind")}/${stringAt(object, "roleRef.name")}`),
  AGE,
  wide("Users", (object) => subjects(object, "User")),
  wide("Groups", (object) => subjects(object, "Group")),
  wide("ServiceAccounts", (object) => subjects(object, "ServiceAccount")),
];

/** Columns of ingress classes. */
export const INGRESS_CLASS_COLUMNS: readonly PrinterColumn[] = [
  text("Controller", (object) => stringAt(object, "spec.controller")),
  text("Parameters", (object) => {
    const parameters = objectAt(object, "spec.parameters");
    if (parameters["kind"] === undefined) return "<none>";
    const group = stringAt(parameters, "apiGroup");
    return `${stringAt(parameters, "kind")}${group === "" ? "" : `.${group}`}/${stringAt(parameters, "name")}`;
  }),
  AGE,
];

/** Columns of network policies. */
export const NETWORK_POLICY_COLUMNS: readonly PrinterColumn[] = [
  text("Pod-Selector", (object) => formatSelector(objectAt(object, "spec.podSelector"))),
  AGE,
];

/** Columns of storage classes. */
export const STORAGE_CLASS_COLUMNS: readonly PrinterColumn[] = [
  text("Provisioner", (object) => stringAt(object, "provisioner")),
  text("ReclaimPolicy", (object) => stringAt(object, "reclaimPolicy") || "Delete"),
  text("VolumeBindingMode", (object) => stringAt(object, "volumeBindingMode") || "Immediate"),
  text("AllowVolumeExpansion", (object) => String(valueAt(object, "allowVolumeExpansion") === true)),
  AGE,
];

/** Columns of CSI drivers. */
export const CSI_DRIVER_COLUMNS: readonly PrinterColumn[] = [
  text("AttachRequired", (object) => String(valueAt(object, "spec.attachRequired") !== false)),
  text("PodInfoOnMount", (object) => String(valueAt(object, "spec.podInfoOnMount") === true)),
  text("StorageCapacity", (object) => String(valueAt(object, "spec.storageCapacity") === true)),
  text("TokenRequests", (object) => {
    const audiences = objectsAt(object, "spec.tokenRequests").map((request) => stringAt(request, "audience"));
    return audiences.length === 0 ? "<unset>" : audiences.join(",");
  }),
  text("RequiresRepublish", (object) => String(valueAt(object, "spec.requiresRepublish") === true)),
  text("Modes", (object) => listAt(object, "spec.volumeLifecycleModes").join(",") || "<none>"),
  AGE,
];

/** Columns of CSI nodes. */
export const CSI_NODE_COLUMNS: readonly PrinterColumn[] = [
  { name: "Drivers", type: "integer", cell: (object) => listAt(object, "spec.drivers").length },
  AGE,
];

/** Columns of volume attachments. */
export const ATTACHMENT_COLUMNS: readonly PrinterColumn[] = [
  text("Attacher", (object) => stringAt(object, "spec.attacher")),
  text("PV", (object) => stringAt(object, "spec.source.persistentVolumeName")),
  text("Node", (object) => stringAt(object, "spec.nodeName")),
  text("Attached", (object) => String(valueAt(object, "status.attached") === true)),
  AGE,
];

/** Columns of leases. */
export const LEASE_COLUMNS: readonly PrinterColumn[] = [
  text("Holder", (object) => stringAt(object, "spec.holderIdentity")),
  AGE,
];

/** Columns of endpoint slices. */
export const ENDPOINT_SLICE_COLUMNS: readonly PrinterColumn[] = [
  text("AddressType", (object) => stringAt(object, "addressType")),
  text("Ports", (object) => few(objectsAt(object, "ports").map((port) => String(port["port"] ?? "*")), "<unset>")),
  text(
    "Endpoints",
    (object) => few(objectsAt(object, "endpoints").flatMap((e) => listAt(e, "addresses").map(String)), "<unset>"),
  ),
  AGE,
];

function few(all: string[], none: string): string {
  if (all.length === 0) return none;
  return all.length > 3 ? `${all.slice(0, 3).join(",")} + ${all.length - 3} more...` : all.join(",");
}

/** Columns of priority classes. */
export const PRIORITY_CLASS_COLUMNS: readonly PrinterColumn[] = [
  { name: "Value", type: "integer", cell: (object) => numberAt(object, "value") },
  { name: "Global-Default", type: "boolean", cell: (object) => valueAt(object, "globalDefault") === true },
  AGE,
  text("PreemptionPolicy", (object) => stringAt(object, "preemptionPolicy")),
];

/** Columns of runtime classes. */
export const RUNTIME_CLASS_COLUMNS: readonly PrinterColumn[] = [
  text("Handler", (object) => stringAt(object, "handler")),
  AGE,
];

/** Columns of validating and mutating webhook configurations. */
export const WEBHOOK_COLUMNS: readonly PrinterColumn[] = [
  { name: "Webhooks", type: "integer", cell: (object) => listAt(object, "webhooks").length },
  AGE,
];

/** Columns of validating admission policies. */
export const ADMISSION_POLICY_COLUMNS: readonly PrinterColumn[] = [
  { name: "Validations", type: "integer", cell: (object) => listAt(object, "spec.validations").length },
  text("ParamKind", (object) => {
    const kind = objectAt(object, "spec.paramKind");
    return kind["kind"] === undefined ? "<unset>" : `${stringAt(kind, "apiVersion")}/${stringAt(kind, "kind")}`;
  }),
  AGE,
];

/** Columns of bindings of admission policies. */
export const ADMISSION_BINDING_COLUMNS: readonly PrinterColumn[] = [
  text("PolicyName", (object) => stringAt(object, "spec.policyName")),
  text("ParamRef", (object) => {
    const reference = objectAt(object, "spec.paramRef");
    if (!isObject(valueAt(object, "spec.paramRef"))) return "<unset>";
    const namespace = stringAt(reference, "namespace");
    const name = stringAt(reference, "name");
    if (name !== "") return namespace === "" ? name : `${namespace}/${name}`;
    return `${namespace === "" ? "*" : namespace}/${formatSelector(objectAt(reference, "selector"))}`;
  }),
  AGE,
];

/** Columns of custom resource definitions. */
export const DEFINITION_COLUMNS: readonly PrinterColumn[] = ROLE_COLUMNS;

/** Columns of API services. */
export const API_SERVICE_COLUMNS: readonly PrinterColumn[] = [
  text("Service", (object) => {
    const service = objectAt(object, "spec.service");
    return service["name"] === undefined ? "Local" : `${stringAt(service, "namespace")}/${stringAt(service, "name")}`;
  }),
  text("Available", (object) => {
    const condition = objectsAt(object, "status.conditions").find((c) => c["type"] === "Available");
    if (condition === undefined) return "Unknown";
    return condition["status"] === "True"
      ? "True"
      : `${stringAt(condition, "status")} (${stringAt(condition, "reason")})`;
  }),
  AGE,
];

/** Columns of certificate signing requests. */
export const SIGNING_REQUEST_COLUMNS: readonly PrinterColumn[] = [
  AGE,
  text("SignerName", (object) => stringAt(object, "spec.signerName") || "<none>"),
  text("Requestor", (object) => stringAt(object, "spec.username")),
  text("RequestedDuration", (object) => {
    const seconds = valueAt(object, "spec.expirationSeconds");
    return typeof seconds === "number" ? `${seconds}s` : "<none>";
  }),
  text("Condition", (object) => {
    const types = objectsAt(object, "status.conditions").map((c) => stringAt(c, "type"));
    if (types.length === 0) types.push("Pending");
    if (stringAt(object, "status.certificate") !== "") types.push("Issued");
    return types.join(",");
  }),
];
