/**
 * Fields of a value: `.a.b`, `$x.a`, `(pipeline).a`.
 *
 * @module
 */
import { holdsAny } from "../exec/field.ts";
import { GoMap, type Operand } from "../value.ts";
import { type Boxed, type Code, isBoxed } from "./code.ts";
import type { Evaluate, Frame } from "./frame.ts";

/** The code of the fields of a root, one below the other; complaints name `place`. */
export function fieldsCode(root: Code, names: readonly string[], place: number): Code {
  const [first, second, ...more] = names;
  if (first === undefined) return root;
  const run = second === undefined
    ? oneField(root, first, place)
    : more.length === 0
    ? twoFields(root, first, second, place)
    : manyFields(root, names, place);
  return { run, simple: false, boxed: "always", place };
}

/** What a method with arguments is called on, and whether it is held as `interface {}`. */
export type FindReceiver = (frame: Frame) => { readonly value: Operand; readonly boxed: boolean };

/** The code of the receiver of a method: the fields of a root. */
export function receiverCode(root: Code, names: readonly string[], place: number): FindReceiver {
  const last = names.at(-1);
  const holder = fieldsCode(root, names.slice(0, -1), place);
  if (last === undefined) return (frame) => ({ value: root.run(frame), boxed: isBoxed(root.boxed, frame) });
  return (frame) => {
    const held = holder.run(frame);
    return { value: fieldOf(held, holder.boxed, last, place, frame), boxed: holdsAny(held) };
  };
}

function oneField({ run, boxed }: Code, name: string, place: number): Evaluate {
  return (frame) => fieldOf(run(frame), boxed, name, place, frame);
}

function twoFields({ run, boxed }: Code, first: string, second: string, place: number): Evaluate {
  return (frame) => {
    const receiver = run(frame);
    return fieldBelow(receiver, fieldOf(receiver, boxed, first, place, frame), second, place, frame);
  };
}

function manyFields({ run, boxed }: Code, names: readonly string[], place: number): Evaluate {
  return (frame) => {
    let holder = run(frame);
    let value = fieldOf(holder, boxed, names[0] ?? "", place, frame);
    for (let at = 1; at < names.length; at++) {
      const below = fieldBelow(holder, value, names[at] ?? "", place, frame);
      holder = value;
      value = below;
    }
    return value;
  };
}

/** A field of the root of a path. */
function fieldOf(receiver: Operand, boxed: Boxed, name: string, place: number, frame: Frame): Operand {
  const value = receiver instanceof GoMap ? receiver.get(name) : undefined;
  return value === undefined ? frame.link.field(receiver, name, place, isBoxed(boxed, frame)) : value;
}

/** A field of what was found in a holder. */
function fieldBelow(holder: Operand, receiver: Operand, name: string, place: number, frame: Frame): Operand {
  const value = receiver instanceof GoMap ? receiver.get(name) : undefined;
  return value === undefined ? frame.link.field(receiver, name, place, holdsAny(holder)) : value;
}
