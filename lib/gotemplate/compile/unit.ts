/**
 * A parsed text. Its definitions are compiled when they are first executed, since most helpers never are.
 *
 * @module
 */
import type { Execution } from "../exec/execution.ts";
import { type Place, raise, type Site } from "../exec/fault.ts";
import { fieldAccess, type MissingKey } from "../exec/field.ts";
import { isEmptyList, type ListNode } from "../parse/node.ts";
import { parse } from "../parse/parser.ts";
import type { Operand } from "../value.ts";
import { DefinitionScope, type FunctionLookup, type FunctionUse } from "./code.ts";
import { Frame, type Link } from "./frame.ts";
import { type Body, bodyOf } from "./statement.ts";

/** A definition that can run. */
export type Template = (execution: Execution, dot: Operand) => string;

/** Code of a definition, made for functions of certain types. */
interface Compiled {
  readonly functions: readonly FunctionUse[];
  readonly places: readonly Place[];
  readonly body: Body;
}

/** One definition of a text. */
export class UnitDefinition {
  /** Whether there is nothing but space in it. */
  readonly isEmpty: boolean;
  readonly #variants: Compiled[] = [];

  /** @param name Its name; `undefined` for the text's own body, which is called as the file is. */
  constructor(readonly name: string | undefined, private readonly text: string, private readonly list: ListNode) {
    this.isEmpty = isEmptyList(list);
  }

  /** The runnable definition for a file and a table of functions. */
  link(file: string, lookup: FunctionLookup, missingKey: MissingKey): Template {
    const { functions, places, body } = this.#variant(lookup);
    const site: Site = { file, name: this.name ?? file, text: this.text, places };
    const calls = functions.map(({ name, fn }) => (lookup(name)?.fn ?? fn).call);
    return runnable(body, { calls, field: fieldAccess(missingKey), site });
  }

  /** Code for a table: every function that it uses must have the type that it was compiled for. */
  #variant(lookup: FunctionLookup): Compiled {
    const known = this.#variants.find(({ functions }) => functions.every((use) => isSame(use, lookup)));
    if (known !== undefined) return known;
    const made = compile(this.list, lookup);
    this.#variants.push(made);
    return made;
  }
}

function isSame({ name, fn, builtin }: FunctionUse, lookup: FunctionLookup): boolean {
  const found = lookup(name);
  return found !== undefined && found.builtin === builtin && found.fn.type === fn.type &&
    found.fn.reflects === fn.reflects;
}

function compile(list: ListNode, lookup: FunctionLookup): Compiled {
  const scope = new DefinitionScope(lookup);
  const body = bodyOf(list, scope);
  const { functions, places } = scope;
  return { functions, places, body };
}

function runnable({ run, slots, loops }: Body, link: Link): Template {
  return (execution, dot) => {
    const { budget } = execution;
    if (--budget.fuel < 0) budget.check(0);
    const frame = new Frame(execution, link, dot, slots, loops);
    try {
      run(frame);
    } catch (error) {
      throw raise(error, frame, link.site, budget.depth);
    }
    if (frame.output.length > budget.output) budget.tooLong();
    return frame.output;
  };
}

/** Bytes that a statement or an operand takes, compiled, on the average of large charts. */
const NODE_WEIGHT = 400;

/** A parsed text with its definitions. It may be bound many times, under many file names. */
export class Unit {
  private constructor(
    readonly text: string,
    readonly definitions: readonly UnitDefinition[],
    /** Whether it can only be used for the file name it was parsed for. */
    readonly boundToFile: boolean,
    private readonly functions: ReadonlySet<string>,
    /** An estimate of the memory that it takes once all of it is compiled, in bytes. */
    readonly weight: number,
  ) {}

  /** Parses a text. @throws {TemplateError} `parse`. */
  static parse(file: string, text: string, lookup: FunctionLookup): Unit {
    const { lists, functions, definesFile, nodes } = parse(file, text, (name) => lookup(name) !== undefined);
    const definitions = Array.from(
      lists,
      ([name, list]) => new UnitDefinition(name === file ? undefined : name, text, list),
    );
    // With functions called so, "break" and "continue" are no keywords: too rare to share.
    const renames = lookup("break") !== undefined || lookup("continue") !== undefined;
    return new Unit(text, definitions, definesFile || renames, functions, 2 * text.length + NODE_WEIGHT * nodes);
  }

  /** Whether it would parse alike for another file and table. */
  fits(file: string, lookup: FunctionLookup): boolean {
    if (lookup("break") !== undefined || lookup("continue") !== undefined) return false;
    if (this.definitions.some(({ name }) => name === file)) return false;
    for (const name of this.functions) if (lookup(name) === undefined) return false;
    return true;
  }
}
