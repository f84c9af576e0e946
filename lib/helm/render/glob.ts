/**
 * Compiles a pattern of `.Files.Glob`: `*` and `?` stop at `/`, `**` does not, `[a-z]` and `[!a-z]` are classes,
 * `{a,b}` alternatives, `\` escapes. A malformed pattern matches everything, as in Helm.
 */
export function globMatcher(pattern: string): (path: string) => boolean {
  const source = new GlobReader(pattern).source();
  if (source === undefined) return () => true;
  const compiled = new RegExp(`^${source}$`, "su");
  return (path) => compiled.test(path);
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
        return this.#at < this.#pattern.length ? quoted(this.#take()) : undefined;
      default:
        return quoted(character);
    }
  }

  #alternatives(): string | undefined {
    const parts: string[] = [];
    for (;;) {
      const part = this.#until(",}");
      if (part === undefined || this.#at >= this.#pattern.length) return undefined;
      parts.push(part);
      if (this.#take() === "}") return `(?:${parts.join("|")})`;
    }
  }

  #class(): string | undefined {
    const end = this.#pattern.indexOf("]", this.#at + 1);
    if (end < 0) return undefined;
    const body = this.#pattern.slice(this.#at, end);
    this.#at = end + 1;
    const negated = body.startsWith("!");
    const members = (negated ? body.slice(1) : body).replace(/[\\\][^&~|]/g, "\\$&");
    return members === "" ? undefined : `[${negated ? "^" : ""}${members}]`;
  }

  #take(): string {
    const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    return character;
  }
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
