/**
 * Templates that know one another by name.
 *
 * @module
 */
import type { FunctionLookup } from "./compile/code.ts";
import { type Template, Unit, type UnitDefinition } from "./compile/unit.ts";
import { TemplateError } from "./errors.ts";
import { functionLookup } from "./function_lookup.ts";
import { Budget, type Limits } from "./exec/budget.ts";
import { Execution } from "./exec/execution.ts";
import type { MissingKey } from "./exec/field.ts";
import { quote } from "./fmt/quote.ts";
import type { FunctionTable } from "./signature.ts";
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

/** A definition of a set. */
interface Definition {
  readonly definition: UnitDefinition;
  readonly file: string;
  /** Runnable code, linked at the first use. */
  linked: Template | undefined;
}

/** Parsed texts, shared by all sets of the process. */
const cache = new UnitCache();

/** Forgets all compiled texts of the process: gives memory back, and lets a measurement begin with nothing. */
export function forgetTemplates(): void {
  cache.clear();
}

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
  readonly #lookup: FunctionLookup;
  readonly #definitions: Map<string, Definition>;
  #weight = 0;
  readonly #find = (name: string): Template | undefined => this.#template(name);

  /** An empty set; `from` is for clones. */
  constructor(options: TemplateSetOptions = {}, from?: { definitions: Map<string, Definition>; budget: Budget }) {
    this.#options = options;
    this.#budget = from?.budget ?? new Budget(options.limits);
    this.#lookup = functionLookup(options.functions);
    this.#definitions = from?.definitions ?? new Map();
  }

  /**
   * Parses a text under a name and adds it and its definitions. An empty one does not replace one that exists.
   *
   * @throws {TemplateError} `parse`, with Go's message; the set is unchanged then.
   */
  parse(name: string, text: string): void {
    const unit = this.#parsed(name, text);
    this.#weight += unit.weight;
    for (const definition of unit.definitions) {
      const as = definition.name ?? name;
      if (definition.isEmpty && this.#definitions.has(as)) continue;
      this.#definitions.set(as, { definition, file: name, linked: undefined });
    }
  }

  #parsed(name: string, text: string): Unit {
    const known = cache.find(name, text, this.#lookup);
    if (known !== undefined) return known;
    const unit = withinStack(name, () => Unit.parse(name, text, this.#lookup));
    cache.add(unit);
    return unit;
  }

  /** Whether there is a template of that name. */
  has(name: string): boolean {
    return this.#definitions.has(name);
  }

  /** An estimate of the memory that the texts parsed so far take once compiled, in bytes: for whoever keeps sets. */
  get weight(): number {
    return this.#weight;
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
    const found = this.#definitions.get(name);
    if (found === undefined) return undefined;
    found.linked ??= withinStack(
      found.file,
      () => found.definition.link(found.file, this.#lookup, this.#options.missingKey ?? "default"),
    );
    return found.linked;
  }
}

/** Runs a parser or compiler, which recurse as deep as a template nests: the stack may end before Go's own limits do. */
function withinStack<T>(file: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TemplateError("limit", `template: ${file}: nested too deeply`, { cause: error });
  }
}
