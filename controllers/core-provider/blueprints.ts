/** Which chart a composition stands for, read off the definitions; needs no chart server. */
import { type ApiResource, objectKey, parseApiVersion, type Store } from "../../lib/kube/mod.ts";
import type { ChartLibrary } from "../../lib/release/mod.ts";
import { type Blueprint, type Blueprints, type Composition, LABEL } from "../composition-dynamic-controller/mod.ts";
import type { CompositionDefinition, VersionInfo } from "./api.ts";

/** Blueprints from the status of the definitions. */
export class DefinitionBlueprints implements Blueprints {
  constructor(
    private readonly definitions: Store<CompositionDefinition>,
    private readonly charts: ChartLibrary,
  ) {}

  /** The definition that the labels name, else the only one that has the version. */
  of(resource: ApiResource, composition: Composition): Blueprint | string {
    const labels = composition.metadata.labels ?? {};
    const name = labels[LABEL.definitionName];
    const namespace = labels[LABEL.definitionNamespace] ?? composition.metadata.namespace;
    if (name !== undefined) {
      const named = this.definitions.get(objectKey(name, namespace));
      const blueprint = named && this.#blueprint(named, resource);
      if (blueprint) return blueprint;
    }
    const candidates = [...this.definitions.values()].filter((d) => versionOf(d, resource) !== undefined);
    const current = candidates.filter((d) => currentVersion(d) === resource.version);
    const only = current.length === 1 ? current[0] : candidates.length === 1 ? candidates[0] : undefined;
    if (only) return this.#blueprint(only, resource)!;
    return complaint(resource, candidates);
  }

  #blueprint(definition: CompositionDefinition, resource: ApiResource): Blueprint | undefined {
    const version = versionOf(definition, resource);
    const chartSpec = version?.chart;
    if (!chartSpec) return undefined;
    return {
      definition: { name: definition.metadata.name, namespace: definition.metadata.namespace ?? "default" },
      chartSpec,
      currentVersion: currentVersion(definition) ?? resource.version,
      chart: () => this.charts.get(chartSpec),
    };
  }
}

/** What a definition says of a version of a kind. */
function versionOf(definition: CompositionDefinition, resource: ApiResource): VersionInfo | undefined {
  const { status } = definition;
  if (status?.resource !== resource.plural || status.managed?.group !== resource.group) return undefined;
  return status.managed.versionInfo?.find((v) => v.version === resource.version);
}

/** The version that a definition stands for now. */
export function currentVersion(definition: CompositionDefinition): string | undefined {
  const apiVersion = definition.status?.apiVersion;
  return apiVersion === undefined ? undefined : parseApiVersion(apiVersion).version;
}

function complaint(resource: ApiResource, candidates: readonly CompositionDefinition[]): string {
  const kind = `${resource.kind} ${resource.version}`;
  if (candidates.length === 0) return `No CompositionDefinition has a chart for ${kind}: create one`;
  const names = candidates.map((d) => objectKey(d.metadata.name, d.metadata.namespace)).sort().join(", ");
  return `Too many definitions [${candidates.length}] found for ${kind} (${names}): name one in the labels ` +
    `${LABEL.definitionName} and ${LABEL.definitionNamespace}`;
}
