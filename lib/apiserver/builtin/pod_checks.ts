/** Rules of pods and pod templates. */
import { isObject, type JsonObject } from "../json_value.ts";
import type { FieldError } from "../resource.ts";
import {
  duplicate,
  forbidden,
  invalid,
  nameErrors,
  notFound,
  notSupported,
  parseQuantity,
  required,
} from "../schema/mod.ts";
import { listAt, numberAt, objectAt, objectsAt, stringAt } from "./read.ts";

/**
 * Checks the pods of a workload.
 *
 * @param restart The policies that the workload allows.
 * @param claims Volumes that the workload makes for its pods.
 */
export function checkTemplate(
  spec: JsonObject,
  path: string,
  restart: readonly string[],
  claims: readonly string[] = [],
): FieldError[] {
  const pod = objectAt(spec, "template.spec");
  const where = `${path}.template.spec`;
  const errors = checkPodSpec(pod, where, claims);
  const policy = stringAt(pod, "restartPolicy");
  if (!restart.includes(policy)) errors.push(notSupported(`${where}.restartPolicy`, policy, restart));
  return errors;
}

/** Checks a pod's spec. */
export function checkPodSpec(spec: JsonObject, path: string, claims: readonly string[] = []): FieldError[] {
  const errors: FieldError[] = [];
  // The server counts the claims' volumes first.
  const own = checkVolumes(objectsAt(spec, "volumes"), `${path}.volumes`, claims.length, errors);
  const volumes = new Set([...own, ...claims]);
  if (listAt(spec, "containers").length === 0) errors.push(required(`${path}.containers`));
  const names = new Set<string>();
  for (const list of ["containers", "initContainers"]) {
    for (const [index, container] of objectsAt(spec, list).entries()) {
      checkContainer(container, `${path}.${list}[${index}]`, names, volumes, errors);
    }
  }
  return errors;
}

/** @returns the names of the volumes that are right: mounts of others count as mounts of nothing */
function checkVolumes(
  volumes: readonly JsonObject[],
  path: string,
  offset: number,
  errors: FieldError[],
): ReadonlySet<string> {
  const names = new Set<string>();
  const usable = new Set<string>();
  for (const [position, volume] of volumes.entries()) {
    const before = errors.length;
    const name = stringAt(volume, "name");
    const index = offset + position;
    const where = `${path}[${index}].name`;
    if (name === "") errors.push(required(where));
    else errors.push(...nameErrors("label", name).map((why) => invalid(where, name, why)));
    if (names.has(name)) errors.push(duplicate(where, name));
    names.add(name);
    for (const source of ["secret", "configMap", "downwardAPI", "projected"]) {
      const mode = numberAt(volume, `${source}.defaultMode`);
      if (mode >= 0 && mode <= 0o777) continue;
      errors.push(
        invalid(
          `${path}[${index}].${source}.defaultMode`,
          mode,
          "must be a number between 0 and 0777 (octal), both inclusive",
        ),
      );
    }
    if (errors.length === before) usable.add(name);
  }
  return usable;
}

function checkContainer(
  container: JsonObject,
  path: string,
  names: Set<string>,
  volumes: ReadonlySet<string>,
  errors: FieldError[],
): void {
  const name = stringAt(container, "name");
  if (name === "") errors.push(required(`${path}.name`));
  else errors.push(...nameErrors("label", name).map((why) => invalid(`${path}.name`, name, why)));
  if (name !== "" && names.has(name)) errors.push(duplicate(`${path}.name`, name));
  names.add(name);
  if (stringAt(container, "image") === "") errors.push(required(`${path}.image`));
  for (const [index, port] of objectsAt(container, "ports").entries()) {
    checkPort(port, `${path}.ports[${index}]`, errors);
  }
  for (const [index, variable] of objectsAt(container, "env").entries()) {
    if (stringAt(variable, "name") === "") errors.push(required(`${path}.env[${index}].name`));
    if (stringAt(variable, "value") !== "" && isObject(variable["valueFrom"])) {
      errors.push(invalid(`${path}.env[${index}].valueFrom`, "", "may not be specified when `value` is not empty"));
    }
  }
  checkMounts(objectsAt(container, "volumeMounts"), `${path}.volumeMounts`, volumes, errors);
  checkResources(objectAt(container, "resources"), `${path}.resources`, errors);
}

const PORT_RANGE = "must be between 1 and 65535, inclusive";

/** Whether a number is a port. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65536;
}

/** The error of a number that is no port. */
export function portError(path: string, port: number): FieldError {
  return invalid(path, port, PORT_RANGE);
}

function checkPort(port: JsonObject, path: string, errors: FieldError[]): void {
  const number = numberAt(port, "containerPort");
  if (number === 0) errors.push(required(`${path}.containerPort`));
  else if (!isPort(number)) errors.push(portError(`${path}.containerPort`, number));
  const host = numberAt(port, "hostPort");
  if (host !== 0 && !isPort(host)) errors.push(portError(`${path}.hostPort`, host));
  const name = stringAt(port, "name");
  if (name === "") return;
  if (name.length > 15) errors.push(invalid(`${path}.name`, name, "must be no more than 15 characters"));
  if (!/^[-a-z0-9]+$/.test(name)) {
    errors.push(
      invalid(`${path}.name`, name, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"),
    );
  } else if (!/[a-z]/.test(name)) errors.push(invalid(`${path}.name`, name, "must contain at least one letter (a-z)"));
}

function checkMounts(
  mounts: readonly JsonObject[],
  path: string,
  volumes: ReadonlySet<string>,
  errors: FieldError[],
): void {
  const targets = new Set<string>();
  for (const [index, mount] of mounts.entries()) {
    const name = stringAt(mount, "name");
    if (name === "") errors.push(required(`${path}[${index}].name`));
    else if (!volumes.has(name)) errors.push(notFound(`${path}[${index}].name`, name));
    const target = stringAt(mount, "mountPath");
    if (target === "") errors.push(required(`${path}[${index}].mountPath`));
    if (targets.has(target)) errors.push(invalid(`${path}[${index}].mountPath`, target, "must be unique"));
    targets.add(target);
  }
}

function checkResources(resources: JsonObject, path: string, errors: FieldError[]): void {
  const limits = objectAt(resources, "limits");
  const requests = objectAt(resources, "requests");
  for (const [name, request] of Object.entries(requests)) {
    const limit = limits[name];
    const most = limit === undefined ? undefined : parseQuantity(String(limit));
    const wanted = parseQuantity(String(request));
    if (most === undefined || wanted === undefined || wanted.nano <= most.nano) continue;
    const why = `must be less than or equal to ${name} limit of ${String(limit)}`;
    errors.push(invalid(`${path}.requests`, String(request), why));
  }
}

/** Rules of a pod that changes: its containers' images and few other fields may. */
export function checkPodUpdate(spec: JsonObject, old: JsonObject): FieldError[] {
  const frozen = (value: JsonObject) =>
    JSON.stringify(value, (key, item: unknown) => UPDATABLE.has(key) ? undefined : sorted(item));
  if (frozen(spec) === frozen(old)) return [];
  const what =
    "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)," +
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
  return [forbidden("spec", `pod updates may not change fields other than ${what}`)];
}

const UPDATABLE: ReadonlySet<string> = new Set([
  "image",
  "activeDeadlineSeconds",
  "tolerations",
  "schedulingGates",
  "nodeName",
]);

function sorted(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => left < right ? -1 : 1));
}
