/**
 * Go's `regexp` on RE2: linear-time matching, leftmost-first, with Go's rules for empty matches and replacement templates.
 *
 * @module
 */
import { RE2JS } from "../../deps/re2js.ts";
import { isValidUtf8 } from "../bytes.ts";
import { canBackquote, quote } from "../fmt/quote.ts";

/** An expression that RE2 does not accept. The message is Go's. */
export class RegexpError extends Error {
  override readonly name = "RegexpError";
  readonly reason = "invalid-expression";
}

/** Start and end of a match and of its groups; -1 where a group took no part. */
interface Match {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
}

/** What stands for a byte that is not UTF-8. */
const INVALID = /[\udc80-\udcff]/u;

const cache = new Map<string, GoRegexp>();
const MAX_CACHED = 512;

/** A compiled regular expression. Immutable. */
export class GoRegexp {
  readonly #program: RE2JS;
  /** The groups of a name. Go lets several groups share one. */
  readonly #names: ReadonlyMap<string, readonly number[]>;

  private constructor(expression: string) {
    if (!isValidUtf8(expression)) {
      const at = expression.search(INVALID);
      throw new RegexpError(`error parsing regexp: invalid UTF-8: \`${expression.slice(at)}\``);
    }
    const { renamed, originals } = withUniqueNames(expression);
    try {
      this.#program = RE2JS.compile(renamed);
    } catch (error) {
      let message = error instanceof Error ? error.message : String(error);
      for (const [unique, name] of originals) message = message.replaceAll(`<${unique}>`, `<${name}>`);
      // Go shows where it is wrong: at the end, where nothing is.
      if (message.endsWith("trailing backslash at end of expression")) message += ": ``";
      throw new RegexpError(message, { cause: error });
    }
    const groups = Object.entries(this.#program.namedGroups()).map(([name, group]) => [name, Number(group)] as const);
    const byName = Map.groupBy(groups, ([name]) => originals.get(name) ?? name);
    this.#names = new Map(Array.from(byName, ([name, found]) => [name, found.map(([, group]) => group)]));
  }

  /**
   * Compiles an expression, or takes it from the cache.
   *
   * @throws {RegexpError}
   */
  static compile(expression: string): GoRegexp {
    const known = cache.get(expression);
    if (known !== undefined) return known;
    const made = new GoRegexp(expression);
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(expression, made);
    return made;
  }

  /** Whether the text contains a match. */
  test(text: string): boolean {
    return this.#program.matcher(text).find();
  }

  /** The leftmost match, empty where there is none. */
  find(text: string): string {
    const matcher = this.#program.matcher(text);
    return matcher.find() ? matcher.group() ?? "" : "";
  }

  /** Up to `count` matches, all of them where it is negative; `undefined` (Go's nil) where there is none. */
  findAll(text: string, count: number): string[] | undefined {
    const found: string[] = [];
    for (const { start, end } of this.#matches(text, count)) found.push(text.slice(start, end));
    return found.length === 0 ? undefined : found;
  }

  /** Replaces every match by a template: `$1`, `${name}`, `$$`. `$1x` is the group named `1x`. */
  replaceAll(text: string, template: string): string {
    const parts = parseTemplate(template);
    return this.#replace(text, (match) => parts.map((part) => this.#expand(part, match)).join(""));
  }

  /** Replaces every match by a text. */
  replaceAllLiteral(text: string, replacement: string): string {
    return this.#replace(text, () => replacement);
  }

  /** Cuts the text at the matches: into at most `count` parts where it is positive, none where it is 0. */
  split(text: string, count: number): string[] | undefined {
    if (count === 0) return undefined;
    // Go looks at the expression here: an empty text is one part, unless the expression is empty too.
    if (text === "" && this.#program.pattern() !== "") return [""];
    const parts: string[] = [];
    let from = 0;
    let end = 0;
    for (const match of this.#matches(text, count)) {
      if (count > 0 && parts.length === count - 1) break;
      end = match.start;
      if (match.end !== 0) parts.push(text.slice(from, end));
      from = match.end;
    }
    if (end !== text.length) parts.push(text.slice(from));
    return parts;
  }

  #replace(text: string, replacement: (match: Match) => string): string {
    let out = "";
    let from = 0;
    for (const match of this.#matches(text, -1)) {
      out += text.slice(from, match.start) + replacement(match);
      from = match.end;
    }
    return out + text.slice(from);
  }

  #expand(part: TemplatePart, match: Match): string {
    if (part.group === undefined) return part.text;
    // What begins with a zero is a name, and no group has it.
    const groups = /^(?:0|[1-9][0-9]*)$/.test(part.group) ? [Number(part.group)] : this.#names.get(part.group) ?? [];
    return groups.map((group) => match.groups[group]).find((text) => text !== undefined) ?? "";
  }

  /** Matches from left to right. An empty match right behind another match does not count. */
  *#matches(text: string, count: number): Generator<Match> {
    const matcher = this.#program.matcher(text);
    const groupCount = matcher.groupCount();
    let previousEnd = -1;
    let position = 0;
    let found = 0;
    while (position <= text.length && (count < 0 || found < count) && matcher.find(position)) {
      const [start, end] = [matcher.start(), matcher.end()];
      const accepted = end !== start || start !== previousEnd;
      if (accepted) {
        const groups = Array.from({ length: groupCount + 1 }, (_, index) => matcher.group(index) ?? undefined);
        yield { start, end, groups };
        found++;
      }
      previousEnd = end;
      position = end > position ? end : position + characterLength(text, position);
    }
  }
}

/** Escapes, character classes and starts of named groups: everything in which a `(?P<` could stand, and the thing itself. */
const NAMED = /\\[^]|\[\^?\]?(?:\\[^]|\[:\^?\w+:\]|[^\]\\])*\]|\(\?P?<(\w+)>/g;

/** The expression with a name of its own for each named group, since RE2JS wants that, and the names that they had. */
function withUniqueNames(expression: string): { renamed: string; originals: ReadonlyMap<string, string> } {
  const originals = new Map<string, string>();
  if (!expression.includes("(?")) return { renamed: expression, originals };
  const seen = new Set<string>();
  const renamed = expression.replace(NAMED, (all: string, name: string | undefined) => {
    if (name === undefined || !seen.has(name)) {
      if (name !== undefined) seen.add(name);
      return all;
    }
    const unique = `${name}__${originals.size + 2}`;
    originals.set(unique, name);
    return all.replace(name, unique);
  });
  return { renamed, originals };
}

function characterLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

interface TemplatePart {
  readonly text: string;
  readonly group: string | undefined;
}

/** Cuts a replacement template at its group references. A `$` that starts none stands for itself. */
function parseTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  const reference = /\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu;
  for (const match of template.matchAll(reference)) {
    const before = template.slice(from, match.index);
    const group = match[1] ?? match[2];
    parts.push({ text: group === undefined ? `${before}$` : before, group: undefined });
    if (group !== undefined) parts.push({ text: "", group });
    from = match.index + match[0].length;
  }
  parts.push({ text: template.slice(from), group: undefined });
  return parts;
}

/** The panic of Go's `MustCompile`. */
export function compilePanic(expression: string, error: RegexpError): string {
  const shown = canBackquote(expression) ? `\`${expression}\`` : quote(expression);
  return `regexp: Compile(${shown}): ${error.message}`;
}

/** Escapes everything that has a meaning in an expression. */
export function quoteMeta(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}
