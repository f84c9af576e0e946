/**
 * Pieces of generated code and the names they use.
 *
 * Nothing of a template's text reaches generated code but through `JSON.stringify`: field names, strings and messages are string
 * literals, numbers are constants passed in, variables get names of our own.
 *
 * @module
 */
import type { GoType } from "../go_type.ts";
import type { Place } from "../exec/fault.ts";
import type { Node } from "../parse/node.ts";
import type { GoFunction } from "../signature.ts";
import type { Value } from "../value.ts";

/** An expression in JavaScript that gives an operand. */
export interface Code {
  readonly js: string;
  /** The type when it is certain; then the value is neither nil nor missing. */
  readonly type?: GoType | undefined;
  /** Evaluating it may call a function: it changes `at` and may use temporaries. */
  readonly calls: boolean;
  /** A constant or a variable: may be evaluated at any time, as often as wanted. */
  readonly simple: boolean;
  /** JavaScript condition: it came out of a map or slice of `interface {}`, so that messages name that type. Absent means no. */
  readonly boxed?: string | undefined;
  /** The place that a complaint about this value names. */
  readonly place: number;
}

/** A function that a definition uses; it is bound when the definition is linked to a set. */
export interface FunctionUse {
  readonly name: string;
  /** The function that the code was made for; another one may be bound if its type is the same. */
  readonly fn: GoFunction;
  readonly builtin: boolean;
}

/** What a name means to the compiler. */
export type FunctionLookup = (name: string) => { readonly fn: GoFunction; readonly builtin: boolean } | undefined;

/** A string as a JavaScript literal. */
export function literal(text: string): string {
  return JSON.stringify(text);
}

/** Everything that the code of one definition refers to. */
export class DefinitionScope {
  readonly places: Place[] = [];
  readonly functions: FunctionUse[] = [];
  readonly constants: (Value | GoType)[] = [];
  readonly #functionIndex = new Map<string, number>();
  readonly #constantIndex = new Map<Value | GoType, string>();

  constructor(private readonly lookup: FunctionLookup) {}

  /** Index of a place; `call` is the name of the function called there. */
  place(node: Node, call?: string): number {
    return this.places.push(call === undefined ? { node } : { node, call }) - 1;
  }

  /** The JavaScript name of a constant. */
  constant(value: Value | GoType): string {
    const known = this.#constantIndex.get(value);
    if (known !== undefined) return known;
    const name = `k${this.constants.push(value) - 1}`;
    this.#constantIndex.set(value, name);
    return name;
  }

  /** A function by its template name, with its JavaScript name. */
  use(name: string): FunctionUse & { readonly js: string } | undefined {
    const found = this.lookup(name);
    if (found === undefined) return undefined;
    const index = this.#functionIndex.get(name) ?? this.functions.push({ name, ...found }) - 1;
    this.#functionIndex.set(name, index);
    return { name, ...found, js: `f${index}` };
  }
}
