/**
 * Why a chart did not render.
 *
 * - `Parse`: a template is not Go template syntax.
 * - `Execution`: a template failed, `fail` and `required` included.
 * - `InvalidManifest`: what a template printed is not YAML or not an object.
 * - `Values`: dependencies, values or schema were refused; `cause` is the HelmChartError.
 * - `Timeout`, `OutOfMemory`, `OutputTooLarge`, `TooDeep`: a limit was reached; the template is hostile or the limit too low.
 * - `Lookup`: the cluster could not answer a `lookup`.
 * - `Closed`: the renderer was closed before it answered.
 */
export type RenderErrorReason =
  | "Parse"
  | "Execution"
  | "InvalidManifest"
  | "Values"
  | "Timeout"
  | "OutOfMemory"
  | "OutputTooLarge"
  | "TooDeep"
  | "Lookup"
  | "Closed";

/** A chart that did not render, with Helm 4's message where Helm has one. */
export class RenderError extends Error {
  /** Why, for code that decides by it. */
  readonly reason: RenderErrorReason;

  /** An error with a reason and the message to show. */
  constructor(reason: RenderErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "RenderError";
    this.reason = reason;
  }
}
