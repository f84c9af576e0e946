/** Content negotiation: the `Accept` header. */
import { ApiError } from "../status.ts";

/** What the client wants to see of an object. */
export type Form = "object" | "partial" | "table";

/** One media range of an `Accept` header. */
export interface MediaRange {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const JSON_TYPES: readonly string[] = ["application/json", "application/*", "*/*"];

const PARTIAL: readonly string[] = ["PartialObjectMetadata", "PartialObjectMetadataList"];

/** The media ranges, most wanted first. */
export function mediaRanges(accept: string | undefined): MediaRange[] {
  const ranges = (accept ?? "*/*").split(",").map((part) => {
    const [type = "", ...rest] = part.split(";").map((field) => field.trim());
    const parameters: Record<string, string> = {};
    for (const parameter of rest) {
      const [name = "", value = ""] = parameter.split("=");
      parameters[name.trim()] = value.trim();
    }
    return { type: type.toLowerCase(), parameters };
  });
  const quality = (range: MediaRange) => Number(range.parameters.q ?? "1");
  return ranges.filter((range) => quality(range) > 0).sort((left, right) => quality(right) - quality(left));
}

/**
 * The form of the answer.
 *
 * Protobuf and CBOR ranges are passed over, so `application/vnd.kubernetes.protobuf,application/json` gets JSON.
 *
 * @throws ApiError `NotAcceptable` when the client takes no JSON.
 */
export function negotiateForm(accept: string | undefined): Form {
  if (accept === undefined || accept === "application/json") return "object";
  for (const { type, parameters } of mediaRanges(accept)) {
    if (!JSON_TYPES.includes(type)) continue;
    const as = parameters.as;
    if (as === undefined) return "object";
    if (parameters.g !== "meta.k8s.io" || parameters.v !== "v1") continue;
    if (as === "Table") return "table";
    if (PARTIAL.includes(as)) return "partial";
  }
  throw new ApiError("NotAcceptable", "406: Not Acceptable\n\nAvailable representations: application/json", {});
}
