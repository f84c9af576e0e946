/** The part of kubectl's JSONPath that printer columns and scale paths use, evaluated by hand: small, fast, safe. */

type Step =
  | { readonly type: "field"; readonly name: string }
  | { readonly type: "index"; readonly index: number }
  | { readonly type: "every" }
  | { readonly type: "descend"; readonly name: string }
  | { readonly type: "filter"; readonly path: readonly Step[]; readonly operator: string; readonly value: unknown };

const compiled = new Map<string, readonly Step[]>();

/**
 * The values at a path, none where there is nothing.
 *
 * Knows `.a.b`, `['a.b']`, `.a\.b`, `[0]`, `[-1]`, `[*]`, `.*`, `..a` and `[?(@.type=="Ready")]` with `== != < <= > >=`.
 *
 * @throws SyntaxError for anything else.
 */
export function evaluatePath(path: string, value: unknown): unknown[] {
  let steps = compiled.get(path);
  if (steps === undefined) compiled.set(path, steps = parsePath(path));
  return walk(steps, [value]);
}

/** Parses without evaluating: for checking a CRD. @throws SyntaxError */
export function parsePath(path: string): readonly Step[] {
  const text = path.trim().replace(/^\{(.*)\}$/s, "$1").replace(/^[$@]/, "");
  const steps: Step[] = [];
  let rest = text;
  while (rest !== "") {
    const { step, length } = readStep(rest, path);
    steps.push(step);
    rest = rest.slice(length);
  }
  return steps;
}

function readStep(rest: string, path: string): { step: Step; length: number } {
  const field = /^(\.\.|\.)((?:\\.|[^.[\\\]])+)/.exec(rest);
  if (field?.[2] !== undefined) {
    const name = field[2].replaceAll(/\\(.)/g, "$1");
    const step: Step = name === "*" && field[1] === "."
      ? { type: "every" }
      : { type: field[1] === "." ? "field" : "descend", name };
    return { step, length: field[0].length };
  }
  if (rest === ".") return { step: { type: "field", name: "" }, length: 1 };
  const quoted = /^\[(?:'([^']*)'|"([^"]*)")\]/.exec(rest);
  if (quoted !== null) return { step: { type: "field", name: quoted[1] ?? quoted[2] ?? "" }, length: quoted[0].length };
  const index = /^\[(-?\d+)\]/.exec(rest);
  if (index !== null) return { step: { type: "index", index: Number(index[1]) }, length: index[0].length };
  if (rest.startsWith("[*]")) return { step: { type: "every" }, length: 3 };
  const filter = /^\[\?\(\s*@([^=!<>\s]+)\s*(==|!=|<=|>=|<|>)\s*("[^"]*"|'[^']*'|[^)\s]+)\s*\)\]/.exec(rest);
  if (filter?.[1] !== undefined && filter[2] !== undefined && filter[3] !== undefined) {
    return {
      step: { type: "filter", path: parsePath(filter[1]), operator: filter[2], value: literal(filter[3]) },
      length: filter[0].length,
    };
  }
  throw new SyntaxError(`Cannot read JSONPath "${path}" at "${rest}"`);
}

function literal(text: string): unknown {
  if (/^["']/.test(text)) return text.slice(1, -1);
  if (text === "true" || text === "false") return text === "true";
  return Number.isNaN(Number(text)) ? text : Number(text);
}

function walk(steps: readonly Step[], values: readonly unknown[]): unknown[] {
  let current = [...values];
  for (const step of steps) current = current.flatMap((value) => take(step, value));
  return current;
}

function take(step: Step, value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  switch (step.type) {
    case "field":
      if (step.name === "") return [value];
      return present(fieldOf(value, step.name));
    case "index":
      return Array.isArray(value) ? present(value.at(step.index)) : [];
    case "every":
      return Object.values(value);
    case "descend":
      return [
        ...present(fieldOf(value, step.name)),
        ...Object.values(value).flatMap((item) => take(step, item)),
      ];
    case "filter":
      return Object.values(value).filter((item) => {
        const found = walk(step.path, [item]);
        return found.length > 0 && compare(found[0], step.operator, step.value);
      });
  }
}

function fieldOf(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

function present(value: unknown): unknown[] {
  return value === undefined || value === null ? [] : [value];
}

function compare(left: unknown, operator: string, right: unknown): boolean {
  if (operator === "==") return left === right || String(left) === String(right);
  if (operator === "!=") return String(left) !== String(right);
  const [a, b] = [Number(left), Number(right)];
  if (operator === "<") return a < b;
  if (operator === "<=") return a <= b;
  return operator === ">" ? a > b : a >= b;
}
