/** The Kubernetes version that a command line names. */
import { DEFAULT_KUBE_VERSION, KubeVersionError, parseKubeVersion } from "../lib/helm/mod.ts";
import { CliError } from "./errors.ts";

/**
 * Checks a version and gives it the form that a chart sees; an empty text is the usual version.
 *
 * @throws {CliError} `BadOptions` where a text is no version.
 */
export function checkKubeVersion(version: string): string {
  try {
    return parseKubeVersion(version === "" ? DEFAULT_KUBE_VERSION : version).full;
  } catch (error) {
    if (!(error instanceof KubeVersionError)) throw error;
    throw new CliError("BadOptions", `invalid kube version '${version}': ${error.message}`, { cause: error });
  }
}
