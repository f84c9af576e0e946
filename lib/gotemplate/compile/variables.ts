/**
 * Template variables and temporaries as JavaScript variables. Template variables are lexical: each declaration gets a variable of
 * its own, so that scopes need nothing at run time.
 *
 * @module
 */

/** A template variable in JavaScript. */
export interface Variable {
  readonly name: string;
  readonly js: string;
  readonly boxed: boolean;
}

/** The variables of one definition. */
export class Variables {
  readonly #stack: Variable[] = [{ name: "$", js: "d0", boxed: false }];
  #count = 0;
  #temporaries = 0;
  #free = 0;

  /** Declares a variable in the current scope; the result is its JavaScript name. */
  declare(name: string, boxed = false): string {
    const js = `v${this.#count++}`;
    this.#stack.push({ name, js, boxed });
    return js;
  }

  /** The innermost variable of that name. The parser has checked that there is one. */
  find(name: string): Variable {
    const found = this.#stack.findLast((variable) => variable.name === name);
    if (found === undefined) throw new TypeError(`undefined variable ${name} after parsing`);
    return found;
  }

  /** Compiles a scope; variables declared in it end with it. */
  scoped(body: () => void): void {
    const size = this.#stack.length;
    body();
    this.#stack.length = size;
  }

  /** Marks variables whose values now come out of a collection. */
  box(js: string): void {
    const at = this.#stack.findLastIndex((variable) => variable.js === js);
    const variable = this.#stack[at];
    if (variable !== undefined) this.#stack[at] = { ...variable, boxed: true };
  }

  /** A temporary for use within one action. */
  temporary(): string {
    const name = `t${this.#free++}`;
    this.#temporaries = Math.max(this.#temporaries, this.#free);
    return name;
  }

  /** A JavaScript variable of its own, for loops and dots. */
  unique(prefix: string): string {
    return `${prefix}${this.#count++}`;
  }

  /** Frees all temporaries: an action is over. */
  release(): void {
    this.#free = 0;
  }

  /** The declaration of every variable and temporary used. */
  declarations(): string {
    const names = [
      ...Array.from({ length: this.#count }, (_, i) => `v${i}`),
      ...Array.from({ length: this.#temporaries }, (_, i) => `t${i}`),
    ];
    return names.length === 0 ? "" : `let ${names.join(", ")};`;
  }
}
