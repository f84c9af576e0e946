/** YAML texts, most of them hostile: what `fromYaml` makes of them. */
import { literal } from "../judge.ts";
import type { Maker } from "../maker.ts";
import type { Random } from "../random.ts";
import { treeText } from "./tree.ts";
import { SCALARS } from "./yaml_scalars.ts";

const KEYS = [
  "a",
  "b",
  "c",
  "a",
  "key",
  "long key",
  "a.b",
  "1",
  "0x10",
  "1.0",
  "1.5",
  "1e3",
  ".inf",
  "-1",
  "1_0",
  "9223372036854775808",
  "true",
  "yes",
  "off",
  "null",
  "~",
  "''",
  "'q'",
  '"d\\n"',
  "<<",
  "'<<'",
  "!!merge <<",
  "2001-01-01",
  "!!str 1",
  "!!int 1",
  "&k k",
  "*x",
  "[a]",
  "{a: b}",
  "? a\n",
  "? [a]\n",
  "? |\n  a\n",
  "é",
  "🙂",
  "k".repeat(200),
  "k".repeat(1030),
  "__proto__",
  "a\tb",
  "-",
  "?",
  "- a",
];
const MERGED = ["*x", "*y", "[*x, *y]", "{a: m}", "[{a: m}, {b: m}]", "[*x, [*y]]", "1", "~", "[]", "*none"];
const MUTATIONS = [
  " ",
  "  ",
  ":",
  ": ",
  "-",
  "- ",
  "\n",
  "'",
  '"',
  "[",
  "]",
  "{",
  "}",
  "#",
  " #",
  "\t",
  ",",
  "&x ",
  "*x",
  "? ",
  "|",
  ">",
  "!",
  "%",
  "\r",
  "\\",
  "---\n",
  "...\n",
  "\u0000",
  "\u0085",
  "\ufeff",
  "\u2028",
];
const SEPARATORS = [
  "---\n",
  "--- a\n",
  "---\n---\n",
  "...\n",
  "...\n---\n",
  "--- |\n x\n",
  "---\t\n",
  "--- # c\n",
  "%YAML 1.1\n",
];
const HEADS = [
  "",
  "",
  "",
  "\ufeff",
  "# c\n",
  "\n\n",
  "---\n",
  "--- ",
  "%YAML 1.1\n---\n",
  "%YAML 1.2\n---\n",
  "%YAML 2.0\n---\n",
  "%TAG !e! tag:yaml.org,2002:\n---\n",
  "%TAG ! tag:e,1:\n---\n",
  "%FOO bar\n---\n",
  "%YAML 1.1\n%YAML 1.1\n---\n",
  "...\n",
  "x: &x {a: 1, z: 1}\ny: &y {a: 2, b: 2}\n",
  "x: &x {a: 1, z: 1}\ny: &y {a: 2, b: 2}\n",
];

/** A block scalar whose lines are indented this way and that. */
function block(random: Random, indent: string): string {
  const header = random.pick(["|", ">"]) +
    random.pick(["", "", "", "-", "+", "2", "1", "2-", "+1", "-3", "9", "0", "10", "--"]) +
    random.pick(["", "", "", " ", " # c", " x", "#c"]);
  const lines = random.several(
    0,
    6,
    () =>
      random.pick([indent, indent, indent, `${indent} `, `${indent}  `, "", " ", `${indent}\t`, indent.slice(1)]) +
      random.pick(["text", "more text", "", "# no comment", "- a", "a: b", "é", "\u0085", "\u2028x", " ", "\t"]),
  );
  return `${header}\n${lines.join("\n")}${random.pick(["", "\n", "\n\n", "\n \n"])}`;
}

function lines(random: Random, depth: number, indent: string): string {
  const isList = random.chance(0.3);
  return random.several(1, 4, () => {
    const name = random.pick(KEYS);
    const head = isList ? "- " : name.endsWith("\n") ? `${name}${indent}: ` : `${name}: `;
    if (!isList && name === "<<") return `${indent}<<: ${random.pick(MERGED)}\n`;
    if (depth > 0 && random.chance(0.3)) {
      const deeper = indent + random.pick(["  ", "  ", " ", "    ", ""]);
      return isList && random.chance(0.5)
        ? `${indent}- ${lines(random, depth - 1, `${indent}  `).trimStart()}`
        : `${indent}${head.trimEnd()}${random.pick(["", " &z", " !!map", " # c"])}\n${
          lines(random, depth - 1, deeper)
        }`;
    }
    const value = random.chance(0.12)
      ? block(random, `${indent}  `)
      : random.chance(0.1)
      ? quoted(random)
      : random.pick(SCALARS);
    return `${indent}${head}${value}${random.pick(["\n", "\n", "\n", " # c\n", "\n\n", "\n# c\n"])}`;
  }).join("");
}

/** Any text, in quotes or without. */
function quoted(random: Random): string {
  const text = treeText(random);
  return random.pick([
    text,
    JSON.stringify(text),
    `'${text.replaceAll("'", "''")}'`,
    `"${text.replaceAll('"', '\\"')}"`,
  ]);
}

function deep(random: Random): string {
  const count = random.pick([3, 30, 200]);
  return random.pick([
    () => "[".repeat(count) + "]".repeat(count),
    () => "- ".repeat(count) + "a",
    () => "{a: ".repeat(count) + "1" + "}".repeat(count),
    () => "? ".repeat(count) + "a",
    () => "[".repeat(count),
    () => Array.from({ length: count }, (_, at) => " ".repeat(at) + "a:\n").join(""),
    () => `a: &a [x]\n${Array.from({ length: count }, (_, at) => `k${at}: *a\n`).join("")}`,
    () => `a: &a {b: [*a]}\nc: *a\n`,
  ])();
}

function yamlText(random: Random): string {
  if (random.chance(0.03)) return deep(random);
  let text = random.chance(0.1) ? random.pick(SCALARS) : random.chance(0.1) ? quoted(random) : lines(random, 2, "");
  text = random.pick(HEADS) + text;
  if (random.chance(0.08)) text += random.pick(SEPARATORS) + lines(random, 1, "");
  if (random.chance(0.05)) text = text.replaceAll("\n", "\r\n");
  if (random.chance(0.02)) text = text.replaceAll("\n", "\r");
  if (random.chance(0.05)) text = text.replace(/\n$/, "");
  if (!random.chance(0.15)) return text;
  // A character changed makes most of the texts that a parser refuses.
  const characters = [...text];
  characters.splice(random.below(characters.length + 1), random.below(3), random.pick(MUTATIONS));
  return characters.join("");
}

/** Texts to read, adversarial ones among them; the types that they have, and what is written of them. */
export const yaml: Maker = (random) => () => {
  const text = literal(yamlText(random));
  return random.pick([
    `toJson (fromYaml ${text})`,
    `toJson (fromYaml ${text})`,
    `toJson (fromYamlArray ${text})`,
    `printf "%#v" (fromYaml ${text})`,
    `toYaml (fromYaml ${text})`,
    `toJson (fromYamlArray (printf "- %s" (${text} | indent 2 | trim)))`,
  ]);
};
