import { HelmChartError } from "../chart/mod.ts";
import type { RenderRequest, RenderResult } from "../types.ts";
import { RenderError } from "./errors.ts";
import type { LookupKey } from "./lookup.ts";
import { Rendering, type RenderInput } from "./rendering.ts";

/** Longest output of a chart, characters. */
export const DEFAULT_MAX_OUTPUT = 64 * 1024 * 1024;

/**
 * Renders a chart in this thread. Same request, same bytes, but for random functions without a seed. Limits of time and
 * memory need a worker: see `createRenderer`; output and depth are limited here too.
 *
 * @throws RenderError with Helm 4's message.
 */
export async function render(request: RenderRequest): Promise<RenderResult> {
  const rendering = guarded(() => new Rendering(inputOf(request, undefined)));
  for (;;) {
    const step = guarded(() => rendering.step());
    if (step.kind === "done") return step.result;
    rendering.answer(step.key, await askCluster(request, step.key));
  }
}

/** The part of a request that a worker needs. */
export function inputOf(request: RenderRequest, cacheKey: string | undefined): RenderInput {
  const { chart, values, release, capabilities } = request;
  return {
    chart,
    values,
    release,
    capabilities,
    skipSchemaValidation: request.skipSchemaValidation ?? false,
    skipCrds: request.skipCrds ?? false,
    injectedGlobal: request.injectedGlobal,
    canLookUp: request.lookup !== undefined,
    seed: request.seed,
    maxOutput: request.limits?.maxOutput ?? DEFAULT_MAX_OUTPUT,
    cacheKey,
  };
}

/** Asks the request's `lookup`. @throws RenderError `Lookup`. */
export async function askCluster(request: RenderRequest, key: LookupKey): Promise<unknown> {
  const { apiVersion, kind, namespace, name } = key;
  try {
    return await request.lookup?.(apiVersion, kind, namespace, name) ?? {};
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const object = `${apiVersion} ${kind} "${namespace}/${name}"`;
    throw new RenderError("Lookup", `error calling lookup: cannot read ${object} from the cluster: ${message}`, {
      cause: error,
    });
  }
}

/** Runs a part of a render; what the chart's values broke becomes a RenderError too. */
export function guarded<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof HelmChartError) throw new RenderError("Values", error.message, { cause: error });
    if (isExhaustion(error)) {
      throw new RenderError("TooDeep", `The chart goes beyond the engine: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** The engine's stack ended: it says so by a RangeError, or within a regular expression by a SyntaxError. */
function isExhaustion(error: unknown): error is Error {
  return error instanceof RangeError || (error instanceof SyntaxError && /stack overflow/i.test(error.message));
}
