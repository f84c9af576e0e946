/** CEL's `quantity(…)`. */
import { cel } from "../../../deps/cel.ts";
import { formatQuantity, parseQuantity, type Quantity } from "../quantity.ts";

type Environment = InstanceType<typeof cel.Environment>;
const NANO = 1_000_000_000n;

/** A quantity as a value of CEL. */
class CelQuantity {
  constructor(readonly value: Quantity) {}

  toString(): string {
    return formatQuantity(this.value);
  }
}

function read(text: string): CelQuantity {
  const value = parseQuantity(text);
  if (value === undefined) {
    throw new cel.EvaluationError(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  }
  return new CelQuantity(value);
}

function plus(quantity: CelQuantity, nano: bigint): CelQuantity {
  return new CelQuantity({ ...quantity.value, nano: quantity.value.nano + nano });
}

/** Adds quantities to an environment. */
export function registerQuantities(env: Environment): void {
  env.registerType("kubernetes.Quantity", { ctor: CelQuantity, fields: {} });
  const type = "kubernetes.Quantity";
  const nano = (quantity: CelQuantity) => quantity.value.nano;
  env.registerFunction(`quantity(string): ${type}`, read);
  env.registerFunction("isQuantity(string): bool", (text: string) => parseQuantity(text) !== undefined);
  env.registerFunction(`${type}.sign(): int`, (q: CelQuantity) => nano(q) > 0n ? 1n : nano(q) < 0n ? -1n : 0n);
  env.registerFunction(`${type}.isGreaterThan(${type}): bool`, (a: CelQuantity, b: CelQuantity) => nano(a) > nano(b));
  env.registerFunction(`${type}.isLessThan(${type}): bool`, (a: CelQuantity, b: CelQuantity) => nano(a) < nano(b));
  env.registerFunction(
    `${type}.compareTo(${type}): int`,
    (a: CelQuantity, b: CelQuantity) => nano(a) > nano(b) ? 1n : nano(a) < nano(b) ? -1n : 0n,
  );
  env.registerFunction(`${type}.asApproximateFloat(): double`, (q: CelQuantity) => Number(nano(q)) / Number(NANO));
  env.registerFunction(`${type}.isInteger(): bool`, (q: CelQuantity) => nano(q) % NANO === 0n);
  env.registerFunction(`${type}.asInteger(): int`, (q: CelQuantity) => {
    if (nano(q) % NANO === 0n) return nano(q) / NANO;
    throw new cel.EvaluationError("cannot convert value to integer");
  });
  env.registerFunction(`${type}.add(${type}): ${type}`, (a: CelQuantity, b: CelQuantity) => plus(a, nano(b)));
  env.registerFunction(`${type}.add(int): ${type}`, (a: CelQuantity, b: bigint) => plus(a, b * NANO));
  env.registerFunction(`${type}.sub(${type}): ${type}`, (a: CelQuantity, b: CelQuantity) => plus(a, -nano(b)));
  env.registerFunction(`${type}.sub(int): ${type}`, (a: CelQuantity, b: bigint) => plus(a, -b * NANO));
  env.registerOperator(`${type} == ${type}`, (a: CelQuantity, b: CelQuantity) => nano(a) === nano(b));
}
