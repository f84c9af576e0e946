/** Label selectors, as `kubectl -l` takes them, decided in this process. */

/** Whether an object's labels are selected. */
export type LabelMatcher = (labels: Readonly<Record<string, string>>) => boolean;

/** A selector that cannot be read. */
export class SelectorError extends Error {
  override readonly name = "SelectorError";
  readonly reason = "Malformed";

  constructor(selector: string, requirement: string) {
    super(
      `Cannot read the label selector "${selector}": "${requirement}" is none of key, !key, key=value, key!=value, ` +
        "key in (a,b), key notin (a,b)",
    );
  }
}

const NAME = "[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?";
const VALUE = "(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)?";
const EXISTS = new RegExp(`^(!?)\\s*(${NAME})$`);
const EQUALS = new RegExp(`^(${NAME})\\s*(==|=|!=)\\s*(${VALUE})$`);
const SET = new RegExp(`^(${NAME})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);

/**
 * Reads a selector: requirements separated by commas, all of which must hold. An empty one selects everything.
 *
 * Kubernetes semantics: `!=` and `notin` also select objects that lack the key.
 *
 * @throws {SelectorError}
 */
export function labelMatcher(selector: string): LabelMatcher {
  const requirements = split(selector).map((text) => requirement(selector, text));
  return (labels) => requirements.every((holds) => holds(labels));
}

/** At commas that are not within parentheses. */
function split(selector: string): string[] {
  return selector.trim() === "" ? [] : selector.split(/,(?![^(]*\))/).map((part) => part.trim());
}

function requirement(selector: string, text: string): LabelMatcher {
  const [, not, name] = EXISTS.exec(text) ?? [];
  if (name !== undefined) return (labels) => Object.hasOwn(labels, name) !== (not === "!");
  const [, key = "", operator, value] = EQUALS.exec(text) ?? [];
  if (operator !== undefined) return (labels) => (own(labels, key) === value) !== (operator === "!=");
  const [, set = "", verb, list = ""] = SET.exec(text) ?? [];
  if (verb === undefined) throw new SelectorError(selector, text);
  const values: ReadonlySet<string | undefined> = new Set(list.split(",").map((part) => part.trim()));
  return (labels) => values.has(own(labels, set)) !== (verb === "notin");
}

function own(labels: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
