import type { Capabilities, Chart, ReleaseInfo, Values } from "../types.ts";
import { CapabilitiesObject } from "./capabilities.ts";
import { executeTemplates } from "./engine.ts";
import { DEFAULT_MAX_OUTPUT, guarded } from "./render.ts";
import { scopedTemplates } from "./scope.ts";
import { Session } from "./session.ts";

/** Input of {@linkcode renderTemplates}. */
export interface TemplatesRequest {
  /** The chart after {@linkcode processDependencies}. */
  readonly chart: Chart;
  /** The values after {@linkcode coalesceValues}. */
  readonly values: Values;
  readonly release: ReleaseInfo;
  readonly capabilities: Capabilities;
  /** Makes random functions repeat themselves. */
  readonly seed?: string;
  /** `helm lint`'s way: `fail` and `required` complain about nothing and give an empty text. Default false. */
  readonly lint?: boolean;
  /** Characters of output in all. Default 64 Mi. */
  readonly maxOutput?: number;
  /** A name for the chart's texts; the set of its parsed templates is kept by it. Without one only each text is. */
  readonly cacheKey?: string;
}

/**
 * Helm's engine alone: executes all templates but partials in this thread, without a cluster.
 *
 * @returns The output by template path (`podinfo/templates/deployment.yaml`), NOTES.txt included, not split, not sorted.
 * @throws RenderError with Helm 4's message.
 */
export function renderTemplates(request: TemplatesRequest): Map<string, string> {
  const { chart, values, release, capabilities, seed, lint, cacheKey } = request;
  const session = new Session({ seed, canLookUp: false, lint: lint ?? false });
  return guarded(() => {
    const templates = scopedTemplates(chart, values, { release, capabilities: new CapabilitiesObject(capabilities) });
    return executeTemplates(templates, session, cacheKey, request.maxOutput ?? DEFAULT_MAX_OUTPUT);
  });
}
