/** From an error to what the condition `Ready` of a definition says. */
import { DefinitionError, type DefinitionErrorReason } from "./errors.ts";

/** Reasons by the class of the error, then by the reason that it carries. */
const REASON_OF_CLASS: Readonly<Record<string, string>> = {
  HelmChartError: "ChartInvalid",
  SchemaError: "SchemaInvalid",
  CrdError: "NamesInvalid",
};
const REASON_OF_FETCH: Readonly<Record<string, string>> = {
  NotFound: "ChartNotFound",
  VersionNotFound: "ChartNotFound",
  Unauthorized: "ChartUnauthorized",
  DigestMismatch: "ChartInvalid",
  InvalidArchive: "ChartInvalid",
  TooLarge: "ChartInvalid",
};

const REASON_OF_DEFINITION: Readonly<Record<DefinitionErrorReason, string>> = {
  NoChart: "ChartNotFound",
  KindConflict: "NamesInvalid",
};

/** Reason and message of a failure. */
export function failureOf(error: unknown): { reason: string; message: string } {
  if (!(error instanceof Error)) return { reason: "ReconcileError", message: String(error) };
  if (error instanceof DefinitionError) return { reason: REASON_OF_DEFINITION[error.reason], message: error.message };
  const own = "reason" in error && typeof error.reason === "string" ? error.reason : "";
  const fetch = error.name === "ChartFetchError" ? REASON_OF_FETCH[own] ?? "ChartUnavailable" : undefined;
  const credentials = own === "MissingCredentials" ? "ChartUnauthorized" : undefined;
  const reason = REASON_OF_CLASS[error.name] ?? fetch ?? credentials ?? "ReconcileError";
  return { reason, message: error.message };
}
