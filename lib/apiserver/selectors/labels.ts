/** Label selectors: parsing and matching. */
import { badRequest } from "../status.ts";

/** Tells whether labels match. */
export type LabelMatcher = (labels: Readonly<Record<string, string>>) => boolean;

interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
  readonly values: readonly string[];
}

/** As in `metav1.LabelSelector`. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

const KEY = /^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;
const SET = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/;
const COMPARISON = /^([^=!<>\s]+)\s*(==|=|!=|>|<)\s*(\S*)$/;

/**
 * Parses a selector in text: `a=b,c!=d,e,!f,g in (h,i),j notin (k),l>1`.
 *
 * @returns `undefined` for the empty selector, which matches everything.
 * @throws ApiError `BadRequest`
 */
export function parseLabelSelector(text: string): LabelMatcher | undefined {
  if (text.trim() === "") return undefined;
  return matchAll(splitTop(text).map((part) => parseRequirement(part.trim(), text)));
}

/** Matcher of a structured selector; an empty one matches everything, as in Kubernetes. */
export function labelSelectorMatcher(selector: LabelSelector): LabelMatcher {
  const equal = Object.entries(selector.matchLabels ?? {}).map(([key, value]): Requirement => ({
    key,
    operator: "In",
    values: [value],
  }));
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values = [] }): Requirement => {
    if (operator === "In" || operator === "NotIn" || operator === "Exists" || operator === "DoesNotExist") {
      return { key, operator, values };
    }
    throw badRequest(`"${operator}" is not a valid label selector operator`);
  });
  return matchAll([...equal, ...expressions]);
}

function matchAll(requirements: readonly Requirement[]): LabelMatcher {
  return (labels) => requirements.every((requirement) => matches(requirement, labels));
}

function matches({ key, operator, values }: Requirement, labels: Readonly<Record<string, string>>): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
    case "Lt": {
      if (value === undefined || !/^-?\d+$/.test(value)) return false;
      const difference = Number(value) - Number(values[0]);
      return operator === "Gt" ? difference > 0 : difference < 0;
    }
  }
}

/** Splits at commas outside of parentheses. */
function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text[index];
    if (char === "(") depth++;
    else if (char === ")") depth--;
    else if (char === "," && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function parseRequirement(part: string, whole: string): Requirement {
  const fail = (why: string) => badRequest(`unable to parse requirement: ${why} in selector "${whole}"`);
  const requirement = readRequirement(part);
  if (requirement === undefined) throw fail(`found '${part}'`);
  if (!KEY.test(requirement.key)) throw fail(`Invalid value: "${requirement.key}" is not a qualified name`);
  if (requirement.operator === "Gt" || requirement.operator === "Lt") {
    if (!/^-?\d+$/.test(requirement.values[0] ?? "")) {
      throw fail("for 'Gt', 'Lt' operators, the value must be an integer");
    }
  } else {
    const bad = requirement.values.find((value) => !VALUE.test(value) || value.length > 63);
    if (bad !== undefined) throw fail(`Invalid value: "${bad}" is not a valid label value`);
  }
  return requirement;
}

function readRequirement(part: string): Requirement | undefined {
  const set = SET.exec(part);
  if (set?.[1] !== undefined && set[3] !== undefined) {
    const values = set[3].split(",").map((value) => value.trim());
    return { key: set[1], operator: set[2] === "in" ? "In" : "NotIn", values };
  }
  const comparison = COMPARISON.exec(part);
  if (comparison?.[1] !== undefined && comparison[3] !== undefined) {
    const values = [comparison[3]];
    const operators = { "=": "In", "==": "In", "!=": "NotIn", ">": "Gt", "<": "Lt" } as const;
    return { key: comparison[1], operator: operators[comparison[2] as keyof typeof operators], values };
  }
  if (part.startsWith("!")) return { key: part.slice(1).trim(), operator: "DoesNotExist", values: [] };
  return part === "" ? undefined : { key: part, operator: "Exists", values: [] };
}
