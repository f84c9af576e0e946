/** What `kubectl get` prints of the core kinds but pods. */
import type { KubeObject } from "../../kube/mod.ts";
import type { JsonObject } from "../json_value.ts";
import { valueAt } from "../json_value.ts";
import type { PrinterColumn } from "../resource.ts";
import { AGE, formatSelector, NAME, sizeOf, text, wide } from "./column.ts";
import { ageOf } from "./duration.ts";
import { listAt, numberAt, objectAt, objectsAt, stringAt } from "./read.ts";

/** Columns of kinds that have nothing to tell but their age. */
export const AGE_COLUMNS: readonly PrinterColumn[] = [AGE];

/** Columns of namespaces. */
export const NAMESPACE_COLUMNS: readonly PrinterColumn[] = [text("Status", (o) => stringAt(o, "status.phase")), AGE];

/** Columns of config maps. */
export const CONFIG_MAP_COLUMNS: readonly PrinterColumn[] = [
  { name: "Data", type: "integer", cell: (object) => sizeOf(object, "data", "binaryData") },
  AGE,
];

/** Columns of secrets. */
export const SECRET_COLUMNS: readonly PrinterColumn[] = [
  text("Type", (object) => stringAt(object, "type")),
  { name: "Data", type: "integer", cell: (object) => sizeOf(object, "data") },
  AGE,
];

/** Columns of service accounts. */
export const SERVICE_ACCOUNT_COLUMNS: readonly PrinterColumn[] = [
  { name: "Secrets", type: "integer", cell: (object) => sizeOf(object, "secrets") },
  AGE,
];

/** Columns of services. */
export const SERVICE_COLUMNS: readonly PrinterColumn[] = [
  text("Type", (object) => stringAt(object, "spec.type")),
  text("Cluster-IP", (object) => stringAt(object, "spec.clusterIP") || "<none>"),
  text("External-IP", externalIp),
  text("Port(s)", (object) => objectsAt(object, "spec.ports").map(servicePort).join(",") || "<none>"),
  AGE,
  wide("Selector", (object) => formatSelector(objectAt(object, "spec.selector"))),
];

function servicePort(port: JsonObject): string {
  const node = numberAt(port, "nodePort");
  return `${numberAt(port, "port")}${node > 0 ? `:${node}` : ""}/${stringAt(port, "protocol")}`;
}

function externalIp(service: KubeObject): string {
  const given = listAt(service, "spec.externalIPs").join(",");
  switch (stringAt(service, "spec.type")) {
    case "LoadBalancer": {
      const balanced = loadBalancer(service);
      if (balanced !== "") return given === "" ? balanced : `${balanced},${given}`;
      return given || "<pending>";
    }
    case "ExternalName":
      return stringAt(service, "spec.externalName");
    default:
      return given || "<none>";
  }
}

function loadBalancer(object: KubeObject): string {
  return objectsAt(object, "status.loadBalancer.ingress").map((i) => stringAt(i, "ip") || stringAt(i, "hostname")).join(
    ",",
  );
}

/** Columns of ingresses. */
export const INGRESS_COLUMNS: readonly PrinterColumn[] = [
  text("Class", (object) => stringAt(object, "spec.ingressClassName") || "<none>"),
  text("Hosts", ingressHosts),
  text("Address", loadBalancer),
  text("Ports", (object) => listAt(object, "spec.tls").length > 0 ? "80, 443" : "80"),
  AGE,
];

function ingressHosts(ingress: KubeObject): string {
  const hosts = objectsAt(ingress, "spec.rules").map((rule) => stringAt(rule, "host")).filter((host) => host !== "");
  if (hosts.length > 3) return `${hosts.slice(0, 3).join(",")} + ${hosts.length - 3} more...`;
  return hosts.length === 0 ? "*" : hosts.join(",");
}

/** Columns of endpoints. */
export const ENDPOINTS_COLUMNS: readonly PrinterColumn[] = [text("Endpoints", endpoints), AGE];

