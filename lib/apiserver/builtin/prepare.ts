/** What the real server fills in when it stores an object: addresses, ports, selectors, the first status. */
import type { KubeObject } from "../../kube/mod.ts";
import { equalJson, isObject, type JsonObject } from "../json_value.ts";
import { fallback, listAt, makeObject, numberAt, objectAt, objectsAt, stringAt } from "./read.ts";

type Prepare = (object: KubeObject, old: KubeObject | undefined) => void;

/** Random addresses of 10.96.0.0/16: nothing is routed there, so that two services could meet only costs a name. */
function randomAddress(): string {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint8Array(2));
  return `10.96.${high}.${1 + low % 254}`;
}

const FIRST_NODE_PORT = 30000;
const NODE_PORTS = 2768;

function randomNodePort(taken: ReadonlySet<number>): number {
  for (;;) {
    const [number = 0] = crypto.getRandomValues(new Uint16Array(1));
    const port = FIRST_NODE_PORT + number % NODE_PORTS;
    if (!taken.has(port)) return port;
  }
}

const prepareService: Prepare = (object, old) => {
  const spec = objectAt(object, "spec");
  if (spec["type"] === "ExternalName") return releaseAddresses(spec);
  const before = objectAt(old, "spec");
  if (before["type"] !== "ExternalName") keepAllocated(spec, before);
  const address = stringAt(spec, "clusterIP") || String(listAt(spec, "clusterIPs")[0] ?? "") || randomAddress();
  spec["clusterIP"] = address;
  fallback(spec, "clusterIPs", [address]);
  fallback(spec, "ipFamilies", [address.includes(":") ? "IPv6" : "IPv4"]);
  const selectorless = Object.keys(objectAt(spec, "selector")).length === 0;
  fallback(spec, "ipFamilyPolicy", address === "None" && selectorless ? "RequireDualStack" : "SingleStack");
  if (spec["ipFamilyPolicy"] === "RequireDualStack" && address === "None" && listAt(spec, "ipFamilies").length === 1) {
    spec["ipFamilies"] = ["IPv4", "IPv6"];
  }
  allocateNodePorts(spec);
};

/** A service that only names another host has no addresses of its own. */
function releaseAddresses(spec: JsonObject): void {
  for (const field of ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"]) delete spec[field];
}

/** An update that leaves out what was allocated means to keep it. */
function keepAllocated(spec: JsonObject, before: JsonObject): void {
  for (const field of ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort"]) {
    if (before[field] !== undefined) fallback(spec, field, before[field]);
  }
  if (!hasNodePorts(spec) || !hasNodePorts(before)) return;
  for (const port of objectsAt(spec, "ports")) {
    const same = objectsAt(before, "ports").find((other) =>
      other["port"] === port["port"] && other["protocol"] === port["protocol"]
    );
    if (numberAt(port, "nodePort") === 0 && same?.["nodePort"] !== undefined) port["nodePort"] = same["nodePort"];
  }
}

function hasNodePorts(spec: JsonObject): boolean {
  return spec["type"] === "NodePort" ||
    (spec["type"] === "LoadBalancer" && spec["allocateLoadBalancerNodePorts"] !== false);
}

function allocateNodePorts(spec: JsonObject): void {
  if (!hasNodePorts(spec)) return;
  const taken = new Set(objectsAt(spec, "ports").map((port) => numberAt(port, "nodePort")));
  for (const port of objectsAt(spec, "ports")) {
    if (numberAt(port, "nodePort") !== 0) continue;
    const allocated = randomNodePort(taken);
    taken.add(allocated);
    port["nodePort"] = allocated;
  }
  if (spec["type"] === "LoadBalancer" && spec["externalTrafficPolicy"] === "Local") {
    fallback(spec, "healthCheckNodePort", randomNodePort(taken));
  }
}

const UID_LABEL = "batch.kubernetes.io/controller-uid";

const prepareJob: Prepare = (job, old) => {
  const spec = objectAt(job, "spec");
  if (old !== undefined || spec["manualSelector"] === true) return;
  const { uid } = job.metadata;
  const labels = makeObject(makeObject(makeObject(spec, "template"), "metadata"), "labels");
  Object.assign(labels, {
    [UID_LABEL]: uid,
    "batch.kubernetes.io/job-name": job.metadata.name,
    "controller-uid": uid,
    "job-name": job.metadata.name,
  });
  fallback(spec, "selector", {});
  makeObject(objectAt(spec, "selector"), "matchLabels")[UID_LABEL] = uid;
};

/** Fields of pods that admission filled in, and that a later PUT may leave out. */
const ADMITTED = ["serviceAccountName", "serviceAccount", "priority", "preemptionPolicy", "nodeName"];

/** What admission adds to pods: an account, a priority, patience with unreachable nodes. */
const preparePod: Prepare = (pod, old) => {
  const spec = objectAt(pod, "spec");
  const before = objectAt(old, "spec");
  for (const field of ADMITTED) if (before[field] !== undefined) fallback(spec, field, before[field]);
  fallback(spec, "serviceAccountName", "default");
  fallback(spec, "serviceAccount", spec["serviceAccountName"]);
  fallback(spec, "preemptionPolicy", "PreemptLowerPriority");
  fallback(spec, "priority", 0);
  const tolerations = [...listAt(spec, "tolerations")];
  for (const key of ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]) {
    if (tolerations.some((toleration) => isObject(toleration) && toleration["key"] === key)) continue;
    tolerations.push({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 });
  }
  spec["tolerations"] = tolerations;
  // Leaving out what the server had filled in is no new wish.
  const { generation } = old?.metadata ?? {};
  if (generation !== undefined && equalJson(spec, before)) pod.metadata.generation = generation;
  if (old === undefined) pod["status"] = { phase: "Pending", qosClass: qosClass(spec) };
};

