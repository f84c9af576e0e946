import {
  coalesceValues,
  HelmChartError,
  isCompatibleRange,
  processDependencies,
  validateValues,
} from "../chart/mod.ts";
import type { Capabilities, Chart, ManifestDocument, ReleaseInfo, RenderResult, Values } from "../types.ts";
import { CapabilitiesObject } from "./capabilities.ts";
import { executeTemplates } from "./engine.ts";
import { withGlobal } from "./global.ts";
import { kubeVersionOf } from "./kube_version.ts";
import { type LookupKey, LookupSuspension } from "./lookup.ts";
import { compareHooks, manifestText, sortManifests, splitDocuments } from "./manifest.ts";
import { scopedTemplates } from "./scope.ts";
import { Session } from "./session.ts";

/** Input of a render: data only, so that it can be sent to a worker. */
export interface RenderInput {
  readonly chart: Chart;
  readonly values: Values;
  readonly release: ReleaseInfo;
  readonly capabilities: Capabilities;
  readonly skipSchemaValidation: boolean;
  readonly skipCrds: boolean;
  readonly injectedGlobal: Values | undefined;
  /** Whether `lookup` is answered; otherwise it finds nothing. */
  readonly canLookUp: boolean;
  readonly seed: string | undefined;
  readonly maxOutput: number;
  /** Names chart, aliases and enabled subcharts; parsed templates are kept by it. */
  readonly cacheKey: string | undefined;
}

/** How far a render came. */
export type Step =
  | { readonly kind: "done"; readonly result: RenderResult }
  | { readonly kind: "lookup"; readonly key: LookupKey };

/**
 * One render that may stop for answers of the cluster: `step` until it is done, `answer` in between. Each step starts
 * from fresh values, because templates change them.
 */
export class Rendering {
  readonly #input: RenderInput;
  readonly #chart: Chart;
  readonly #values: Values;
  readonly #session: Session;

  /** @throws HelmChartError when dependencies, values or the Kubernetes version do not fit. */
  constructor(input: RenderInput) {
    this.#input = input;
    this.#chart = withDependencies(input);
    const judged = coalesceValues(this.#chart, input.values);
    if (!input.skipSchemaValidation) validateValues(this.#chart, judged);
    this.#values = input.injectedGlobal === undefined
      ? judged
      : coalesceValues(this.#chart, withGlobal(input.values, input.injectedGlobal));
    checkKubernetes(this.#chart, input.capabilities);
    this.#session = new Session(input);
  }

  /** Renders up to the end or the next unanswered `lookup`. @throws RenderError in Helm's form. */
  step(): Step {
    const { release, capabilities, cacheKey, maxOutput } = this.#input;
    const common = { release, capabilities: new CapabilitiesObject(capabilities) };
    const templates = scopedTemplates(this.#chart, this.#values, common);
    // Which subcharts are enabled decides which templates there are.
    const key = cacheKey === undefined ? undefined : `${cacheKey}:${templates.map(({ path }) => path).join("\n")}`;
    try {
      const files = executeTemplates(templates, this.#session, key, maxOutput);
      return { kind: "done", result: this.#result(files) };
    } catch (error) {
      if (error instanceof LookupSuspension) return { kind: "lookup", key: error.key };
      throw error;
    }
  }

  /** Takes the cluster's answer to a `lookup`. */
  answer(key: LookupKey, object: unknown): void {
    this.#session.answers.add(key, object);
  }

  #result(files: Map<string, string>): RenderResult {
    const notes = takeNotes(files, this.#chart.metadata.name);
    const { documents, hooks } = sortManifests(files);
    return {
      documents: documents.filter(({ object }) => Object.keys(object).length > 0),
      manifest: manifestText(documents),
      hooks: hooks.toSorted(compareHooks),
      hookManifest: manifestText(hooks),
      notes,
      crds: this.#input.skipCrds ? [] : crdsOf(this.#chart, this.#chart.metadata.name),
      values: this.#values,
      lookups: this.#session.answers.keys,
    };
  }
}

function withDependencies({ chart, values }: RenderInput): Chart {
  try {
    return processDependencies(chart, values);
  } catch (error) {
    if (!(error instanceof HelmChartError)) throw error;
    throw new HelmChartError(error.reason, `chart dependencies processing failed: ${error.message}`, { cause: error });
  }
}

/** The root chart's NOTES.txt; those of subcharts are dropped, as Helm does by default. */
function takeNotes(files: Map<string, string>, chartName: string): string {
  const notes = files.get(`${chartName}/templates/NOTES.txt`) ?? "";
  for (const path of files.keys()) if (path.endsWith("NOTES.txt")) files.delete(path);
  return notes;
}

function crdsOf(chart: Chart, path: string): ManifestDocument[] {
  const decoder = new TextDecoder();
  const own = chart.crds
    .filter((file) => /\.(?:yaml|yml|json)$/i.test(file.name))
    .flatMap((file) => splitDocuments(`${path}/${file.name}`, decoder.decode(file.data)));
  return [...own, ...chart.dependencies.flatMap((sub) => crdsOf(sub, `${path}/charts/${sub.metadata.name}`))];
}

function checkKubernetes(chart: Chart, { kubeVersion }: Capabilities): void {
  const range = chart.metadata.kubeVersion;
  if (!range || isCompatibleRange(range, kubeVersionOf(kubeVersion).normalized)) return;
  throw new HelmChartError(
    "IncompatibleKubernetes",
    `chart requires kubeVersion: ${range} which is incompatible with Kubernetes ${kubeVersionOf(kubeVersion).full}`,
  );
}
