/**
 * A compiled text: JavaScript functions for its body and definitions, not yet bound to a set's functions.
 *
 * @module
 */
import { RUNTIME_NAMES, runtimeFor, type RuntimeTable } from "../exec/runtime.ts";
import type { Execution } from "../exec/execution.ts";
import type { MissingKey } from "../exec/field.ts";
import type { Place, Site } from "../exec/fault.ts";
import type { GoType } from "../go_type.ts";
import { isEmptyList } from "../parse/node.ts";
import type { Definitions } from "../parse/parser.ts";
import type { GoFunction } from "../signature.ts";
import type { Operand, Value } from "../value.ts";
import { type FunctionLookup, type FunctionUse, UnitScope } from "./code.ts";
import { definitionCode } from "./statement.ts";

/** A definition that can run. */
export type Template = (execution: Execution, dot: Operand) => string;

/** Binds a unit: the runtime, its functions, its constants and the sites of its definitions. */
type Factory = (
  runtime: RuntimeTable,
  functions: readonly GoFunction["call"][],
  constants: readonly (Value | GoType)[],
  sites: readonly Site[],
) => readonly Template[];

/** One definition of a unit. */
export interface UnitDefinition {
  /** Its name; `undefined` for the text's own body, which is called as the file is. */
  readonly name: string | undefined;
  /** Whether there is nothing but space in it. */
  readonly isEmpty: boolean;
}

/** A compiled text. It may be bound many times, under many file names. */
export class Unit {
  constructor(
    readonly text: string,
    readonly definitions: readonly UnitDefinition[],
    /** Whether it can only be used for the file name it was compiled for. */
    readonly boundToFile: boolean,
    readonly functions: readonly FunctionUse[],
    private readonly places: readonly Place[],
    private readonly constants: readonly (Value | GoType)[],
    private readonly factory: Factory,
  ) {}

  /** Whether the code fits another table: every function it uses has the type that it was compiled for. */
  fits(lookup: FunctionLookup): boolean {
    return this.functions.every(({ name, fn, builtin }) => {
      const found = lookup(name);
      return found !== undefined && found.builtin === builtin && found.fn.type === fn.type &&
        found.fn.reflects === fn.reflects;
    });
  }

  /** The runnable definitions for a file and a table of functions, in the order of {@linkcode definitions}. */
  link(file: string, lookup: FunctionLookup, missingKey: MissingKey): readonly Template[] {
    const sites = this.definitions.map(({ name }): Site => ({
      file,
      name: name ?? file,
      text: this.text,
      places: this.places,
    }));
    const functions = this.functions.map(({ name, fn }) => (lookup(name)?.fn ?? fn).call);
    return this.factory(runtimeFor(missingKey, this.places), functions, this.constants, sites);
  }
}

/** Compiles a parsed text. */
export function compileUnit(file: string, text: string, definitions: Definitions, lookup: FunctionLookup): Unit {
  const scope = new UnitScope(lookup);
  const entries = Array.from(definitions.lists);
  const bodies = entries.map(([, list], index) => definitionCode(list, index, scope));
  const source = [
    '"use strict";',
    `const { ${RUNTIME_NAMES.join(", ")} } = R;`,
    ...scope.functions.map((_, i) => `const f${i} = F[${i}];`),
    ...scope.constants.map((_, i) => `const k${i} = K[${i}];`),
    `return [${bodies.join(",\n")}];`,
  ].join("\n");
  // The cast is where generated text becomes a function; its shape is fixed by the lines above.
  const factory = new Function("R", "F", "K", "L", source) as Factory;
  const described = entries.map(([name, list]) => ({
    name: name === file ? undefined : name,
    isEmpty: isEmptyList(list),
  }));
  return new Unit(text, described, definitions.definesFile, scope.functions, scope.places, scope.constants, factory);
}