function qosClass(spec: JsonObject): string {
  const containers = [...objectsAt(spec, "initContainers"), ...objectsAt(spec, "containers")];
  const resources = containers.map((container) => objectAt(container, "resources"));
  if (resources.every((r) => r["limits"] === undefined && r["requests"] === undefined)) return "BestEffort";
  const guaranteed = resources.every((r) =>
    ["cpu", "memory"].every((name) => {
      const limit = objectAt(r, "limits")[name];
      return limit !== undefined && (objectAt(r, "requests")[name] ?? limit) === limit;
    })
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}

/** Counts the changes of a daemon set's template. */
export const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

/** How often a daemon set's template changed stands in an annotation, where an old version of the kind had a field. */
const prepareDaemonSet: Prepare = (object, old) => {
  const before = Number(old?.metadata.annotations?.[TEMPLATE_GENERATION] ?? 0);
  const same = old !== undefined && equalJson(objectAt(object, "spec")["template"], objectAt(old, "spec")["template"]);
  object.metadata.annotations = {
    ...object.metadata.annotations,
    [TEMPLATE_GENERATION]: String(same ? before : before + 1),
  };
};

/** Of deployments, and only of them, a change of annotations counts as one of the wish. */
const prepareDeployment: Prepare = (object, old) => {
  if (old === undefined || object.metadata.generation !== old.metadata.generation) return;
  if (equalJson(object.metadata.annotations ?? {}, old.metadata.annotations ?? {})) return;
  object.metadata.generation = (old.metadata.generation ?? 0) + 1;
};

/** Nothing is measured yet, which this kind says. */
const prepareAutoscaler: Prepare = (object, old) => {
  if (old === undefined) object["status"] = { ...objectAt(object, "status"), currentMetrics: null };
};

/** A role without rules says so. */
const prepareRole: Prepare = (role) => {
  if (listAt(role, "rules").length === 0) role["rules"] = null;
};

/** Volumes and claims wait for one another first. */
const preparePending: Prepare = (object, old) => {
  if (old === undefined) object["status"] = { ...objectAt(object, "status"), phase: "Pending" };
};

const PREPARE: Readonly<Record<string, Prepare>> = {
  "/PersistentVolume": preparePending,
  "/PersistentVolumeClaim": preparePending,
  "/Pod": preparePod,
  "/Service": prepareService,
  "apps/DaemonSet": prepareDaemonSet,
  "apps/Deployment": prepareDeployment,
  "autoscaling/HorizontalPodAutoscaler": prepareAutoscaler,
  "batch/Job": prepareJob,
  "rbac.authorization.k8s.io/ClusterRole": prepareRole,
  "rbac.authorization.k8s.io/Role": prepareRole,
};

/** What a kind fills in; undefined for most. */
export function prepareOf(group: string, kind: string): Prepare | undefined {
  return PREPARE[`${group}/${kind}`];
}
