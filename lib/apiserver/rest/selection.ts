/** Which objects a list, watch or deletecollection is about. */
import type { KubeObject } from "../../kube/mod.ts";
import { type FieldSelector, type LabelMatcher, parseFieldSelector, parseLabelSelector } from "../selectors/mod.ts";
import type { Entry } from "../storage/mod.ts";
import type { Target } from "./target.ts";

/** Tells whether an entry is meant; also knows whether everything is, and whether only one name is. */
export interface Selection {
  readonly namespace: string | undefined;
  /** No selector at all. */
  readonly everything: boolean;
  /** Set where a single object can match, which saves looking at the others. */
  readonly name: string | undefined;
  matches(entry: Entry): boolean;
}

/**
 * Reads `labelSelector` and `fieldSelector`.
 *
 * @throws ApiError `BadRequest`
 */
export function selectionOf(target: Target, query: URLSearchParams): Selection {
  const { served, version, namespace } = target;
  const labels = parseLabelSelector(query.get("labelSelector") ?? "");
  const fields = parseFieldSelector(query.get("fieldSelector") ?? "", version.selectableFields);
  const name = target.name ?? nameIn(fields);
  return {
    namespace,
    everything: labels === undefined && fields === undefined && name === undefined,
    name,
    matches: (entry) =>
      (namespace === undefined || entry.namespace === namespace) &&
      (name === undefined || entry.name === name) &&
      matchesSelectors(entry.object, labels, fields, () => served.view(version, entry)),
  };
}

function nameIn(fields: FieldSelector | undefined): string | undefined {
  return fields?.terms.find((term) => term.field === "metadata.name" && term.equal)?.value;
}

/** Labels are the same in every version; fields are those of the version asked for. */
function matchesSelectors(
  stored: KubeObject,
  labels: LabelMatcher | undefined,
  fields: FieldSelector | undefined,
  view: () => KubeObject,
): boolean {
  return (labels === undefined || labels(stored.metadata.labels ?? {})) &&
    (fields === undefined || fields.matches(view()));
}
