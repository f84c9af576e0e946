/** Rules of the core kinds, of networking, access and storage. */
import type { KubeObject } from "../../kube/mod.ts";
import { equalJson, isObject, type JsonObject, valueAt } from "../json_value.ts";
import type { FieldError } from "../resource.ts";
import { duplicate, forbidden, invalid, nameErrors, notSupported, required } from "../schema/mod.ts";
import { checkPodSpec, checkPodUpdate, isPort, portError } from "./pod_checks.ts";
import { listAt, numberAt, objectAt, objectsAt, stringAt } from "./read.ts";
import { immutable } from "./workload_checks.ts";

type Check = (object: KubeObject, old: KubeObject | undefined) => FieldError[];

const KEY = /^[-._a-zA-Z0-9]+$/;
const KEY_TEXT = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' " +
  "(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

function checkKeys(object: KubeObject, field: string): FieldError[] {
  return Object.keys(objectAt(object, field)).filter((key) => !KEY.test(key) || key === "." || key === "..").map((
    key,
  ) => invalid(`${field}[${key}]`, key, KEY_TEXT));
}

/** What is marked immutable stays so, and its data with it. */
function checkImmutable(object: KubeObject, old: KubeObject | undefined, fields: readonly string[]): FieldError[] {
  if (old?.["immutable"] !== true) return [];
  const why = "field is immutable when `immutable` is set";
  const errors = object["immutable"] === true ? [] : [forbidden("immutable", why)];
  for (const field of fields) if (!equalJson(object[field], old[field])) errors.push(forbidden(field, why));
  return errors;
}

const checkConfigMap: Check = (object, old) => [
  ...checkKeys(object, "data"),
  ...checkKeys(object, "binaryData"),
  ...checkImmutable(object, old, ["data", "binaryData"]),
];

/** Keys that a secret of a type must have. */
const SECRET_KEYS: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

const checkSecret: Check = (object, old) => {
  const data = objectAt(object, "data");
  const missing = (SECRET_KEYS[stringAt(object, "type")] ?? []).filter((key) => data[key] === undefined);
  return [
    ...missing.map((key) => required(`data[${key}]`)),
    ...checkKeys(object, "data"),
    ...immutable(object, old, "type"),
    ...checkImmutable(object, old, ["data"]),
  ];
};

const checkService: Check = (object, old) => {
  const spec = objectAt(object, "spec");
  const { name } = object.metadata;
  const errors = old === undefined ? nameErrors("dns1035", name).map((why) => invalid("metadata.name", name, why)) : [];
  const ports = objectsAt(spec, "ports");
  const headless = stringAt(spec, "clusterIP") === "None";
  if (ports.length === 0 && !headless && spec["type"] !== "ExternalName") errors.push(required("spec.ports"));
  if (spec["type"] === "ExternalName" && stringAt(spec, "externalName") === "") {
    errors.push(required("spec.externalName"));
  }
  checkServicePorts(ports, errors);
  const before = objectAt(old, "spec");
  const kept = before["type"] !== "ExternalName" && spec["type"] !== "ExternalName" &&
    stringAt(before, "clusterIP") !== "";
  if (kept && stringAt(spec, "clusterIP") !== stringAt(before, "clusterIP")) {
    errors.push(invalid("spec.clusterIPs[0]", [spec["clusterIP"]], "may not change once set"));
  }
  return errors;
};

function checkServicePorts(ports: readonly JsonObject[], errors: FieldError[]): void {
  const names = new Set<string>();
  const numbers = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const path = `spec.ports[${index}]`;
    const name = stringAt(port, "name");
    if (name === "" && ports.length > 1) errors.push(required(`${path}.name`));
    if (name !== "") errors.push(...nameErrors("label", name).map((why) => invalid(`${path}.name`, name, why)));
    if (name !== "" && names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
    const number = numberAt(port, "port");
    if (!isPort(number)) errors.push(portError(`${path}.port`, number));
    const target = port["targetPort"];
    if (typeof target === "number" && !isPort(target)) errors.push(portError(`${path}.targetPort`, target));
    const protocol = stringAt(port, "protocol");
    const identity = `${protocol}/${number}`;
    if (numbers.has(identity)) errors.push(duplicate(path, { port: number, protocol }));
    numbers.add(identity);
  }
}

const checkPod: Check = (object, old) => {
  const spec = objectAt(object, "spec");
  const errors = checkPodSpec(spec, "spec");
  return old === undefined ? errors : [...errors, ...checkPodUpdate(spec, objectAt(old, "spec"))];
};

const MUTABLE_OF_CLAIMS = ["resources", "volumeAttributesClassName", "volumeName", "storageClassName"];

