/** Keywords about scalars, and `enum`: one schema's, as value validations. */
import { assertsFormat } from "./document.ts";
import { type Conjunct, keyword } from "./conjunction.ts";
import { formatRule } from "./format.ts";
import { isObject } from "./json.ts";
import { compilePattern } from "./pattern.ts";
import type { Scope } from "./scope.ts";
import type { StructuralSchema } from "./types.ts";
import { ANYTHING, exact, NOTHING, type Verdict, wider } from "./value_validation.ts";

/** `enum`, `const`, bounds, `pattern` and `format` of one schema. */
export function scalarVerdicts(conjunct: Conjunct, scope: Scope): Verdict[] {
  return [
    ...membersOf(conjunct).map((members) => enumVerdict(members, scope)),
    boundsVerdict(conjunct, scope),
    ...patternVerdicts(conjunct, scope),
    ...formatVerdicts(conjunct, scope),
  ];
}

function membersOf(conjunct: Conjunct): unknown[][] {
  const { enum: members } = conjunct.schema;
  const constant = keyword(conjunct, "const");
  return [...(Array.isArray(members) ? [members] : []), ...(constant === undefined ? [] : [[constant]])];
}

function enumVerdict(members: readonly unknown[], scope: Scope): Verdict {
  const values = members.filter((member) => member !== null);
  const merges = isObject(scope.base) && Object.keys(scope.base).length > 0 && values.some(isObject);
  if (!merges) return exact(values.length === 0 ? NOTHING : { enum: values });
  scope.notes.dropped(
    scope.path,
    "enum",
    "Helm compares the map after merging it with values.yaml, the API server before",
  );
  return wider(ANYTHING);
}

/** 2^63: the API server reads integers from here on, and from below -2^63, as numbers that are none. */
const INTEGERS_END = 2 ** 63;

function boundsVerdict(conjunct: Conjunct, scope: Scope): Verdict {
  const bounds = boundsOf(conjunct);
  const { minimum = 0, maximum = 0 } = bounds;
  if (conjunct.schema["type"] === "integer" && (maximum >= INTEGERS_END || minimum < -INTEGERS_END)) {
    const bound = maximum >= INTEGERS_END ? "maximum" : "minimum";
    scope.notes.dropped(
      scope.path,
      bound,
      "The API server refuses integers of more than 64 bits, which Helm would take",
    );
  }
  return exact(bounds);
}

const COPIED = ["minLength", "maxLength", "multipleOf"] as const;

/** Numeric and length bounds; the two forms of exclusive bounds become the API server's one. */
export function boundsOf(conjunct: Conjunct): StructuralSchema {
  const bounds: StructuralSchema = {};
  for (const name of COPIED) {
    const bound = keyword(conjunct, name);
    if (typeof bound === "number") bounds[name] = bound;
  }
  return { ...bounds, ...lowerBound(conjunct), ...upperBound(conjunct) };
}

function lowerBound(conjunct: Conjunct): StructuralSchema {
  const { minimum, exclusiveMinimum: exclusive } = conjunct.schema;
  const bound = typeof minimum === "number" ? minimum : undefined;
  if (typeof exclusive === "number" && (bound === undefined || exclusive >= bound)) {
    return { minimum: exclusive, exclusiveMinimum: true };
  }
  return bound === undefined ? {} : { minimum: bound, ...(exclusive === true ? { exclusiveMinimum: true } : {}) };
}

function upperBound(conjunct: Conjunct): StructuralSchema {
  const { maximum, exclusiveMaximum: exclusive } = conjunct.schema;
  const bound = typeof maximum === "number" ? maximum : undefined;
  if (typeof exclusive === "number" && (bound === undefined || exclusive <= bound)) {
    return { maximum: exclusive, exclusiveMaximum: true };
  }
  return bound === undefined ? {} : { maximum: bound, ...(exclusive === true ? { exclusiveMaximum: true } : {}) };
}

function patternVerdicts(conjunct: Conjunct, scope: Scope): Verdict[] {
  const { pattern } = conjunct.schema;
  if (typeof pattern !== "string") return [];
  if (compilePattern(pattern).kind === "re2") return [exact({ pattern })];
  scope.notes.dropped(
    scope.path,
    "pattern",
    `${JSON.stringify(pattern)} is no RE2 syntax (look-around, back reference)`,
  );
  return [wider(ANYTHING)];
}

function formatVerdicts(conjunct: Conjunct, scope: Scope): Verdict[] {
  const { format } = conjunct.schema;
  if (typeof format !== "string" || !assertsFormat(conjunct.document.draft)) return [];
  const rule = formatRule(format);
  if (rule === undefined) return [];
  if ("validation" in rule) return [exact(rule.validation)];
  scope.notes.dropped(
    scope.path,
    "format",
    `The API server cannot check ${JSON.stringify(format)}: ${rule.unenforced}`,
  );
  return [wider(ANYTHING)];
}
