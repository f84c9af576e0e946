/** The Kubernetes version that a command line names. */
import { tryParseVersion } from "../lib/gotemplate/functions/mod.ts";
import { CliError } from "./errors.ts";

/** @throws {CliError} `BadOptions` where a text is no version. */
export function checkKubeVersion(version: string): void {
  if (tryParseVersion(version) !== undefined) return;
  const quoted = JSON.stringify(version);
  throw new CliError("BadOptions", `invalid kube version '${version}': could not parse ${quoted} as version`);
}
