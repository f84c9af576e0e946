/**
 * Templates that know one another by name.
 *
 * @module
 */
import type { FunctionLookup } from "./compile/code.ts";
import { compileUnit, type Template, Unit } from "./compile/unit.ts";
import { TemplateError } from "./errors.ts";
import { Budget, type Limits } from "./exec/budget.ts";
import { builtins } from "./exec/builtins.ts";
import { Execution } from "./exec/execution.ts";
import type { MissingKey } from "./exec/field.ts";
import { quote } from "./fmt/quote.ts";
import { parse } from "./parse/parser.ts";
import type { FunctionTable, GoFunction } from "./signature.ts";
import type { Operand } from "./value.ts";
import { UnitCache } from "./unit_cache.ts";

/** Options of a set. */
export interface TemplateSetOptions {
  /** Functions besides the built-in ones; they take precedence. */
  readonly functions?: FunctionTable;
  /** What a map gives for an absent key: Go's `missingkey` option. Default `default`. */
  readonly missingKey?: MissingKey;
  /** Guards against hostile templates, shared by clones. */
  readonly limits?: Limits;
  /** Name of the set's root template, for one of Go's messages. Default empty. */
  readonly name?: string;
}

/** A definition of a set: where its code is. */
interface Definition {
  readonly unit: Unit;
  readonly index: number;
  readonly file: string;
  readonly isEmpty: boolean;
  /** Runnable code, linked at the first use, for the functions of {@linkcode linkedFor}. */
  linked: Template | undefined;
}

/** Compiled texts, shared by all sets of the process. */
const cache = new UnitCache();

/**
 * A set of associated templates, as Go's `template.Template` holds them.
 *
 * ```ts
 * import { fromJson, TemplateSet } from "./mod.ts";
 *
 * const set = new TemplateSet();
 * set.parse("greeting", "Hello, {{ .name | printf \"%q\" }}!");
 * console.assert(set.execute("greeting", fromJson({ name: "Ada" })) === 'Hello, "Ada"!');
 * ```
 */
export class TemplateSet {
  readonly #options: TemplateSetOptions;
  readonly #budget: Budget;
  readonly #functions: ReadonlyMap<string, GoFunction>;
  readonly #definitions: Map<string, Definition>;
  readonly #find = (name: string): Template | undefined => this.#template(name);

  constructor(options: TemplateSetOptions = {}, from?: { definitions: Map<string, Definition>; budget: Budget }) {
    this.#options = options;
    this.#budget = from?.budget ?? new Budget(options.limits);
    this.#functions = new Map(Object.entries(options.functions ?? {}));
    this.#definitions = from?.definitions ?? new Map();
  }

  readonly #lookup: FunctionLookup = (name) => {
    const own = this.#functions.get(name);
    if (own !== undefined) return { fn: own, builtin: false };
    const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined;
    return builtin === undefined ? undefined : { fn: builtin, builtin: true };
  };

  /**
   * Parses a text under a name and adds it and its definitions. An empty one does not replace one that exists.
   *
   * @throws {TemplateError} `parse`, with Go's message; the set is unchanged then.
   */
  parse(name: string, text: string): void {
    const unit = this.#compiled(name, text);
    unit.definitions.forEach((definition, index) => {
      const as = definition.name ?? name;
      if (definition.isEmpty && this.#definitions.has(as)) return;
      this.#definitions.set(as, { unit, index, file: name, isEmpty: definition.isEmpty, linked: undefined });
    });
  }

  #compiled(name: string, text: string): Unit {
    const known = cache.find(name, text, this.#lookup);
    if (known !== undefined) return known;
    const unit = this.#compile(name, text);
    cache.add(unit);
    return unit;
  }

  #compile(name: string, text: string): Unit {
    try {
      const definitions = parse(name, text, (word) => this.#lookup(word) !== undefined);
      return compileUnit(name, text, definitions, this.#lookup);
    } catch (error) {
      // The stack ended before Go's own limits on nesting did.
      if (error instanceof RangeError) {
        throw new TemplateError("limit", `template: ${name}: nested too deeply`, { cause: error });
      }
      throw error;
    }
  }

  /** Whether there is a template of that name. */
  has(name: string): boolean {
    return this.#definitions.has(name);
  }

  /** Names of all templates, sorted. */
  names(): string[] {
    return Array.from(this.#definitions.keys()).sort();
  }

  /**
   * An independent copy: templates parsed into it do not appear here.
   *
   * @param options What is to differ, e.g. functions that need to know the copy. Limits stay shared.
   */
  clone(options: Pick<TemplateSetOptions, "functions" | "missingKey"> = {}): TemplateSet {
    const sameFunctions = options.functions === undefined && options.missingKey === undefined;
    const definitions = new Map(
      Array.from(
        this.#definitions,
        ([name, definition]) => [name, sameFunctions ? definition : { ...definition, linked: undefined }] as const,
      ),
    );
    return new TemplateSet({ ...this.#options, ...options }, { definitions, budget: this.#budget });
  }

  /**
   * Executes a template.
   *
   * @returns The output as a Go string: bytes that are not UTF-8 ride along (`toText` shows them as U+FFFD).
   * @throws {TemplateError} `exec` with Go's message, `limit` when a limit is reached. What a function throws besides
   *   `FunctionError` passes unchanged.
   */
  execute(name: string, data: Operand): string {
    const template = this.#template(name);
    if (template === undefined) {
      const root = this.#options.name ?? "";
      throw new TemplateError(
        "exec",
        `template: no template ${quote(name)} associated with template ${quote(root)}`,
      );
    }
    return template(new Execution(this.#budget, this.#find), data ?? undefined);
  }

  #template(name: string): Template | undefined {
    const definition = this.#definitions.get(name);
    if (definition === undefined) return undefined;
    return definition.linked ?? this.#link(definition);
  }

  /** Binds a unit to this set's functions, for all its definitions here at once. */
  #link(wanted: Definition): Template | undefined {
    const { unit, file } = wanted;
    const templates = unit.link(file, this.#lookup, this.#options.missingKey ?? "default");
    for (const definition of this.#definitions.values()) {
      if (definition.unit === unit && definition.file === file) definition.linked = templates[definition.index];
    }
    return wanted.linked;
  }
}