function endpoints(object: KubeObject): string {
  const all: string[] = [];
  for (const subset of objectsAt(object, "subsets")) {
    const ports = objectsAt(subset, "ports");
    for (const address of objectsAt(subset, "addresses")) {
      const ip = stringAt(address, "ip");
      if (ports.length === 0) all.push(ip);
      for (const port of ports) all.push(`${ip}:${numberAt(port, "port")}`);
    }
  }
  if (all.length === 0) return "<none>";
  return all.length > 3 ? `${all.slice(0, 3).join(",")} + ${all.length - 3} more...` : all.join(",");
}

/** Columns of nodes. */
export const NODE_COLUMNS: readonly PrinterColumn[] = [
  text("Status", nodeStatus),
  text("Roles", nodeRoles),
  AGE,
  text("Version", (object) => stringAt(object, "status.nodeInfo.kubeletVersion")),
  wide("Internal-IP", (object) => nodeAddress(object, "InternalIP")),
  wide("External-IP", (object) => nodeAddress(object, "ExternalIP")),
  wide("OS-Image", (object) => stringAt(object, "status.nodeInfo.osImage") || "<unknown>"),
  wide("Kernel-Version", (object) => stringAt(object, "status.nodeInfo.kernelVersion") || "<unknown>"),
  wide("Container-Runtime", (object) => stringAt(object, "status.nodeInfo.containerRuntimeVersion") || "<unknown>"),
];

function nodeStatus(node: KubeObject): string {
  const ready = objectsAt(node, "status.conditions").find((condition) => condition["type"] === "Ready");
  const status = ready === undefined ? "Unknown" : ready["status"] === "True" ? "Ready" : "NotReady";
  return valueAt(node, "spec.unschedulable") === true ? `${status},SchedulingDisabled` : status;
}

const ROLE_LABEL = "node-role.kubernetes.io/";

function nodeRoles(node: KubeObject): string {
  const labels = node.metadata.labels ?? {};
  const roles = Object.keys(labels).filter((key) => key.startsWith(ROLE_LABEL)).map((key) =>
    key.slice(ROLE_LABEL.length)
  );
  const named = labels["kubernetes.io/role"];
  if (named !== undefined && named !== "") roles.push(named);
  return roles.filter((role) => role !== "").sort().join(",") || "<none>";
}

function nodeAddress(node: KubeObject, type: string): string {
  return stringAt(objectsAt(node, "status.addresses").find((address) => address["type"] === type), "address") ||
    "<none>";
}

const ACCESS_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

function accessModes(object: KubeObject, path: string): string {
  return listAt(object, path).map((mode) => ACCESS_MODES[String(mode)] ?? "").join(",");
}

/** Columns of persistent volumes. */
export const VOLUME_COLUMNS: readonly PrinterColumn[] = [
  text("Capacity", (object) => stringAt(object, "spec.capacity.storage")),
  text("Access Modes", (object) => accessModes(object, "spec.accessModes")),
  text("Reclaim Policy", (object) => stringAt(object, "spec.persistentVolumeReclaimPolicy")),
  text("Status", (object) => terminatingOr(object, stringAt(object, "status.phase"))),
  text("Claim", (object) => {
    const claim = objectAt(object, "spec.claimRef");
    return claim["name"] === undefined ? "" : `${stringAt(claim, "namespace")}/${stringAt(claim, "name")}`;
  }),
  text("StorageClass", storageClass),
  text("VolumeAttributesClass", (object) => stringAt(object, "spec.volumeAttributesClassName") || "<unset>"),
  text("Reason", (object) => stringAt(object, "status.reason")),
  AGE,
  wide("VolumeMode", (object) => stringAt(object, "spec.volumeMode") || "<unset>"),
];

