import type { ErrorObject } from "../../deps/ajv.ts";

/** A line of the message and what stands indented below it. */
interface Line {
  readonly text: string;
  readonly below: readonly Line[];
}

/** A violation with those of its branches (`anyOf`, `oneOf`), each branch apart. */
interface Violation {
  readonly error: ErrorObject;
  readonly branches: Violation[];
}

const BRANCHING = new Set(["anyOf", "oneOf", "contains", "propertyNames"]);

/**
 * Writes schema violations in the form of Helm 4: one line each, `- at '/path': what, want what`, several of one place
 * below a line `validation failed`, those of alternatives indented below theirs.
 */
export function schemaErrorText(errors: readonly ErrorObject[], values: unknown): string {
  return linesOf(nested(errors), "", values).flatMap((line) => indented(line, 0)).join("\n");
}

/** A violation of alternatives comes behind those of its branches; they move below it. */
function nested(errors: readonly ErrorObject[]): Violation[] {
  const out: Violation[] = [];
  for (const error of errors) {
    if (error.keyword === "if") continue;
    const branches: Violation[] = [];
    if (BRANCHING.has(error.keyword)) {
      while (belongsBelow(out.at(-1), error)) branches.unshift(...out.splice(-1));
    }
    out.push({ error, branches });
  }
  return out;
}

function belongsBelow(last: Violation | undefined, parent: ErrorObject): boolean {
  if (last === undefined) return false;
  const { schemaPath, instancePath } = last.error;
  const isReferenced = /^#\/(?:definitions|\$defs)\//.test(schemaPath) &&
    !parent.schemaPath.startsWith(schemaPath.split("/", 3).join("/"));
  return instancePath.startsWith(parent.instancePath) &&
    (schemaPath.startsWith(`${parent.schemaPath}/`) || isReferenced);
}

/** The lines of one place: its own violations, then those of the places below, each place as one line. */
function linesOf(violations: readonly Violation[], place: string, root: unknown): Line[] {
  const own: Line[] = [];
  const deeper = new Map<string, Violation[]>();
  const additional: string[] = [];
  for (const violation of violations) {
    const { error } = violation;
    const rest = error.instancePath.slice(place.length);
    const next = rest === "" ? undefined : rest.slice(1).split("/", 1)[0];
    if (next !== undefined) deeper.set(next, [...deeper.get(next) ?? [], violation]);
    else if (error.keyword === "additionalProperties") additional.push(`'${error.params["additionalProperty"]}'`);
    else if (!isLaterRequired(violations, violation)) {
      own.push(line(place, describe(error, violations), below(violation, place, root)));
    }
  }
  if (additional.length > 0) own.push(line(place, `additional properties ${additional.join(", ")} not allowed`));
  for (const [segment, inner] of deeper) {
    own.push(asOne(linesOf(inner, `${place}/${segment}`, root), `${place}/${segment}`));
  }
  return own;
}

/** All missing properties of one schema are one line: the first's. */
function isLaterRequired(all: readonly Violation[], one: Violation): boolean {
  if (one.error.keyword !== "required") return false;
  const first = all.find(({ error }) => sameRequired(error, one.error));
  return first !== one;
}

function sameRequired(a: ErrorObject, b: ErrorObject): boolean {
  return a.keyword === "required" && a.schemaPath === b.schemaPath && a.instancePath === b.instancePath;
}

function below(violation: Violation, place: string, root: unknown): Line[] {
  if (violation.error.keyword === "contains") return linesOf(violation.branches, place, root);
  const byBranch = Map.groupBy(
    violation.branches,
    ({ error }) => error.schemaPath.slice(violation.error.schemaPath.length).split("/")[1],
  );
  return [...byBranch.values()].map((branch) => asOne(linesOf(branch, place, root), place));
}

function asOne(lines: readonly Line[], place: string): Line {
  const [first] = lines;
  return first !== undefined && lines.length === 1 ? first : line(place, "validation failed", lines);
}

function line(place: string, text: string, below: readonly Line[] = []): Line {
  return { text: `at '${place}': ${text}`, below };
}

function indented(entry: Line, depth: number): string[] {
  return [`${"  ".repeat(depth)}- ${entry.text}`, ...entry.below.flatMap((inner) => indented(inner, depth + 1))];
}

