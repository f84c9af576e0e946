/** The names that are known at a place of a program. */
export class Scope {
  readonly #known: ReadonlySet<string> | undefined;
  readonly #functions: string[] = [];
  readonly #variables: string[] = ["ENV", "__loc__"];

  /** @param known Built-in functions; `undefined` where calls are not checked. */
  constructor(known: ReadonlySet<string> | undefined) {
    this.#known = known;
  }

  /** Whether `name/arity` can be called. */
  hasFunction(signature: string): boolean {
    return this.#known === undefined || this.#known.has(signature) || this.#functions.includes(signature);
  }

  /** Whether a variable is bound. */
  hasVariable(name: string): boolean {
    return this.#variables.includes(name);
  }

  /** Parses what follows a definition. */
  withFunction<T>(signature: string, parse: () => T): T {
    return within(this.#functions, [signature], parse);
  }

  /** Parses a body that sees the variables. */
  withVariables<T>(names: readonly string[], parse: () => T): T {
    return within(this.#variables, names, parse);
  }

  /** Parses the body of a function: a parameter `$x` is a variable and a function. */
  withParams<T>(params: readonly string[], parse: () => T): T {
    const values = params.filter((name) => name.startsWith("$")).map((name) => name.slice(1));
    const functions = params.map((name) => `${name.replace("$", "")}/0`);
    return within(this.#functions, functions, () => within(this.#variables, values, parse));
  }
}

function within<T>(stack: string[], names: readonly string[], parse: () => T): T {
  const length = stack.length;
  stack.push(...names);
  try {
    return parse();
  } finally {
    stack.length = length;
  }
}
