/** Where our parser stopped, and why in its own words. */
export interface SyntaxStop {
  readonly reason: string;
  /** From 1. */
  readonly line: number;
  /** Offset into the text. */
  readonly position: number;
}

/** What Go says of a text, and the line that it names; 0 names none. */
interface GoMessage {
  readonly text: string;
  readonly line: number;
}

/** Our parser's reasons that Go gives at the same line, in other words. */
const SAME_LINE: readonly (readonly [string, string])[] = [
  ["tab characters must not be used in indentation", "found a tab character that violates indentation"],
  ["can not read a block mapping entry; a multiline key", "could not find expected ':'"],
  ["unknown escape sequence", "found unknown escape character"],
  ["a line break is expected", "did not find expected comment or line break"],
  ["name of an anchor node must contain", "did not find expected alphabetic or numeric character"],
  ["name of an alias node must contain", "did not find expected alphabetic or numeric character"],
];

/**
 * A syntax error in the words of Go's yaml.v2, as far as the place of our parser's stop tells them. Go's scanner counts
 * lines from 1, its parser from 0, and neither names the first line.
 */
export function goSyntaxMessage(text: string, stop: SyntaxStop): string {
  const { text: message, line } = goMessage(text, stop);
  return `yaml: ${line > 0 ? `line ${line}: ` : ""}${message}`;
}

function goMessage(text: string, stop: SyntaxStop): GoMessage {
  const { reason, line, position } = stop;
  const known = SAME_LINE.find(([ours]) => reason.startsWith(ours));
  if (known !== undefined) return { text: known[1], line: scanned(line) };
  if (reason.startsWith("undeclared tag handle")) return { text: "found undefined tag handle", line: line - 1 };
  if (reason.includes("within a verbatim tag")) return { text: "did not find the expected '>'", line: line - 1 };
  if (reason.startsWith("unacceptable YAML version")) return { text: "found incompatible YAML document", line: 0 };
  if (reason.startsWith("bad indentation")) return badIndentation(text.slice(position), line);
  if (reason.startsWith("end of the stream or a document separator")) return secondRoot(text, stop);
  if (reason === "deficient indentation" || reason.startsWith("unexpected end of the stream within")) {
    return unclosed(text, stop);
  }
  return { text: reason, line };
}

/** Go's scanner names no first line. */
function scanned(line: number): number {
  return line === 1 ? 0 : line;
}

function badIndentation(rest: string, line: number): GoMessage {
  // The first line of a text is the one that Go leaves out here.
  if (rest.startsWith(":")) return { text: "mapping values are not allowed in this context", line: scanned(line) };
  if (/^[@`%]/.test(rest)) return { text: "found character that cannot start any token", line: scanned(line) };
  if (/^-\s/.test(rest)) return { text: "block sequence entries are not allowed in this context", line: scanned(line) };
  if (/^[\]}]/.test(rest)) return { text: "did not find expected node content", line: line - 1 };
  return { text: "did not find expected key", line: line - 1 };
}

/** Something stands behind the root: another kind of entry in its first column, or what starts no token. */
function secondRoot(text: string, { position, line }: SyntaxStop): GoMessage {
  const start = text.lastIndexOf("\n", position - 1) + 1;
  if (/^[\t@`%]/.test(text.slice(start)) || /^[\t@`%]/.test(text.slice(position))) {
    return { text: "found character that cannot start any token", line: scanned(line) };
  }
  if (/^(?:#.*\n|---.*\n|\s*\n)*-\s/.test(text)) {
    return { text: "did not find expected '-' indicator", line: line - 1 };
  }
  return { text: "did not find expected key", line: line - 1 };
}

/** A quoted text or a flow collection that does not end. Go sees the end of a text on a line of its own. */
function unclosed(text: string, { position, line }: SyntaxStop): GoMessage {
  const before = text.slice(0, position);
  const isAtEnd = text.slice(position).trim() === "";
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  const open = innermostOpen(before);
  if (open === '"' || open === "'") return { text: "found unexpected end of stream", line: lines + 1 };
  const at = isAtEnd ? lines : line - 1;
  const last = before.trimEnd().at(-1);
  if (last === "[") return { text: "did not find expected node content", line: at };
  return { text: `did not find expected ',' or '${open === "{" ? "}" : "]"}'`, line: at };
}

/** The bracket or quote that is still open at the end of a text; undefined where none is. */
function innermostOpen(text: string): string | undefined {
  const open: string[] = [];
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote !== undefined) {
      if (quote === '"' && character === "\\") at++;
      else if (character === quote) quote = undefined;
    } else if (/["']/.test(character) && /[\s,[{:]/.test(text.charAt(at - 1) || " ")) quote = character;
    else if (character === "[" || character === "{") open.push(character);
    else if (character === "]" || character === "}") open.pop();
    else if (character === "#" && /\s/.test(text.charAt(at - 1) || " ")) {
      at = (text.indexOf("\n", at) + 1 || text.length + 1) - 1;
    }
  }
  return quote ?? open.at(-1);
}