const checkClaim: Check = (object, old) => {
  const spec = objectAt(object, "spec");
  const errors: FieldError[] = [];
  if (listAt(spec, "accessModes").length === 0) {
    errors.push(required("spec.accessModes", "at least 1 access mode is required"));
  }
  if (objectAt(spec, "resources.requests")["storage"] === undefined) errors.push(required("spec.resources[storage]"));
  if (old === undefined) return errors;
  const frozen = (value: JsonObject) =>
    Object.fromEntries(Object.entries(value).filter(([key]) => !MUTABLE_OF_CLAIMS.includes(key)));
  if (!equalJson(frozen(spec), frozen(objectAt(old, "spec")))) {
    const why =
      "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
    errors.push(forbidden("spec", why));
  }
  return errors;
};

const checkIngress: Check = (object) => {
  const spec = objectAt(object, "spec");
  const rules = objectsAt(spec, "rules");
  const errors: FieldError[] = [];
  if (rules.length === 0 && !isObject(spec["defaultBackend"])) {
    errors.push(invalid("spec", spec, "either `defaultBackend` or `rules` must be specified"));
  }
  for (const [r, rule] of rules.entries()) {
    const host = stringAt(rule, "host");
    if (host !== "" && !host.includes("*")) {
      errors.push(...nameErrors("subdomain", host).map((why) => invalid(`spec.rules[${r}].host`, host, why)));
    }
    for (const [p, path] of objectsAt(rule, "http.paths").entries()) {
      checkPath(path, `spec.rules[${r}].http.paths[${p}]`, errors);
    }
  }
  return errors;
};

const PATH_TYPES = ["Exact", "ImplementationSpecific", "Prefix"];

function checkPath(path: JsonObject, where: string, errors: FieldError[]): void {
  const type = stringAt(path, "pathType");
  const text = stringAt(path, "path");
  if (type === "") errors.push(required(`${where}.pathType`, "pathType must be specified"));
  else if (!PATH_TYPES.includes(type)) errors.push(notSupported(`${where}.pathType`, type, PATH_TYPES));
  else if (type !== "ImplementationSpecific" && !text.startsWith("/")) {
    errors.push(invalid(`${where}.path`, text, "must be an absolute path"));
  }
  const backend = objectAt(path, "backend");
  if (isObject(backend["service"]) === isObject(backend["resource"])) {
    errors.push(invalid(`${where}.backend`, "", "cannot set both resource and service backends"));
  } else if (isObject(backend["service"])) checkServiceBackend(backend["service"], `${where}.backend.service`, errors);
}

function checkServiceBackend(service: JsonObject, where: string, errors: FieldError[]): void {
  if (stringAt(service, "name") === "") errors.push(required(`${where}.name`));
  const port = objectAt(service, "port");
  if (stringAt(port, "name") === "" && numberAt(port, "number") === 0) {
    errors.push(required(where, "port name or number is required"));
  }
}

const checkBinding: Check = (object, old) => {
  if (old === undefined || equalJson(object["roleRef"], old["roleRef"])) return [];
  return [invalid("roleRef", object["roleRef"], "cannot change roleRef")];
};

const checkStorageClass: Check = (object, old) => {
  const errors: FieldError[] = [];
  if (stringAt(object, "provisioner") === "") errors.push(required("provisioner"));
  for (const field of ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"]) {
    if (old === undefined || equalJson(object[field], old[field])) continue;
    const why = field === "parameters" ? "updates to parameters are forbidden." : `updates to ${field} are forbidden.`;
    errors.push(
      field === "volumeBindingMode" ? invalid(field, object[field], "field is immutable") : forbidden(field, why),
    );
  }
  return errors;
};

const checkPriorityClass: Check = (object, old) => {
  if (old === undefined || valueAt(object, "value") === valueAt(old, "value")) return [];
  return [invalid("value", valueAt(object, "value"), "field is immutable")];
};

/** Rules by kind. */
export const CORE_CHECKS: Readonly<Record<string, Check>> = {
  "/ConfigMap": checkConfigMap,
  "/PersistentVolumeClaim": checkClaim,
  "/Pod": checkPod,
  "/Secret": checkSecret,
  "/Service": checkService,
  "networking.k8s.io/Ingress": checkIngress,
  "rbac.authorization.k8s.io/ClusterRoleBinding": checkBinding,
  "rbac.authorization.k8s.io/RoleBinding": checkBinding,
  "scheduling.k8s.io/PriorityClass": checkPriorityClass,
  "storage.k8s.io/StorageClass": checkStorageClass,
};
