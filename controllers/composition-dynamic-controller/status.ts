/** The status of a composition; pure. */
import { apiVersionOf } from "../../lib/kube/mod.ts";
import { objectPath, type ReleaseObject } from "../../lib/release/mod.ts";
import { setConditions } from "../../lib/provider-runtime/mod.ts";
import type { Composition, CompositionStatus, ManagedObject } from "./api.ts";
import type { Verdict } from "./conditions.ts";
import type { Release } from "./memory.ts";

/** The status that a composition is to have. */
export function statusOf(
  composition: Composition,
  release: Release | undefined,
  chartUrl: string | undefined,
  verdicts: readonly Verdict[],
): CompositionStatus {
  const before = composition.status ?? {};
  const generation = composition.metadata.generation;
  const seen = generation === undefined ? {} : { observedGeneration: generation };
  return {
    ...before,
    ...seen,
    ...(release?.digest === undefined ? {} : deployed(before, release)),
    ...(chartUrl === undefined ? {} : { helmChartUrl: chartUrl }),
    conditions: setConditions(before.conditions, verdicts.map((v) => ({ ...v, ...seen }))),
  };
}

function deployed(before: CompositionStatus, release: Release): Partial<CompositionStatus> {
  const digest = release.digest ?? "";
  const previous = before.digest === digest ? before.previousDigest : before.digest;
  return {
    digest,
    releaseName: release.name,
    ...(previous === undefined ? {} : { previousDigest: previous }),
    ...(release.revision === undefined ? {} : { revision: release.revision }),
    ...(release.chartVersion === undefined ? {} : { helmChartVersion: release.chartVersion }),
    managed: release.targets.map(managed),
  };
}

function managed(target: ReleaseObject): ManagedObject {
  return {
    apiVersion: apiVersionOf(target.resource),
    resource: target.resource.plural,
    name: target.name,
    namespace: target.namespace ?? "",
    path: objectPath(target),
  };
}
