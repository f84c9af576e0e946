/** Templates with a fault: what a parser complains about. */
import type { Random } from "./random.ts";

/** A template in the pieces that a change takes away, doubles or puts between. */
const TOKEN = /\{\{-?|-?\}\}|\/\*|\*\/|:=|"(?:[^"\\]|\\.)*"|`[^`]*`|\$?\w+|\s+|./gsu;

const STRAYS: readonly string[] = [
  "{{",
  "}}",
  "{{-",
  "-}}",
  "{{ end }}",
  "{{ else }}",
  "{{ break }}",
  "{{ else if }}",
  "{{ if",
  "{{ range $a, $b, $c := . }}",
  "{{ define }}",
  '{{ define "x" }}',
  "{{ template }}",
  "{{ block }}",
  "{{/*",
  "*/}}",
  "|",
  "||",
  "(",
  ")",
  ".",
  "..",
  "$",
  "$none",
  ":=",
  "=",
  ",",
  ":",
  '"',
  "`",
  "'",
  "''",
  "'ab'",
  '"\\q"',
  "nil",
  "true.x",
  "1.x",
  '"a".b',
  "0x",
  "08",
  "1e",
  "@",
  "#",
  "é",
  "\n",
  "\u0000",
  "nofunction",
  "end",
  "else",
  "if",
  "- 1",
  "-1-",
  "!",
  "&&",
];

/** A template with one to three of its tokens gone, doubled, or a stray one put in. */
export function broken(random: Random, text: string): string {
  const tokens = text.match(TOKEN) ?? [];
  for (const _ of random.several(1, 3, () => 0)) {
    const at = random.below(tokens.length);
    random.pick([
      () => tokens.splice(at, 1),
      () => tokens.splice(at, 0, tokens[at] ?? ""),
      () => tokens.splice(at, 0, random.pick(STRAYS)),
      () => tokens.splice(at, 1, random.pick(STRAYS)),
      () => tokens.splice(at),
    ])();
    if (tokens.length === 0) break;
  }
  // What does not begin with an action would be taken for an expression.
  return `{{ "" }}${tokens.join("")}`;
}