/** Columns of persistent volume claims. */
export const CLAIM_COLUMNS: readonly PrinterColumn[] = [
  text("Status", (object) => terminatingOr(object, stringAt(object, "status.phase"))),
  text("Volume", (object) => stringAt(object, "spec.volumeName")),
  text(
    "Capacity",
    (object) => stringAt(object, "spec.volumeName") === "" ? "" : stringAt(object, "status.capacity.storage"),
  ),
  text(
    "Access Modes",
    (object) => stringAt(object, "spec.volumeName") === "" ? "" : accessModes(object, "status.accessModes"),
  ),
  text("StorageClass", storageClass),
  text("VolumeAttributesClass", (object) => stringAt(object, "spec.volumeAttributesClassName") || "<unset>"),
  AGE,
  wide("VolumeMode", (object) => stringAt(object, "spec.volumeMode") || "<unset>"),
];

function terminatingOr(object: KubeObject, status: string): string {
  return object.metadata.deletionTimestamp === undefined ? status : "Terminating";
}

function storageClass(object: KubeObject): string {
  const old = object.metadata.annotations?.["volume.beta.kubernetes.io/storage-class"];
  return old ?? stringAt(object, "spec.storageClassName");
}

/** Columns of resource quotas. */
export const QUOTA_COLUMNS: readonly PrinterColumn[] = [
  text("Request", (object) => quota(object, (name) => !name.startsWith("limits."))),
  text("Limit", (object) => quota(object, (name) => name.startsWith("limits."))),
  AGE,
];

function quota(object: KubeObject, wanted: (name: string) => boolean): string {
  const hard = objectAt(object, "status.hard");
  const used = objectAt(object, "status.used");
  const names = Object.keys(hard).filter(wanted).sort();
  return names.map((name) => `${name}: ${String(used[name] ?? 0)}/${String(hard[name])}`).join(", ");
}

/** Columns of events; their name comes last, and only when asked for. */
export const EVENT_COLUMNS: readonly PrinterColumn[] = [
  text("Last Seen", (event, now) => ageOf(lastSeen(event) || event.metadata.creationTimestamp, now)),
  text("Type", (event) => stringAt(event, "type")),
  text("Reason", (event) => stringAt(event, "reason")),
  text("Object", (event) => {
    const about = eventObject(event);
    const name = stringAt(about, "name");
    return `${stringAt(about, "kind").toLowerCase()}${name === "" ? "" : `/${name}`}`;
  }),
  wide("Subobject", (event) => stringAt(eventObject(event), "fieldPath")),
  wide("Source", eventSource),
  text("Message", (event) => (stringAt(event, "message") || stringAt(event, "note")).trim()),
  wide(
    "First Seen",
    (event, now) =>
      ageOf(
        stringAt(event, "firstTimestamp") || stringAt(event, "deprecatedFirstTimestamp") ||
          stringAt(event, "eventTime"),
        now,
      ),
  ),
  {
    name: "Count",
    type: "string",
    priority: 1,
    cell: (event) =>
      String(numberAt(event, "series.count") || numberAt(event, "count") || numberAt(event, "deprecatedCount") || 1),
  },
  { ...NAME, priority: 1 },
];

function eventObject(event: KubeObject): JsonObject {
  return objectAt(event, event["involvedObject"] === undefined ? "regarding" : "involvedObject");
}

function lastSeen(event: KubeObject): string {
  const paths = ["series.lastObservedTime", "lastTimestamp", "deprecatedLastTimestamp", "eventTime", "firstTimestamp"];
  return paths.map((path) => stringAt(event, path)).find((time) => time !== "") ?? "";
}

function eventSource(event: KubeObject): string {
  const component = stringAt(event, "source.component") || stringAt(event, "deprecatedSource.component") ||
    stringAt(event, "reportingComponent") || stringAt(event, "reportingController");
  const host = stringAt(event, "source.host") || stringAt(event, "deprecatedSource.host") ||
    stringAt(event, "reportingInstance");
  return host === "" ? component : `${component}, ${host}`;
}
