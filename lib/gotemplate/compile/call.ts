/**
 * Function calls and argument checks as JavaScript expressions.
 *
 * @module
 */
import type { GoType } from "../go_type.ts";
import { types } from "../value.ts";
import { type Code, type DefinitionScope, type FunctionUse, literal } from "./code.ts";
import type { Variables } from "./variables.ts";

/** Nil found in data counts as missing from here on, as after every stage of a Go pipeline. */
export function normalized(code: Code): Code {
  if (code.type !== undefined || code.js === "undefined") return { ...code, boxed: undefined };
  // A plain variable or dot that is not boxed has been normalised when it was set.
  if (code.simple && code.boxed === undefined) return code;
  return { ...code, js: `(${code.js} ?? undefined)`, simple: false, boxed: undefined };
}

/** A value checked against a parameter's type. */
export function convertCode(code: Code, type: GoType, unit: DefinitionScope): Code {
  if (code.type === type) return code;
  if (type === types.any) {
    return code.type !== undefined ? code : { ...code, js: `(${code.js} ?? null)`, simple: false };
  }
  const js = type === types.string
    ? `text(${code.js}, ${code.place})`
    : `convert(${code.js}, ${unit.constant(type)}, ${code.place})`;
  return { ...code, js, simple: false, type: type.kind === "interface" ? undefined : type };
}

/** The value piped into a call. */
interface Tail {
  readonly final: Code;
  readonly type: GoType;
  readonly place: number;
  /** The function takes it as it is. */
  readonly raw: boolean;
}

/** A call to compile. */
export interface Call {
  readonly used: FunctionUse & { readonly js: string };
  readonly args: Code[];
  readonly tail: Tail | undefined;
  /** Place of the call itself, which knows the function's name. */
  readonly at: number;
  /** Place looked at last. */
  readonly place: number;
  /** Source of the target of `call`. */
  readonly target: string | undefined;
}

/** The code of a call: arguments in order, then `at` is set, then the function runs. */
export function callCode(call: Call, unit: DefinitionScope, variables: Variables): Code {
  const before: string[] = [];
  const args = [...call.args];
  const { name, builtin, fn } = call.used;
  const isChain = builtin && (name === "and" || name === "or");
  if (call.tail !== undefined) {
    const first = isChain || args.some((code) => !code.simple);
    args.push(tailCode(call.tail, first, before, unit, variables));
  }
  if (isChain) return shortCircuit(call, args, before, variables);
  const calls = args.findLastIndex((code) => code.calls);
  const values = args.map((code, i) => {
    // What stands before the last argument that calls something must be evaluated before `at` is set.
    if (i > calls || code.simple) return code.js;
    const temporary = variables.temporary();
    before.push(`${temporary} = ${code.js}`);
    return temporary;
  });
  const inline = builtin ? INLINE[name]?.(values) : undefined;
  if (call.target !== undefined) values.unshift(literal(call.target));
  const js = inline ?? `${call.target === undefined ? call.used.js : "callValue"}(${targetArgs(call, values)})`;
  const result = fn.result.kind === "interface" || fn.result.kind === "ptr" || fn.result.kind === "func"
    ? undefined
    : fn.result;
  return {
    js: `(${[...before, `at = ${call.at}`, js].join(", ")})`,
    type: result,
    calls: true,
    simple: false,
    place: call.place,
  };
}

/** `call` takes its arguments as a list. */
function targetArgs(call: Call, values: string[]): string {
  if (call.target === undefined) return values.join(", ");
  const [name, target, ...rest] = values;
  return `${name}, ${target}, [${rest.join(", ")}]`;
}

/** The piped value is passed last; `first` says that it must be evaluated before everything else. */
function tailCode(
  tail: Tail,
  first: boolean,
  before: string[],
  unit: DefinitionScope,
  variables: Variables,
): Code {
  let { final } = tail;
  if (!final.simple && first) {
    const temporary = variables.temporary();
    before.push(`${temporary} = ${final.js}`);
    final = { ...final, js: temporary, calls: false, simple: true };
  }
  return tail.raw ? final : convertCode({ ...final, place: tail.place }, tail.type, unit);
}

/** Built-in functions that are worth code of their own. */
const INLINE: Readonly<Record<string, (args: readonly string[]) => string | undefined>> = {
  not: ([value]) => `!truth(${value})`,
  eq: ([a, b, ...rest]) => b === undefined || rest.length > 0 ? undefined : `equal(${a}, ${b})`,
  ne: ([a, b]) => `!equal(${a}, ${b})`,
};

/** `and` and `or` evaluate their arguments only as far as needed. */
function shortCircuit(call: Call, args: readonly Code[], before: string[], variables: Variables): Code {
  const stopAtTrue = call.used.name === "or";
  let js = args[args.length - 1]?.js ?? "undefined";
  for (let i = args.length - 2; i >= 0; i--) {
    const temporary = variables.temporary();
    const test = `truth(${temporary} = ${args[i]?.js})`;
    js = stopAtTrue ? `(${test} ? ${temporary} : ${js})` : `(${test} ? ${js} : ${temporary})`;
  }
  return {
    js: before.length === 0 ? js : `(${[...before, js].join(", ")})`,
    calls: true,
    simple: false,
    place: call.place,
  };
}
