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
  /** See `Code`. */
  readonly boxed: string | undefined;
}

/** The variables of one definition. */
export class Variables {
  readonly #stack: Variable[] = [{ name: "$", js: "d0", boxed: undefined }];
  #count = 0;
  #temporaries = 0;
  #free = 0;

  /** Declares a variable in the current scope; the result is its JavaScript name. */
  declare(name: string): string {
    const js = `v${this.#count++}`;
    this.#stack.push({ name, js, boxed: undefined });
    return js;
  }

  /**
   * The innermost variable of that name. There may be none even after parsing: the parser sees variables of an `if`'s list in its
   * `else` as well, where they are not set when it runs.
   */
  find(name: string): Variable | undefined {
    return this.#stack.findLast((variable) => variable.name === name);
  }

  /** Compiles a scope; variables declared in it end with it. */
  scoped(body: () => void): void {
    const size = this.#stack.length;
    body();
    this.#stack.length = size;
  }

  /** Marks variables whose values now come out of a collection. */
  box(js: string, boxed: string): void {
    const at = this.#stack.findLastIndex((variable) => variable.js === js);
    const variable = this.#stack[at];
    if (variable !== undefined) this.#stack[at] = { ...variable, boxed };
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
