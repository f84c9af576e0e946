/** What a command of Helm's prints when it fails. */
import { ChartFetchError, HelmChartError, RenderError } from "../lib/helm/mod.ts";
import { CliError } from "./errors.ts";

/** A command that prints what is wrong with a chart, as Helm does, instead of a stack; it exits with 1 then. */
export function reportingHelmErrors<A extends readonly unknown[]>(
  command: (...args: A) => Promise<void>,
): (...args: A) => Promise<void> {
  return async (...args) => {
    try {
      await command(...args);
    } catch (error) {
      const message = helmMessage(error);
      if (message === undefined) throw error;
      console.error(`Error: ${message}`);
      Deno.exitCode = 1;
    }
  };
}

/** Helm's message; undefined for an error that is no fault of the chart's or the user's. */
export function helmMessage(error: unknown): string | undefined {
  if (error instanceof RenderError) return isRendered(error) ? `${error.message}\n\n${HINT}` : error.message;
  const isKnown = error instanceof HelmChartError || error instanceof ChartFetchError || error instanceof CliError;
  return isKnown ? error.message : undefined;
}

const HINT = "Use --debug flag to render out invalid YAML";

/** Helm adds its hint as soon as it has begun to render: not where the values are wrong. */
function isRendered({ reason, cause }: RenderError): boolean {
  return reason !== "Values" || (cause instanceof HelmChartError && cause.reason === "IncompatibleKubernetes");
}
