/** Field selectors: parsing and matching. */
import type { KubeObject } from "../../kube/mod.ts";
import { valueAt } from "../json_value.ts";
import { badRequest } from "../status.ts";

/** Tells whether an object matches. */
export type FieldMatcher = (object: KubeObject) => boolean;

/** One term of a field selector. */
export interface FieldTerm {
  readonly field: string;
  readonly equal: boolean;
  readonly value: string;
}

/** A parsed field selector. */
export interface FieldSelector {
  readonly terms: readonly FieldTerm[];
  readonly matches: FieldMatcher;
}

/** Fields that every kind can be selected by. */
const COMMON: readonly string[] = ["metadata.name", "metadata.namespace"];

/**
 * Parses a selector: `metadata.name=a,status.phase!=Running`; `\` escapes `,`, `=` and `\` in values.
 *
 * @param extra The kind's own selectable fields; `undefined` for a kind that has only the common ones by its nature.
 * @returns `undefined` for the empty selector.
 * @throws ApiError `BadRequest` for a field that the kind cannot be selected by.
 */
export function parseFieldSelector(text: string, extra: readonly string[] | undefined): FieldSelector | undefined {
  if (text.trim() === "") return undefined;
  const terms = text.split(/(?<!\\),/).filter((part) => part !== "").map((part) => parseTerm(part, text));
  for (const { field } of terms) {
    if (COMMON.includes(field) || extra?.includes(field) === true) continue;
    throw badRequest(
      extra !== undefined
        ? `field label not supported: ${field}`
        : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
    );
  }
  return {
    terms,
    matches: (object) => terms.every((term) => (fieldText(object, term.field) === term.value) === term.equal),
  };
}

function parseTerm(part: string, whole: string): FieldTerm {
  const match = /^([^=!]+)(==|=|!=)(.*)$/s.exec(part);
  if (match?.[1] === undefined || match[3] === undefined) {
    throw badRequest(`invalid selector: '${whole}'; can't understand '${part}'`);
  }
  return { field: match[1].trim(), equal: match[2] !== "!=", value: match[3].replaceAll(/\\([\\,=])/g, "$1") };
}

function fieldText(object: KubeObject, field: string): string {
  if (field === "source") {
    return String(valueAt(object, "source.component") ?? valueAt(object, "reportingComponent") ?? "");
  }
  if (field === "name") return object.metadata.name;
  const value = valueAt(object, field);
  if (value === undefined || value === null) return ABSENT[field] ?? "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What an absent field compares as, where that is not the empty string. */
const ABSENT: Readonly<Record<string, string>> = {
  "spec.unschedulable": "false",
  "spec.hostNetwork": "false",
  "status.replicas": "0",
  "status.successful": "0",
};
