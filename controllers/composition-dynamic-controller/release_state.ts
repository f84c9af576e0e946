/** Finding out what is installed: from the release's own records, once after a start. */
import type { KubeClient } from "../../lib/kube/mod.ts";
import {
  type Applied,
  type Deployment,
  lastDeployed,
  manifestDigest,
  manifestObjects,
  mark,
  ReleaseHistory,
  type ReleaseObject,
  resolveObjects,
  type StoredRelease,
} from "../../lib/release/mod.ts";
import { INPUTS_LABEL } from "./inputs.ts";
import type { Release } from "./memory.ts";

/** The records of a release, oldest first. */
export function readHistory(
  client: KubeClient,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<StoredRelease[]> {
  return new ReleaseHistory(client, namespace, name).list(signal);
}

/** The release that the records tell of. It counts as made from its inputs only if its last revision is the deployed one. */
export async function releaseOf(
  client: KubeClient,
  namespace: string,
  name: string,
  history: readonly StoredRelease[],
): Promise<Release> {
  const deployed = lastDeployed(history);
  if (!deployed) return { name, installed: history.length > 0, targets: [] };
  const resolved = await resolveObjects(client.discovery, manifestObjects(deployed.manifest), namespace);
  const marks = { releaseName: name, releaseNamespace: namespace, labels: {} };
  const inputs = deployed.labels?.[INPUTS_LABEL];
  const whole = history.at(-1)!.record.version === deployed.version && deployed.info.status === "deployed";
  const chartVersion = chartVersionOf(deployed.chart);
  return {
    name,
    installed: true,
    revision: deployed.version,
    digest: manifestDigest(deployed.manifest),
    ...(whole && inputs !== undefined ? { inputs } : {}),
    ...(chartVersion === undefined ? {} : { chartVersion }),
    targets: resolved.objects.map((target): ReleaseObject => ({ ...target, object: mark(target.object, marks) })),
  };
}

/** The release as a deployment just left it. */
export function releaseAfter(deployment: Deployment, inputs: string): Release {
  const { record, applied } = deployment;
  const chartVersion = chartVersionOf(record.chart);
  return {
    name: record.name,
    installed: true,
    revision: record.version,
    digest: manifestDigest(record.manifest),
    inputs,
    ...(chartVersion === undefined ? {} : { chartVersion }),
    targets: applied.map((a: Applied) => a.target),
  };
}

function chartVersionOf(chart: Readonly<Record<string, unknown>>): string | undefined {
  const version = (chart["metadata"] as { version?: unknown } | undefined)?.version;
  return typeof version === "string" ? version : undefined;
}
