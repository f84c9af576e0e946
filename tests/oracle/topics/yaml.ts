/** What `toYaml` and `fromYaml` make of each other's forms. */
import { literal } from "../judge.ts";
import type { Maker } from "../maker.ts";
import type { Random } from "../random.ts";

const SCALARS = [
  "a",
  "1",
  "-1",
  "0",
  "0x1F",
  "0o17",
  "017",
  "08",
  "1_000",
  "1.5",
  "1e3",
  "1e21",
  ".5",
  "1.",
  "+5",
  "true",
  "yes",
  "on",
  "y",
  "Off",
  "null",
  "~",
  "''",
  '""',
  "'it''s'",
  '"a\\nb"',
  '"\\u263a"',
  "2001-01-01",
  "2001-01-01T00:00:00Z",
  "1:30",
  "a b",
  "a#b",
  "a #c",
  "!!str 1",
  "!!int 3",
  "'1'",
  '"true"',
  "-",
  "-a",
  "a:b",
  "http://x:80",
  "<<",
  "=",
  ".inf",
  "*x",
  "@a",
  "%a",
  "[]",
  "{}",
  "[1, b]",
  "{a: 1, b: [c]}",
  "🙂",
  "é",
  "1.10",
  "0b11",
  "NaN",
  "0.1",
  "9223372036854775807",
  "18446744073709551615",
  "123456789012345678901",
  "1e400",
  "-0",
  "0.0",
  "|\n    text\n    more",
  ">-\n    folded\n    text",
  "|+\n    keep\n",
];
const KEYS = ["a", "b", "key", "1", "true", "1.5", "'q'", '"d"', "long key", "null", "<<", "a.b", "2001-01-01", "0x10"];
const TEXTS = [
  "",
  "a",
  "1",
  "true",
  "null",
  "yes",
  "a: b",
  "- a",
  "#c",
  "a #b",
  "multi\nline",
  "trail \n",
  "\nlead",
  " pad ",
  "tab\t",
  "'",
  '"',
  "\\",
  "é",
  "🙂",
  "\u0007",
  "\u2028",
  "\u0085",
  "\ufeff",
  "\u00a0",
  "1e3",
  "0x1",
  "017",
  "1_0",
  "~",
  "=",
  "<<",
  "-",
  "?",
  "!x",
  "&x",
  "*x",
  "%",
  "@",
  "`",
  "{",
  "]",
  ",",
  "---",
  "...",
  "2001-01-01",
  "1:30",
  ".5",
  ".inf",
  "x".repeat(90),
  "word ".repeat(30),
  "a\n\nb\n",
  "\n",
  "a\r\nb",
  "y",
  "n",
  "Off",
  "+1",
  "0b1",
  "0o7",
  "a:",
  ":a",
  "1.0",
];

function yamlText(random: Random): string {
  const lines = (depth: number, indent: string): string => {
    const isList = random.chance(0.3);
    return random.several(1, 4, () => {
      const head = isList ? "- " : `${random.pick(KEYS)}: `;
      if (depth > 0 && random.chance(0.3)) {
        return `${indent}${isList ? "-" : head.trimEnd()}\n${lines(depth - 1, `${indent}  `)}`;
      }
      return `${indent}${head}${random.pick(SCALARS)}\n`;
    }).join("");
  };
  const text = random.chance(0.1) ? random.pick(SCALARS) : lines(2, "");
  if (!random.chance(0.1)) return text;
  // A character changed makes most of the texts that a parser refuses.
  const at = random.below(text.length + 1);
  return text.slice(0, at) + random.pick([" ", ":", "-", "\n", "'", "[", "}", "#", "\t", ",", "&x "]) +
    text.slice(at + random.below(2));
}

function tree(random: Random, depth: number): unknown {
  const kind = random.below(depth > 0 ? 8 : 6);
  if (kind < 3) return random.pick(TEXTS);
  if (kind === 3) return random.pick([0, 1, -1, 1.5, 1e6, 1e21, 1e-7, 123456789, 0.1, 3e20]);
  if (kind === 4) return random.pick([true, false, null]);
  if (kind === 5) return random.pick([[], {}]);
  if (kind === 6) return random.several(0, 4, () => tree(random, depth - 1));
  return Object.fromEntries(random.several(0, 4, () => [random.pick(TEXTS), tree(random, depth - 1)]));
}

/** Texts to read, adversarial ones among them, and trees to write. */
export const yaml: Maker = (random) => () => {
  const kind = random.below(4);
  if (kind === 0) return `toYaml (fromJson ${literal(JSON.stringify({ v: tree(random, 3) }))})`;
  if (kind === 1) return `toYamlPretty (fromJson ${literal(JSON.stringify({ v: tree(random, 3) }))})`;
  return `toJson (${random.chance(0.8) ? "fromYaml" : "fromYamlArray"} ${literal(yamlText(random))})`;
};
