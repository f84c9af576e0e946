/**
 * Why a chart or its values were refused.
 *
 * - `NotAnArchive`: the bytes are not a gzipped tar archive.
 * - `InvalidArchive`: the archive is damaged, empty, or holds no chart.
 * - `UnsafePath`: an entry would lie outside the chart.
 * - `TooLarge`: the chart or one file is larger than Helm takes.
 * - `MissingChartYaml`, `InvalidMetadata`: Chart.yaml is not there, or breaks Helm's rules.
 * - `InvalidValues`: values.yaml, a values file or an expression for `--set` cannot be read.
 * - `ValuesConflict`: values for a subchart are not a map.
 * - `InvalidSchema`: values.schema.json is not a schema.
 * - `SchemaViolation`: the values break a schema.
 * - `IncompatibleKubernetes`: the chart asks for another Kubernetes version.
 * - `UnreadableFile`: a file of a chart directory cannot be read.
 */
export type HelmChartErrorReason =
  | "NotAnArchive"
  | "InvalidArchive"
  | "UnsafePath"
  | "TooLarge"
  | "MissingChartYaml"
  | "InvalidMetadata"
  | "InvalidValues"
  | "ValuesConflict"
  | "InvalidSchema"
  | "SchemaViolation"
  | "IncompatibleKubernetes"
  | "UnreadableFile";

/** A chart or values that Helm refuses, with Helm's message where Helm has one. */
export class HelmChartError extends Error {
  /** Why, for code that decides by it. */
  readonly reason: HelmChartErrorReason;

  /** An error with a reason and the message to show. */
  constructor(reason: HelmChartErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "HelmChartError";
    this.reason = reason;
  }
}