/** What each keyword's violation says, in the words of Helm's validator. */
const DESCRIPTIONS: Readonly<Record<string, (error: ErrorObject) => string>> = {
  type: ({ data, params }) => `got ${typeName(data)}, want ${[params["type"]].flat().toSorted().join(" or ")}`,
  enum: ({ params }) => `value must be one of ${list(params["allowedValues"])}`,
  const: ({ params }) => `value must be ${shown(params["allowedValue"])}`,
  minimum: ({ data, params }) =>
    limit(params["comparison"] === ">" ? "exclusiveMinimum" : "minimum", data, params["limit"]),
  maximum: ({ data, params }) =>
    limit(params["comparison"] === "<" ? "exclusiveMaximum" : "maximum", data, params["limit"]),
  exclusiveMinimum: ({ data, params }) => limit("exclusiveMinimum", data, params["limit"]),
  exclusiveMaximum: ({ data, params }) => limit("exclusiveMaximum", data, params["limit"]),
  multipleOf: ({ data, params }) => limit("multipleOf", data, params["multipleOf"]),
  minLength: ({ data, params }) => limit("minLength", [...String(data)].length, params["limit"]),
  maxLength: ({ data, params }) => limit("maxLength", [...String(data)].length, params["limit"]),
  minItems: ({ data, params }) => limit("minItems", sizeOf(data), params["limit"]),
  maxItems: ({ data, params }) => limit("maxItems", sizeOf(data), params["limit"]),
  minProperties: ({ data, params }) => limit("minProperties", sizeOf(data), params["limit"]),
  maxProperties: ({ data, params }) => limit("maxProperties", sizeOf(data), params["limit"]),
  uniqueItems: ({ params }) =>
    `items at ${Math.min(params["i"], params["j"])} and ${Math.max(params["i"], params["j"])} are equal`,
  pattern: ({ data, params }) => `${shown(data)} does not match pattern ${goQuoted(String(params["pattern"]))}`,
  format: ({ data, params }) => `${shown(data)} is not valid ${params["format"]}`,
  not: () => "'not' failed",
  anyOf: () => "'anyOf' failed",
  oneOf: ({ params }) =>
    params["passingSchemas"] === null || params["passingSchemas"] === undefined
      ? "'oneOf' failed, none matched"
      : `'oneOf' failed, subschemas ${[params["passingSchemas"]].flat().join(", ")} matched`,
  contains: () => "no items match contains schema",
  propertyNames: ({ params }) => `invalid propertyName ${shown(params["propertyName"])}`,
  dependencies: ({ params }) =>
    `properties ${quotedList(params["deps"])} required, if ${shown(params["property"])} exists`,
  dependentRequired: ({ params }) =>
    `properties ${quotedList(params["deps"])} required, if ${shown(params["property"])} exists`,
  "false schema": () => "false schema",
};

function describe(error: ErrorObject, all: readonly Violation[]): string {
  if (error.keyword === "required") {
    return missing(all.map((one) => one.error).filter((other) => sameRequired(other, error)));
  }
  return DESCRIPTIONS[error.keyword]?.(error) ?? `${error.keyword}: ${error.message ?? "failed"}`;
}

function missing(errors: readonly ErrorObject[]): string {
  const names = errors.map(({ params }) => `'${params["missingProperty"]}'`);
  return `missing propert${names.length === 1 ? "y" : "ies"} ${names.join(", ")}`;
}

function limit(keyword: string, got: unknown, want: unknown): string {
  return `${keyword}: got ${got}, want ${want}`;
}

function sizeOf(data: unknown): number {
  return Array.isArray(data) ? data.length : Object.keys(Object(data)).length;
}

function typeName(data: unknown): string {
  if (data === null) return "null";
  return Array.isArray(data) ? "array" : typeof data;
}

function list(values: unknown): string {
  return Array.isArray(values) ? values.map(shown).join(", ") : shown(values);
}

function quotedList(names: unknown): string {
  return String(names).split(", ").map((name) => `'${name}'`).join(", ");
}

function shown(value: unknown): string {
  if (value === null) return "<nil>";
  return typeof value === "string" ? goQuoted(value) : JSON.stringify(value);
}

/** Go's `%q`, in single quotes. */
function goQuoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner}'`;
}
