/**
 * Fields of a value: `.a.b`, `$x.a`, `(pipeline).a`.
 *
 * @module
 */
import { GoMap, type Operand } from "../value.ts";
import { type Code, isBoxed } from "./code.ts";
import type { Evaluate, Frame } from "./frame.ts";

/** The code of the fields of a root, one below the other; complaints name `place`. */
export function fieldsCode(root: Code, names: readonly string[], place: number): Code {
  const [first, second, ...more] = names;
  if (first === undefined) return root;
  const one = fieldOf(root, first, place);
  const run = second === undefined
    ? one
    : more.length === 0
    ? fieldBelow(one, second, place)
    : fieldsBelow(one, names, place);
  return { run, simple: false, boxed: "always", place };
}

function fieldOf({ run, boxed }: Code, name: string, place: number): Evaluate {
  return (frame) => {
    const receiver = run(frame);
    const value = receiver instanceof GoMap ? receiver.get(name) : undefined;
    return value === undefined ? frame.link.field(receiver, name, place, isBoxed(boxed, frame)) : value;
  };
}

function fieldBelow(run: Evaluate, name: string, place: number): Evaluate {
  return (frame) => below(run(frame), name, place, frame);
}

function fieldsBelow(run: Evaluate, names: readonly string[], place: number): Evaluate {
  return (frame) => {
    let value = run(frame);
    for (let at = 1; at < names.length; at++) value = below(value, names[at] ?? "", place, frame);
    return value;
  };
}

function below(receiver: Operand, name: string, place: number, frame: Frame): Operand {
  const value = receiver instanceof GoMap ? receiver.get(name) : undefined;
  return value === undefined ? frame.link.field(receiver, name, place, true) : value;
}
