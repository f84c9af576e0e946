/** The steps that change the cluster, each a function of what it needs. */
import {
  type Capabilities,
  type Lookup,
  type RenderRequest,
  type RenderResult,
  type Values,
  withGlobal,
} from "../../lib/helm/mod.ts";
import {
  type ApiResource,
  type KubeClient,
  type KubeObject,
  type ObjectMeta,
  parseApiVersion,
} from "../../lib/kube/mod.ts";
import {
  applyObject,
  deploy,
  type Deployment,
  driftedFields,
  lastDeployed,
  type LoadedChart,
  objectPath,
  type ReleaseObject,
  type StoredRelease,
} from "../../lib/release/mod.ts";
import { ANNOTATION, type Blueprint, type Composition, FINALIZER, LABEL } from "./api.ts";
import { INPUTS_LABEL } from "./inputs.ts";

/** Renders charts; a Worker in production. */
export interface ChartRenderer {
  render(request: RenderRequest): Promise<RenderResult>;
}

/** Labels and finalizer that make an object a composition of this definition. */
export function marksOf(composition: Composition, blueprint: Blueprint, releaseName: string): Record<string, string> {
  return {
    [LABEL.releaseName]: releaseName,
    [LABEL.definitionName]: blueprint.definition.name,
    [LABEL.definitionNamespace]: blueprint.definition.namespace,
    [LABEL.definitionGroup]: "core.krateo.io",
    [LABEL.definitionVersion]: "v1alpha1",
    [LABEL.definitionResource]: "compositiondefinitions",
    [LABEL.version]: composition.metadata.labels?.[LABEL.version] ?? parseApiVersion(composition.apiVersion).version,
  };
}

/** Puts labels and finalizer on. */
export function mark(
  client: KubeClient,
  resource: ApiResource,
  composition: Composition,
  labels: Readonly<Record<string, string>>,
): Promise<Composition> {
  const { name, namespace } = composition.metadata;
  return client.patch<Composition>(resource, name, namespace, "merge", { metadata: marked(composition, labels) });
}

/** The metadata to merge. Its resourceVersion makes it fail, and be tried again, where somebody was faster. */
export function marked(composition: Composition, labels: Readonly<Record<string, string>>): Partial<ObjectMeta> {
  const { resourceVersion, finalizers = [] } = composition.metadata;
  const held = finalizers.includes(FINALIZER) ? finalizers : [...finalizers, FINALIZER];
  return { ...(resourceVersion === undefined ? {} : { resourceVersion }), labels: { ...labels }, finalizers: held };
}

/** Notes when a graceful pause took hold. */
export function hold(client: KubeClient, resource: ApiResource, composition: Composition): Promise<Composition> {
  return client.patch<Composition>(resource, composition.metadata.name, composition.metadata.namespace, "merge", {
    metadata: { annotations: { [ANNOTATION.gracefullyPausedTime]: new Date().toISOString() } },
  });
}

/** Takes the note of a graceful pause off. */
export function unhold(client: KubeClient, resource: ApiResource, composition: Composition): Promise<Composition> {
  return client.patch<Composition>(resource, composition.metadata.name, composition.metadata.namespace, "merge", {
    metadata: { annotations: { [ANNOTATION.gracefullyPausedTime]: null } },
  });
}

/** Input of {@linkcode renderAndDeploy}. */
export interface DeployInput {
  readonly composition: Composition;
  readonly name: string;
  readonly loaded: LoadedChart;
  /** The user's values, and what is put into `global` besides. */
  readonly values: Values;
  readonly global: Values;
  readonly labels: Readonly<Record<string, string>>;
  readonly inputs: string;
  readonly capabilities: Capabilities;
  readonly history: readonly StoredRelease[];
  readonly signal: AbortSignal;
}

/** Renders the chart and brings the release about. */
export async function renderAndDeploy(
  client: KubeClient,
  renderer: ChartRenderer,
  input: DeployInput,
): Promise<Deployment> {
  const namespace = input.composition.metadata.namespace ?? "default";
  const install = lastDeployed(input.history) === undefined;
  const render = await renderer.render({
    chart: input.loaded.chart,
    values: input.values,
    injectedGlobal: input.global,
    release: {
      name: input.name,
      namespace,
      revision: (input.history.at(-1)?.record.version ?? 0) + 1,
      isInstall: install,
      isUpgrade: !install,
    },
    capabilities: input.capabilities,
    lookup: lookupIn(client),
    // Helm creates CRDs when it installs, and never looks at them again.
    skipCrds: !install,
  });
  return await deploy(client, {
    name: input.name,
    namespace,
    chart: input.loaded.chart,
    values: withGlobal(input.values, input.global),
    render,
    labels: input.labels,
    history: input.history,
    recordLabels: { [INPUTS_LABEL]: input.inputs },
    signal: input.signal,
  });
}

/** Helm's `lookup` against the cluster: an object, a list where no name is given, `{}` where there is nothing. */
function lookupIn(client: KubeClient): Lookup {
  return async (apiVersion, kind, namespace, name) => {
    const resource = await client.discovery.resourceFor(apiVersion, kind);
    if (!resource) return {};
    const scope = resource.namespaced && namespace !== "" ? namespace : undefined;
    if (name !== "") return await client.find(resource, name, scope) ?? {};
    return await client.list(resource, scope === undefined ? {} : { namespace: scope });
  };
}

/** A child that had left its desired state, and what was done. */
export interface Healed {
  readonly target: ReleaseObject;
  /** Fields that differed; empty where the object had been deleted. */
  readonly fields: readonly string[];
  readonly recreated: boolean;
  readonly live: KubeObject;
}

/**
 * Compares a suspect with its desired state by a server-side dry run and applies it where they differ.
 *
 * @returns `fields` empty and `recreated` false where nothing was wrong: somebody changed what is not ours.
 */
export async function heal(
  client: KubeClient,
  target: ReleaseObject,
  release: { readonly name: string; readonly namespace: string },
  signal: AbortSignal,
): Promise<Healed> {
  const settings = { releaseName: release.name, releaseNamespace: release.namespace, force: true, signal };
  const live = await client.find<KubeObject>(target.resource, target.name, target.namespace);
  if (!live) return { ...await applyObject(client, target, settings), fields: [], recreated: true };
  const wanted = await applyObject(client, target, settings, true);
  const fields = driftedFields(live, wanted.live);
  if (fields.length === 0) return { target: wanted.target, fields, recreated: false, live };
  return { ...await applyObject(client, wanted.target, settings), fields, recreated: false };
}

/** One sentence for an Event. */
export function describeHealing(healed: Healed): string {
  const what = `${healed.target.resource.kind} ${objectPath(healed.target)}`;
  return healed.recreated
    ? `Created ${what} again: it had been deleted`
    : `Restored ${what}: ${healed.fields.join(", ")}`;
}
