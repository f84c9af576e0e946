/** What a live CRD is in respect of the one that a chart asks for; pure. */
import type { Condition, KubeObject } from "../../lib/kube/mod.ts";
import { isTrue } from "../../lib/provider-runtime/mod.ts";
import { appendVersion, buildCrd, crdVersion, type CustomResourceDefinition } from "./crd/mod.ts";
import type { CrdState } from "./decide.ts";
import { DefinitionError } from "./errors.ts";
import type { Blueprint } from "./status.ts";

/** The state of a CRD; without a blueprint only its life counts, not its versions. */
export function crdState(crd: KubeObject | undefined, blueprint: Blueprint | undefined): CrdState {
  if (!crd) return "outdated";
  if (crd.metadata.deletionTimestamp) return "terminating";
  const { spec, status } = crd as CustomResourceDefinition;
  const version = blueprint && spec.versions.find(({ name }) => name === blueprint.names.version);
  if (blueprint && !version?.served) return "outdated";
  return isTrue(status?.conditions as Condition[] | undefined, "Established") ? "established" : "pending";
}

/**
 * The CRD to be written: a new one, or the live one with the chart's version appended.
 *
 * @throws {DefinitionError} `KindConflict` where a CRD of the name exists that another program made: its versions are not ours to change.
 */
export function desiredCrd(live: KubeObject | undefined, { loaded, compiled, names }: Blueprint): KubeObject {
  const input = { chart: loaded.chart.metadata, schema: compiled };
  if (!live) return buildCrd(input);
  const crd = live as CustomResourceDefinition;
  if (crd.spec.names.kind !== names.kind) {
    throw new DefinitionError(
      "KindConflict",
      `Cannot add version ${names.version} to CRD "${names.crdName}": its kind is ${crd.spec.names.kind}, the chart's is ` +
        `${names.kind}: rename the chart`,
    );
  }
  return served(appendVersion(crd, crdVersion(input)), names.version);
}

/** Somebody may have stopped to serve the version: without this it would be written again and again. */
function served(crd: CustomResourceDefinition, name: string): CustomResourceDefinition {
  const versions = crd.spec.versions.map((version) => version.name === name ? { ...version, served: true } : version);
  return { ...crd, spec: { ...crd.spec, versions } };
}
