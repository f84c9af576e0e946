/** The functions that Kubernetes adds to CEL: lists, regular expressions, URLs, addresses, quantities, formats, strings. */
import { cel } from "../../../deps/cel.ts";
import { RE2JS } from "../../../deps/re2js.ts";
import { registerAddresses } from "./addresses.ts";
import { registerFormats } from "./named_formats.ts";
import { type Namespace, registerNamespace } from "./namespace.ts";
import { registerQuantities } from "./quantities.ts";
import { registerUrls } from "./urls.ts";

type Environment = InstanceType<typeof cel.Environment>;

/** Compares two CEL values of a type that has an order. */
function compare(left: unknown, right: unknown): number {
  if (left instanceof Date && right instanceof Date) return left.getTime() - right.getTime();
  const a = ordered(left);
  const b = ordered(right);
  return a < b ? -1 : a > b ? 1 : 0;
}

function ordered(value: unknown): string | number | bigint | boolean {
  if (
    typeof value === "string" || typeof value === "number" || typeof value === "bigint" || typeof value === "boolean"
  ) {
    return value;
  }
  if (typeof value === "object" && value !== null && "valueOf" in value) {
    const primitive: unknown = value.valueOf();
    if (typeof primitive === "number" || typeof primitive === "bigint" || typeof primitive === "string") {
      return primitive;
    }
  }
  throw new cel.EvaluationError("no such overload: values have no order");
}

function extreme(list: readonly unknown[], sign: 1 | -1, name: string): unknown {
  const [first, ...rest] = list;
  if (list.length === 0) throw new cel.EvaluationError(`${name} called on empty list`);
  return rest.reduce((best, next) => compare(next, best) * sign > 0 ? next : best, first);
}

function sum(list: readonly unknown[]): unknown {
  if (list.some((item) => typeof item === "number")) {
    return list.reduce<number>((total, item) => total + Number(item), 0);
  }
  return list.reduce<bigint>((total, item) => total + (typeof item === "bigint" ? item : BigInt(Number(item))), 0n);
}

function sameValue(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (
    (typeof left === "bigint" && typeof right === "number") || (typeof left === "number" && typeof right === "bigint")
  ) {
    return left == right;
  }
  if (typeof left !== "object" || typeof right !== "object") return false;
  const print = (value: unknown) =>
    JSON.stringify(value, (_key, item: unknown) => typeof item === "bigint" ? Number(item) : item);
  return print(left) === print(right);
}

function indexIn(list: readonly unknown[], item: unknown): bigint {
  return BigInt(list.findIndex((other) => sameValue(other, item)));
}

function lastIndexIn(list: readonly unknown[], item: unknown): bigint {
  return BigInt(list.findLastIndex((other) => sameValue(other, item)));
}

function registerLists(env: Environment): void {
  env.registerFunction(
    "list<dyn>.isSorted(): bool",
    (list: unknown[]) => list.every((item, index) => index === 0 || compare(list[index - 1], item) <= 0),
  );
  env.registerFunction("list<dyn>.sum(): dyn", sum);
  env.registerFunction("list<dyn>.min(): dyn", (list: unknown[]) => extreme(list, -1, "min"));
  env.registerFunction("list<dyn>.max(): dyn", (list: unknown[]) => extreme(list, 1, "max"));
  env.registerFunction("list<dyn>.indexOf(dyn): int", indexIn);
  env.registerFunction("list<dyn>.lastIndexOf(dyn): int", lastIndexIn);
  registerNamespace(env, "sets");
  env.registerFunction(
    "kubernetes.Sets.contains(list<dyn>, list<dyn>): bool",
    (_sets: Namespace, list: unknown[], sub: unknown[]) => sub.every((item) => indexIn(list, item) >= 0n),
  );
  env.registerFunction(
    "kubernetes.Sets.intersects(list<dyn>, list<dyn>): bool",
    (_sets: Namespace, list: unknown[], other: unknown[]) => other.some((item) => indexIn(list, item) >= 0n),
  );
  env.registerFunction(
    "kubernetes.Sets.equivalent(list<dyn>, list<dyn>): bool",
    (_sets: Namespace, list: unknown[], other: unknown[]) =>
      other.every((item) => indexIn(list, item) >= 0n) && list.every((item) => indexIn(other, item) >= 0n),
  );
}

function findAll(text: string, pattern: string, most: number): string[] {
  const matcher = RE2JS.compile(pattern).matcher(text);
  const found: string[] = [];
  while (found.length !== most && matcher.find()) found.push(matcher.group() ?? "");
  return found;
}

function registerStrings(env: Environment): void {
  env.registerFunction(
    "string.find(string): string",
    (text: string, pattern: string) => findAll(text, pattern, 1)[0] ?? "",
  );
  env.registerFunction(
    "string.findAll(string): list<string>",
    (text: string, pattern: string) => findAll(text, pattern, -1),
  );
  env.registerFunction(
    "string.findAll(string, int): list<string>",
    (text: string, pattern: string, most: bigint) => findAll(text, pattern, Number(most)),
  );
  env.registerFunction(
    "string.replace(string, string): string",
    (text: string, from: string, to: string) => text.replaceAll(from, () => to),
  );
  env.registerFunction(
    "string.replace(string, string, int): string",
    (text: string, from: string, to: string, most: bigint) => replaceSome(text, from, to, Number(most)),
  );
  env.registerFunction("string.charAt(int): string", (text: string, index: bigint) => [...text][Number(index)] ?? "");
  env.registerFunction("string.reverse(): string", (text: string) => [...text].reverse().join(""));
}

function replaceSome(text: string, from: string, to: string, most: number): string {
  if (most < 0) return text.replaceAll(from, () => to);
  let rest = most;
  return text.replaceAll(from, (match) => rest-- > 0 ? to : match);
}

/** An environment with CEL's standard library and Kubernetes' additions; `self` and `oldSelf` are what rules speak of. */
export function kubernetesEnvironment(): Environment {
  const env = new cel.Environment({ homogeneousAggregateLiterals: false, enableOptionalTypes: true });
  registerLists(env);
  registerStrings(env);
  registerUrls(env);
  registerAddresses(env);
  registerQuantities(env);
  registerFormats(env);
  return env;
}
