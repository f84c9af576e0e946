/** Defaults of pods and pod templates. */
import { isObject, type JsonObject } from "../json_value.ts";
import { fallback, objectAt, objectsAt, stringAt } from "./read.ts";

const READ_ONLY_MODE = 0o644;

/** Defaults of a pod's spec, wherever it stands. */
export function defaultPodSpec(spec: JsonObject): void {
  fallback(spec, "restartPolicy", "Always");
  fallback(spec, "terminationGracePeriodSeconds", 30);
  fallback(spec, "dnsPolicy", "ClusterFirst");
  fallback(spec, "securityContext", {});
  fallback(spec, "schedulerName", "default-scheduler");
  // The old name of the field is kept the same as the new one.
  const account = stringAt(spec, "serviceAccountName") || stringAt(spec, "serviceAccount");
  if (account !== "") Object.assign(spec, { serviceAccountName: account, serviceAccount: account });
  for (const container of [...objectsAt(spec, "initContainers"), ...objectsAt(spec, "containers")]) {
    defaultContainer(container);
  }
  for (const volume of objectsAt(spec, "volumes")) defaultVolume(volume);
}

function defaultContainer(container: JsonObject): void {
  fallback(container, "terminationMessagePath", "/dev/termination-log");
  fallback(container, "terminationMessagePolicy", "File");
  fallback(container, "imagePullPolicy", pullPolicy(stringAt(container, "image")));
  for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"]) {
    if (isObject(container[probe])) defaultProbe(container[probe]);
  }
  for (const hook of ["postStart", "preStop"]) defaultHttpGet(objectAt(container, `lifecycle.${hook}`));
  for (const port of objectsAt(container, "ports")) fallback(port, "protocol", "TCP");
  for (const variable of objectsAt(container, "env")) defaultFieldRef(objectAt(variable, "valueFrom"));
}

/** Images without a tag, or with `latest`, are always pulled. */
function pullPolicy(image: string): string {
  if (image.includes("@")) return "IfNotPresent";
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag === undefined || tag === "latest" ? "Always" : "IfNotPresent";
}

function defaultProbe(probe: JsonObject): void {
  fallback(probe, "timeoutSeconds", 1);
  fallback(probe, "periodSeconds", 10);
  fallback(probe, "successThreshold", 1);
  fallback(probe, "failureThreshold", 3);
  defaultHttpGet(probe);
  if (isObject(probe["grpc"])) fallback(probe["grpc"], "service", "");
}

function defaultHttpGet(handler: JsonObject): void {
  const request = handler["httpGet"];
  if (!isObject(request)) return;
  fallback(request, "path", "/");
  fallback(request, "scheme", "HTTP");
}

function defaultFieldRef(source: JsonObject): void {
  if (isObject(source["fieldRef"])) fallback(source["fieldRef"], "apiVersion", "v1");
}

function defaultVolume(volume: JsonObject): void {
  if (Object.keys(volume).length <= 1) volume["emptyDir"] = {};
  for (const source of ["secret", "configMap", "downwardAPI", "projected"]) {
    if (isObject(volume[source])) fallback(volume[source], "defaultMode", READ_ONLY_MODE);
  }
  for (const item of objectsAt(volume, "downwardAPI.items")) defaultFieldRef(item);
  for (const source of objectsAt(volume, "projected.sources")) {
    const token = source["serviceAccountToken"];
    if (isObject(token)) fallback(token, "expirationSeconds", 3600);
    for (const item of objectsAt(source, "downwardAPI.items")) defaultFieldRef(item);
  }
  if (isObject(volume["hostPath"])) fallback(volume["hostPath"], "type", "");
  if (isObject(volume["iscsi"])) fallback(volume["iscsi"], "iscsiInterface", "default");
  const claim = objectAt(volume, "ephemeral.volumeClaimTemplate");
  if (isObject(claim["spec"])) fallback(claim["spec"], "volumeMode", "Filesystem");
}

/** Defaults of a pod itself, beside those of its spec. */
export function defaultPod(pod: JsonObject): void {
  const spec = objectAt(pod, "spec");
  defaultPodSpec(spec);
  fallback(spec, "enableServiceLinks", true);
  for (const container of [...objectsAt(spec, "initContainers"), ...objectsAt(spec, "containers")]) {
    // In templates the server leaves host ports alone, in pods it does not.
    if (spec["hostNetwork"] === true) {
      for (const port of objectsAt(container, "ports")) fallback(port, "hostPort", port["containerPort"]);
    }
    const limits = objectAt(container, "resources.limits");
    if (Object.keys(limits).length === 0) continue;
    const resources = objectAt(container, "resources");
    resources["requests"] = { ...limits, ...objectAt(resources, "requests") };
  }
}
