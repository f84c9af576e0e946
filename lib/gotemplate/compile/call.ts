/**
 * Function calls and argument checks.
 *
 * @module
 */
import { callValue } from "../exec/builtins.ts";
import { equal } from "../exec/compare.ts";
import { convert } from "../exec/convert.ts";
import { truth } from "../exec/truth.ts";
import type { GoType } from "../go_type.ts";
import { GoObject, type Operand, types } from "../value.ts";
import type { Code, FunctionUse } from "./code.ts";
import type { Evaluate, Frame } from "./frame.ts";

/** Nil found in data counts as missing from here on, as after every stage of a Go pipeline. */
export function normalized(code: Code): Code {
  if (code.type !== undefined) return { ...code, boxed: undefined };
  // A plain variable or dot that is not boxed has been normalised when it was set.
  if (code.simple && code.boxed === undefined) return code;
  const { run } = code;
  return { ...code, run: (frame) => run(frame) ?? undefined, simple: false, boxed: undefined };
}

type Check = (value: Operand) => Operand;

/** What makes an argument of a value of unknown or other type; undefined where nothing is to be done. */
function check(code: Pick<Code, "type">, type: GoType, place: number): Check | undefined {
  if (code.type === type) return undefined;
  if (type === types.any) return code.type === undefined ? orNil : undefined;
  if (type === types.string) return (value) => typeof value === "string" ? value : convert(value, type, place);
  return (value) => convert(value, type, place);
}

/** What a parameter of type `interface {}` gets. */
function orNil(value: Operand): Operand {
  if (typeof value !== "object") return value ?? null;
  return value instanceof GoObject ? value.detached() : value;
}

/** A value checked against a parameter's type. */
export function converted(code: Code, type: GoType): Code {
  const { run, place } = code;
  const checked = check(code, type, place);
  if (checked === undefined) return code;
  const known = type.kind === "interface" ? undefined : type;
  return { ...code, run: (frame) => checked(run(frame)), simple: false, type: known };
}

/** A call to compile. */
export interface Call {
  readonly used: FunctionUse & { readonly index: number };
  readonly args: readonly Code[];
  /** The value piped into it, passed last. */
  readonly tail: Tail | undefined;
  /** Place of the call itself, which knows the function's name. */
  readonly at: number;
  /** Place looked at last. */
  readonly place: number;
  /** Source of the target of `call`. */
  readonly target: string | undefined;
  /** Place of the value of `and` and `or`: which argument that is shows when they run. */
  readonly decided: number | undefined;
}

/** The value piped into a call. */
interface Tail {
  readonly final: Code;
  /** Type of the parameter. */
  readonly type: GoType;
  readonly place: number;
  /** The function takes it as it is. */
  readonly raw: boolean;
}

/** The code of a call: the piped value, then the arguments in order, then `at` is set, then the function runs. */
export function callCode(call: Call): Code {
  const { used, place } = call;
  const { kind } = used.fn.result;
  const type = kind === "interface" || kind === "ptr" || kind === "func" ? undefined : used.fn.result;
  if (call.decided !== undefined) {
    return { run: shortCircuit(call, used.name === "or"), simple: false, place: call.decided, isDecided: true };
  }
  return { run: inlined(call) ?? plain(call), type, simple: false, place };
}

function plain(call: Call): Evaluate {
  if (call.target !== undefined) return dynamicCall(call, call.target);
  return call.tail === undefined ? callOf(call) : pipedCallOf(call, call.tail);
}

/** A call without a piped value. */
function callOf({ used: { index }, args, at }: Call): Evaluate {
  const runs = args.map((code) => code.run);
  const [first, second] = runs;
  if (first === undefined) {
    return (frame) => {
      frame.at = at;
      return frame.link.calls[index]!();
    };
  }
  if (second === undefined) {
    return (frame) => {
      const value = first(frame);
      frame.at = at;
      return frame.link.calls[index]!(value);
    };
  }
  if (runs.length === 2) {
    return (frame) => {
      const [a, b] = [first(frame), second(frame)];
      frame.at = at;
      return frame.link.calls[index]!(a, b);
    };
  }
  return (frame) => {
    const values = evaluated(runs, frame);
    frame.at = at;
    return frame.link.calls[index]!(...values);
  };
}

/** A call with a piped value, which is evaluated first and checked last. */
function pipedCallOf({ used: { index }, args, at }: Call, tail: Tail): Evaluate {
  const final = tail.final.run;
  const checked = checkOf(tail);
  const runs = args.map((code) => code.run);
  const [first] = runs;
  if (first === undefined) {
    return (frame) => {
      const value = checked(final(frame));
      frame.at = at;
      return frame.link.calls[index]!(value);
    };
  }
  if (runs.length === 1) {
    return (frame) => {
      const value = final(frame);
      const a = first(frame);
      const b = checked(value);
      frame.at = at;
      return frame.link.calls[index]!(a, b);
    };
  }
  return (frame) => {
    const value = final(frame);
    const values = evaluated(runs, frame);
    values.push(checked(value));
    frame.at = at;
    return frame.link.calls[index]!(...values);
  };
}

/** `call`, which takes its arguments as a list. */
function dynamicCall({ args, tail, at }: Call, source: string): Evaluate {
  const runs = args.map((code) => code.run);
  return (frame) => {
    const value = tail?.final.run(frame);
    const [target, ...values] = evaluated(runs, frame);
    if (tail !== undefined) values.push(checkOf(tail)(value));
    frame.at = at;
    return runs.length === 0 ? callValue(source, values[0], []) : callValue(source, target, values);
  };
}

function checkOf(tail: Tail): Check {
  return (tail.raw ? undefined : check(tail.final, tail.type, tail.place)) ?? unchanged;
}

function unchanged(value: Operand): Operand {
  return value;
}

function evaluated(runs: readonly Evaluate[], frame: Frame): Operand[] {
  const values: Operand[] = [];
  for (const run of runs) values.push(run(frame));
  return values;
}

/** Built-in functions that are worth code of their own. */
function inlined({ used, args, tail, at }: Call): Evaluate | undefined {
  if (!used.builtin || tail !== undefined) return undefined;
  const [first, second] = [args[0]?.run, args[1]?.run];
  if (first === undefined) return undefined;
  if (used.name === "not") return (frame) => !truth(first(frame));
  if (second === undefined || args.length !== 2 || (used.name !== "eq" && used.name !== "ne")) return undefined;
  const wanted = used.name === "eq";
  return (frame) => {
    const [a, b] = [first(frame), second(frame)];
    frame.at = at;
    return equal(a, b) === wanted;
  };
}

/** `and` and `or` evaluate their arguments only as far as needed, but a piped value first. */
function shortCircuit({ args, tail }: Call, stopAtTrue: boolean): Evaluate {
  const before = firstOf(args, stopAtTrue);
  if (tail === undefined) return before;
  const final = tail.final.run;
  return (frame) => {
    const last = final(frame);
    if (args.length === 0) return last;
    const value = before(frame);
    return truth(value) === stopAtTrue ? value : last;
  };
}

/** The first value that decides, or the last one. */
function firstOf(args: readonly Code[], stopAtTrue: boolean): Evaluate {
  return (frame) => {
    let value: Operand;
    for (const { run, place, isDecided } of args) {
      value = run(frame);
      if (!isDecided) frame.decided = place;
      if (truth(value) === stopAtTrue) break;
    }
    return value;
  };
}
