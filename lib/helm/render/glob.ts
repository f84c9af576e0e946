import { GoRegexp, RegexpError } from "../../gotemplate/functions/mod.ts";

/**
 * Compiles a pattern of `.Files.Glob`: `*` and `?` stop at `/`, `**` does not, `[a-z]` and `[!a-z]` are classes,
 * `{a,b}` alternatives, `\` escapes. A malformed pattern matches everything, as in Helm. Takes linear time, whatever the pattern.
 */
export function globMatcher(pattern: string): (path: string) => boolean {
  const source = new GlobReader(pattern).source();
  if (source === undefined) return () => true;
  try {
    const compiled = GoRegexp.compile(`^(?s:${source})$`);
    return (path) => compiled.test(path);
  } catch (error) {
    // Braces within braces beyond what the engine takes.
    if (error instanceof RegexpError) return () => true;
    throw error;
  }
}

/** Translates a glob to a regular expression, left to right. */
class GlobReader {
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  source(): string | undefined {
    const source = this.#until("");
    return source === undefined || this.#at < this.#pattern.length ? undefined : source;
  }

  /** Reads up to one of the stop characters (not taken) or the end; undefined where the pattern is malformed. */
  #until(stops: string): string | undefined {
    let out = "";
    while (this.#at < this.#pattern.length && !stops.includes(this.#pattern.charAt(this.#at))) {
      const part = this.#part();
      if (part === undefined) return undefined;
      out += part;
    }
    return out;
  }

  #part(): string | undefined {
    const character = this.#take();
    switch (character) {
      case "*":
        if (this.#pattern.charAt(this.#at) !== "*") return "[^/]*";
        while (this.#pattern.charAt(this.#at) === "*") this.#at++;
        return ".*";
      case "?":
        return "[^/]";
      case "[":
        return this.#class();
      case "{":
        return this.#alternatives();
      case "\\":
        return this.#at < this.#pattern.length ? quoted(this.#take()) : "";
      default:
        return quoted(character);
    }
  }

  /** Braces that nobody closes end with the pattern. */
  #alternatives(): string | undefined {
    const parts: string[] = [];
    for (;;) {
      const part = this.#until(",}");
      if (part === undefined) return undefined;
      parts.push(part);
      if (this.#at >= this.#pattern.length || this.#take() === "}") return `(?:${parts.join("|")})`;
    }
  }

  /** One range or a list of characters, never both: `[a-z0-9]` is malformed. A `-` is a range after the first character only. */
  #class(): string | undefined {
    const negated = this.#pattern.charAt(this.#at) === "!";
    if (negated) this.#at++;
    if (this.#at >= this.#pattern.length) return undefined;
    const start = this.#at;
    const low = this.#take();
    const members = this.#pattern.charAt(this.#at) === "-" ? this.#range(low) : this.#list(start);
    if (members === undefined || members === "" || this.#take() !== "]") return undefined;
    return `[${negated ? "^" : ""}${members}]`;
  }

  #range(low: string): string | undefined {
    this.#at++;
    const high = this.#take();
    return inClass(low) <= inClass(high) ? `${inClass(low)}-${inClass(high)}` : undefined;
  }

  #list(start: number): string {
    this.#at = start;
    let out = "";
    while (this.#at < this.#pattern.length && this.#pattern.charAt(this.#at) !== "]") {
      const character = this.#take();
      if (character !== "\\") out += inClass(character);
      else if (this.#at < this.#pattern.length) out += inClass(this.#take());
    }
    return out;
  }

  /** The next character; an empty text at the end. */
  #take(): string {
    if (this.#at >= this.#pattern.length) return "";
    const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    return character;
  }
}

/** A character as it is. */
function quoted(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
}

/** A character among the members of a class, by its code: six digits, so that codes compare as texts do. */
function inClass(character: string): string {
  return `\\x{${(character.codePointAt(0) ?? 0).toString(16).padStart(6, "0")}}`;
}
