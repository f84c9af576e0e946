/**
 * Fields, map entries and methods: `.a.b`, `$x.a`, `(pipeline).a`.
 *
 * @module
 */
import type { GoType } from "../go_type.ts";
import { FunctionError, type GoFunction } from "../signature.ts";
import { GoMap, GoObject, type Operand, typeOf, types, type Value } from "../value.ts";
import { convert, zeroOf } from "./convert.ts";
import { Fault, fault } from "./fault.ts";
import { TemplateError } from "../errors.ts";
import { quote } from "../fmt/quote.ts";

/** What a map gives for a key that it does not have. */
export type MissingKey = "default" | "zero" | "error";

/**
 * Looks a field up without arguments. `boxed` tells whether the receiver came out of a map or slice of `interface {}`: messages
 * then name that type, as in Go.
 */
export type FieldAccess = (receiver: Operand, name: string, place: number, boxed: boolean) => Operand;

/** Field access under a `missingkey` option. */
export function fieldAccess(missingKey: MissingKey): FieldAccess {
  return (receiver, name, place, boxed) => {
    if (receiver instanceof GoMap) {
      const value = receiver.get(name);
      return value === undefined ? missingEntry(receiver, name, place, missingKey) : value;
    }
    return otherField(receiver, name, place, missingKey, boxed);
  };
}

/** A name that is no key of a map: a method of its type, or missing. Go would ask for the method first. */
function missingEntry(map: GoMap, name: string, place: number, missingKey: MissingKey): Operand {
  const method = map.method(name);
  if (method !== undefined) return callMethod(checkArity(method, name, 0, place), name, [], place);
  if (missingKey === "default") return undefined;
  if (missingKey === "zero") return zeroOf(map.type.elem ?? types.any);
  return fault(place, `map has no entry for key ${quote(name)}`);
}

function otherField(receiver: Operand, name: string, place: number, missingKey: MissingKey, boxed: boolean): Operand {
  if (receiver === undefined) {
    if (missingKey === "error") fault(place, `nil data; no entry for key ${quote(name)}`);
    return undefined;
  }
  if (receiver === null) return fault(place, `nil pointer evaluating interface {}.${name}`);
  if (receiver instanceof GoObject) {
    const method = receiver.method(name);
    if (method !== undefined) return callMethod(checkArity(method, name, 0, place), name, [], place);
    const field = receiver.field(name);
    if (field !== undefined) return field;
    const below = receiver.underlying();
    if (below instanceof GoMap) return below.get(name) ?? missingEntry(below, name, place, missingKey);
  }
  return cannotEvaluate(receiver, name, place, boxed);
}

function cannotEvaluate(receiver: Value, name: string, place: number, boxed: boolean): never {
  const type = boxed ? types.any : typeOf(receiver) ?? types.any;
  return fault(place, `can't evaluate field ${name} in type ${type.name}`);
}

/** Whether what is found in a value is held there as `interface {}`: not in maps of another type, and not in structs. */
export function holdsAny(holder: Operand): boolean {
  return holder instanceof GoMap && holder.type.elem?.kind === "interface";
}

/** The method that a field with arguments names; anything else is an error, and so is a wrong number of arguments. */
export function methodOf(
  receiver: Operand,
  name: string,
  count: number,
  place: number,
  boxed: boolean,
): GoFunction | undefined {
  if (receiver === undefined) return undefined;
  if (receiver === null) return fault(place, `nil pointer evaluating interface {}.${name}`);
  const method = receiver instanceof GoObject || receiver instanceof GoMap ? receiver.method(name) : undefined;
  if (method !== undefined) return checkArity(method, name, count, place);
  const below = receiver instanceof GoObject ? receiver.underlying() : receiver;
  if (below instanceof GoMap) return fault(place, `${name} is not a method but has arguments`);
  if (receiver instanceof GoObject && receiver.field(name) !== undefined) {
    return fault(place, `${name} has arguments but cannot be invoked as function`);
  }
  return cannotEvaluate(receiver, name, place, boxed);
}

function checkArity(method: GoFunction, name: string, count: number, place: number): GoFunction {
  const complaint = arityComplaint(method, name, count, count);
  return complaint === undefined ? method : fault(place, complaint);
}

/** Go's message for a wrong number of arguments; `words` counts them without the pipeline's final one. */
export function arityComplaint(fn: GoFunction, name: string, count: number, words: number): string | undefined {
  const fixed = fn.params.length;
  if (fn.rest !== undefined) {
    return count < fixed ? `wrong number of args for ${name}: want at least ${fixed} got ${words}` : undefined;
  }
  return count === fixed ? undefined : `wrong number of args for ${name}: want ${fixed} got ${count}`;
}

/** The type of a method's argument by its index. */
export function argumentType(method: GoFunction, index: number): GoType {
  return method.params[index] ?? method.rest ?? types.any;
}

/** An argument of a method call, checked. */
export function methodArgument(method: GoFunction, index: number, value: Operand, place: number): Value {
  return convert(value, argumentType(method, index), place);
}

/** Calls a method with checked arguments. */
export function callMethod(method: GoFunction, name: string, args: readonly Value[], place: number): Value {
  try {
    return method.call(...args);
  } catch (error) {
    if (error instanceof FunctionError || error instanceof TemplateError) {
      throw new Fault(place, `error calling ${name}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
