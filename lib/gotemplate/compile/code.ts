/**
 * Compiled expressions and what they refer to.
 *
 * @module
 */
import type { Place } from "../exec/fault.ts";
import type { GoType } from "../go_type.ts";
import type { Node } from "../parse/node.ts";
import type { GoFunction } from "../signature.ts";
import type { Evaluate, Frame } from "./frame.ts";

/**
 * Whether a value came out of a map or slice of `interface {}`, so that messages name that type: always, or if the loop of
 * that number goes over such a value. Absent means no.
 */
export type Boxed = "always" | number | undefined;

/** An expression that gives an operand. */
export interface Code {
  readonly run: Evaluate;
  /** The type when it is certain; then the value is neither nil nor missing. */
  readonly type?: GoType | undefined;
  /** A constant or a variable: evaluating it has no effect. */
  readonly simple: boolean;
  readonly boxed?: Boxed;
  /** The place that a complaint about this value names. */
  readonly place: number;
  /** That place shows when the code runs: the value is that of `and` or `or`. */
  readonly isDecided?: true;
}

/** Whether a value is boxed in this execution. */
export function isBoxed(boxed: Boxed, frame: Frame): boolean {
  if (typeof boxed === "number") return frame.loops[boxed]?.boxed ?? false;
  return boxed === "always";
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

/** Everything that the code of one definition refers to. */
export class DefinitionScope {
  readonly places: Place[] = [];
  readonly functions: FunctionUse[] = [];
  readonly #uses = new Map<string, FunctionUse & { readonly index: number }>();

  constructor(private readonly lookup: FunctionLookup) {}

  /** Index of a place; `call` is the name of the function called there. */
  place(node: Node, call?: string): number {
    return this.places.push(call === undefined ? { node } : { node, call }) - 1;
  }

  /** Index of a place that shows when it runs: see {@linkcode Place}. */
  decided(node: Node): number {
    return this.places.push({ node, isDecided: true }) - 1;
  }

  /** A function by its template name, with its index among those of the definition. */
  use(name: string): FunctionUse & { readonly index: number } | undefined {
    const known = this.#uses.get(name);
    if (known !== undefined) return known;
    const found = this.lookup(name);
    if (found === undefined) return undefined;
    const use = { name, fn: found.fn, builtin: found.builtin, index: this.functions.length };
    this.functions.push(use);
    this.#uses.set(name, use);
    return use;
  }
}
