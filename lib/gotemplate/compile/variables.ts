/**
 * Template variables as slots of a frame. Template variables are lexical: each declaration gets a slot of its own, so that scopes need
 * nothing at run time.
 *
 * @module
 */
import type { Boxed } from "./code.ts";

/** A template variable. */
export interface Variable {
  readonly name: string;
  readonly slot: number;
  readonly boxed: Boxed;
}

/** The variables of one definition. */
export class Variables {
  readonly #stack: Variable[];
  #slots: number;
  #loops = 0;
  /** Whether `$` is assigned to: then it cannot share its slot with the definition's own dot. */
  assignsRoot = false;

  /** @param root Slot of `$`. */
  constructor(readonly root: number) {
    this.#stack = [{ name: "$", slot: root, boxed: undefined }];
    this.#slots = root + 1;
  }

  /** Slots in all. */
  get slots(): number {
    return this.#slots;
  }

  /** Loops in all. */
  get loops(): number {
    return this.#loops;
  }

  /** Declares a variable in the current scope; the result is its slot. */
  declare(name: string): number {
    const slot = this.#slots++;
    this.#stack.push({ name, slot, boxed: undefined });
    return slot;
  }

  /** The slot of a variable that is assigned to. */
  assign(name: string): number | undefined {
    const slot = this.find(name)?.slot;
    if (slot === this.root) this.assignsRoot = true;
    return slot;
  }

  /**
   * The innermost variable of that name. There may be none even after parsing: the parser sees variables of an `if`'s list in its
   * `else` as well, where they are not set when it runs.
   */
  find(name: string): Variable | undefined {
    return this.#stack.findLast((variable) => variable.name === name);
  }

  /** Compiles a scope; variables declared in it end with it. */
  scoped<T>(body: () => T): T {
    const size = this.#stack.length;
    const result = body();
    this.#stack.length = size;
    return result;
  }

  /** Marks a variable whose values now come out of a collection. */
  box(slot: number, boxed: Boxed): void {
    const at = this.#stack.findLastIndex((variable) => variable.slot === slot);
    const variable = this.#stack[at];
    if (variable !== undefined) this.#stack[at] = { ...variable, boxed };
  }

  /** A slot without a name, for dots. */
  unnamed(): number {
    return this.#slots++;
  }

  /** The number of a new loop. */
  loop(): number {
    return this.#loops++;
  }
}
