/** `anyOf`, `oneOf`, `not`, `if` and dependencies of one schema, as value validations. */
import type { Located } from "./document.ts";
import { branchesOf, type Conjunct, conjunctionOf, schemaAt } from "./conjunction.ts";
import { dependenciesOf, type Dependency } from "./evaluate.ts";
import { baseHas, forObjects, noteCuts, type Scope } from "./scope.ts";
import type { StructuralSchema } from "./types.ts";
import {
  allOf,
  anyOf,
  ANYTHING,
  exact,
  isNothing,
  isNull,
  negate,
  UNSPEAKABLE,
  type Verdict,
  wider,
} from "./value_validation.ts";

/** Everything of one schema that joins other schemas. */
export function combinatorVerdicts(conjunct: Conjunct, scope: Scope): Verdict[] {
  return [
    ...anyOfVerdicts(conjunct, scope),
    ...oneOfVerdicts(conjunct, scope),
    ...notVerdicts(conjunct, scope),
    ...conditionVerdicts(conjunct, scope),
    ...dependenciesOf(conjunct).map((dependency) => dependencyVerdict(dependency, scope)),
  ];
}

const translateAt = (at: Located, scope: Scope): Verdict =>
  scope.translate(conjunctionOf([at], noteCuts(scope)), scope);

function anyOfVerdicts(conjunct: Conjunct, scope: Scope): Verdict[] {
  const branches = branchesOf(conjunct, "anyOf").map((branch) => translateAt(branch, scope));
  if (branches.length === 0) return [];
  return [{ schema: anyOf(branches.map((branch) => branch.schema)), exact: branches.every((branch) => branch.exact) }];
}

function oneOfVerdicts(conjunct: Conjunct, scope: Scope): Verdict[] {
  const branches = branchesOf(conjunct, "oneOf").map((branch) => translateAt(branch, scope));
  if (branches.length === 0) return [];
  const schemas = branches.map((branch) => branch.schema).filter((schema) => !isNothing(schema));
  if (branches.every((branch) => branch.exact)) {
    return [exact(schemas.length > 1 ? { oneOf: schemas } : anyOf(schemas))];
  }
  scope.notes.dropped(
    scope.path,
    "oneOf",
    "A branch cannot be told exactly, so one or several may match instead of one",
  );
  return [wider(anyOf(schemas))];
}

function notVerdicts(conjunct: Conjunct, scope: Scope): Verdict[] {
  const at = schemaAt(conjunct, "not");
  if (at === undefined) return [];
  const { schema, exact: isExact } = translateAt(at, scope);
  if (isExact) return [exact(negate(schema))];
  scope.notes.dropped(scope.path, "not", "The negated schema cannot be told exactly");
  return [wider(ANYTHING)];
}

function conditionVerdicts(conjunct: Conjunct, scope: Scope): Verdict[] {
  const [condition, then, otherwise] = ["if", "then", "else"].map((name) => schemaAt(conjunct, name));
  if (condition === undefined || (then === undefined && otherwise === undefined)) return [];
  const test = translateAt(condition, scope);
  const verdicts: Verdict[] = [];
  if (then !== undefined && test.exact) verdicts.push(either(negate(test.schema), translateAt(then, scope)));
  if (then !== undefined && !test.exact) {
    scope.notes.dropped(scope.path, "then", "The condition cannot be told exactly");
    verdicts.push(wider(ANYTHING));
  }
  if (otherwise !== undefined) {
    const verdict = either(test.schema, translateAt(otherwise, scope));
    verdicts.push(test.exact ? verdict : wider(verdict.schema));
  }
  return verdicts;
}

const either = (first: StructuralSchema, second: Verdict): Verdict => ({
  schema: anyOf([first, second.schema]),
  exact: second.exact,
});

function dependencyVerdict(dependency: Dependency, scope: Scope): Verdict {
  const required = allOf(dependency.required.map((name) => present(name, scope)));
  const whole = dependency.schema === undefined ? exact(ANYTHING) : translateAt(dependency.schema, scope);
  return either(missing(dependency.name, scope), {
    schema: allOf([required, whole.schema]),
    exact: whole.exact,
  });
}

/**
 * The property is there after Helm's merge: values.yaml brings it unless the user says null; otherwise the user must.
 */
export function present(name: string, scope: Scope): StructuralSchema {
  if (!baseHas(scope, name)) return { required: [name] };
  return name === UNSPEAKABLE ? ANYTHING : forObjects({ not: isNull(name) }, scope);
}

/** Not even after Helm's merge; what is no object has no properties, and passes. */
export const missing = (name: string, scope: Scope): StructuralSchema =>
  forObjects(negate(present(name, scope)), scope);
