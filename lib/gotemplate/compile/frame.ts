/**
 * What compiled templates run on: one frame an execution of a definition.
 *
 * A definition is compiled to closures, not to source text: each node becomes a function that knows its operands' functions.
 * So no text of a template ever becomes code, compiling costs as little as building the tree, and the closures' own code is
 * shared by all templates, which V8 optimises once.
 *
 * @module
 */
import type { Execution } from "../exec/execution.ts";
import type { Site } from "../exec/fault.ts";
import type { FieldAccess } from "../exec/field.ts";
import type { Iteration } from "../exec/iterate.ts";
import type { GoFunction } from "../signature.ts";
import type { Operand } from "../value.ts";

/** What a definition is bound to: the functions that it uses, and how it is called. */
export interface Link {
  readonly calls: readonly GoFunction["call"][];
  readonly field: FieldAccess;
  readonly site: Site;
}

/** The state of one execution of a definition. */
export class Frame {
  output = "";
  /** The place of the latest call; the complement of that of a `template` action. */
  at = -1;
  /** The place of the argument that decided the latest `and` or `or`. */
  decided = 0;
  /** Dots, variables and temporaries; slot 0 is the definition's own dot. */
  readonly slots: Operand[];
  /** What the loops go over, by the number of the loop. */
  readonly loops: (Iteration | undefined)[];

  constructor(readonly execution: Execution, readonly link: Link, dot: Operand, slots: number, loops: number) {
    this.slots = slots === 1 ? [dot] : new Array<Operand>(slots).fill(undefined);
    this.slots[0] = dot;
    this.loops = loops === 0 ? NO_LOOPS : new Array<Iteration | undefined>(loops).fill(undefined);
  }
}

const NO_LOOPS: (Iteration | undefined)[] = [];

/** A compiled expression. */
export type Evaluate = (frame: Frame) => Operand;

/** How a statement ended: `break` and `continue` end the lists around them up to their loop. */
export type Signal = "done" | "break" | "continue";

/** A compiled statement. */
export type Run = (frame: Frame) => Signal;
