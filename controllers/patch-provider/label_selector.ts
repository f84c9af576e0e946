/** Label selectors as the API server's query takes them; pure. */
import type { LabelSelectorSpec } from "./api.ts";
import { PatchError } from "./errors.ts";

/**
 * The query form of a selector: `app=web,tier in (a,b),!legacy`.
 *
 * @throws {PatchError} `Invalid` where it selects by nothing at all, which would be every object, or by an unknown operator.
 */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelectorSpec): string {
  const terms = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  for (const { key, operator, values = [] } of matchExpressions) {
    terms.push(TERM[operator]?.(key, values.join()) ?? unknownOperator(operator));
  }
  if (terms.length === 0) {
    throw new PatchError("Invalid", "spec.to.selector selects by nothing: set matchLabels or matchExpressions");
  }
  return terms.join();
}

type Operator = NonNullable<LabelSelectorSpec["matchExpressions"]>[number]["operator"];

const TERM: Readonly<Record<Operator, (key: string, values: string) => string>> = {
  In: (key, values) => `${key} in (${values})`,
  NotIn: (key, values) => `${key} notin (${values})`,
  Exists: (key) => key,
  DoesNotExist: (key) => `!${key}`,
};

function unknownOperator(operator: string): never {
  throw new PatchError("Invalid", `spec.to.selector has the unknown operator "${operator}"`);
}
