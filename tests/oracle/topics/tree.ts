/** Random values, told as expressions: what `toYaml` makes of them has every form that a YAML text can take. */
import { literal } from "../judge.ts";
import type { Maker } from "../maker.ts";
import type { Random } from "../random.ts";

/** Texts that read as something else, or as nothing, when written without quotes. */
const LOOKALIKES = [
  "",
  "~",
  "null",
  "Null",
  "nULL",
  "true",
  "TRUE",
  "tRue",
  "yes",
  "No",
  "on",
  "OFF",
  "y",
  "N",
  "<<",
  "=",
  "-",
  "--",
  "---",
  "--- a",
  "...",
  "?",
  "? a",
  ":",
  ": a",
  "a:",
  "a: b",
  ":a",
  "#",
  "a #b",
  "a#b",
  "!x",
  "!!str a",
  "&a",
  "*a",
  "%a",
  "@a",
  "`a",
  "|",
  ">",
  "[",
  "{}",
  ",",
  "'",
  '"',
  "it's",
  "\\",
  ".inf",
  "-.Inf",
  ".NaN",
  "NaN",
  "Infinity",
  "0x1F",
  "-0x1f",
  "0b101",
  "0o17",
  "017",
  "08",
  "0x",
  "1_000",
  "_1",
  "1e3",
  "1E+3",
  "1e",
  ".5",
  "5.",
  ".",
  "+5",
  "-5",
  "+.5",
  "- 5",
  "1:30",
  "1:30:00",
  "-1:30.5",
  "99:99",
  "2001-01-01",
  "2001-1-1",
  "2001-02-30",
  "2001-01-01T00:00:00Z",
  "2001-01-01 00:00:00",
  "2001-01-01t00:00:00.5-07:00",
  "9223372036854775807",
  "9223372036854775808",
  "-9223372036854775809",
  "18446744073709551615",
  "18446744073709551616",
  "0x8000000000000000",
  "1e400",
  "0.1e-400",
  "0",
  "-0",
  "00",
  "1.0",
  "1.10",
];
const CHARACTERS = [
  ..."aZ09 ",
  ..."  ::##--??..,,[]{}&*!|>'\"%@`~=\\<",
  "\n",
  "\n",
  "\t",
  "\r",
  "\r\n",
  "é",
  "日",
  "\u{1f642}",
  "\u00a0",
  "\u0085",
  "\u2028",
  "\u2029",
  "\ufeff",
  "\u200b",
  "\u00ad",
  "\ud7ff",
  "\ue000",
  "\ufffd",
  "\u{10ffff}",
];
const CONTROLS = ["\u0000", "\u0007", "\b", "\u001b", "\u007f", "\u0080", "\u009f", "\ufffe", "\uffff"];
const WORDS = ["a", "to", "the", "words", "longer", "http://example.com/path", "é", "x".repeat(30), "y".repeat(79)];
const NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.1,
  1.5,
  1e6,
  999999,
  1000001,
  1e20,
  1e21,
  123456789,
  -123456789.125,
  1e-5,
  1e-7,
  5e-324,
  1.7976931348623157e308,
  2 ** 31,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 63,
  -(2 ** 63),
  2 ** 64,
  2 ** 64 - 2048,
  1e15,
  123456.7,
  1234567.8,
];
/** Operands of types that JSON has no text for. */
const TYPED = [
  "1",
  "-7",
  "(int64 9223372036854775807)",
  "(int64 -9223372036854775808)",
  "1000000",
  "1e6",
  "'x'",
  "nil",
  "(until 3)",
  '(splitList "," "a,,yes")',
  '(split "." "a.b")',
  '(list (list) (dict) (list (dict "a" (list 1))))',
  '(b64dec "/w==")',
  '(b64dec "YcMoYg==")',
  '(semver "1.2.3-a")',
  '(((toDate "2006-01-02" "2023-07-05").UTC))',
  '(duration "90")',
  '(.Files.GetBytes "files/a.txt")',
  ".Chart",
  ".Release",
  ".Template",
  "(deepCopy .Values.map)",
  '(float64 "Inf")',
  '(float64 "NaN")',
  "(list)",
  "(dict)",
];

/** A text that is hard to write. */
export function treeText(random: Random): string {
  switch (random.below(6)) {
    case 0:
    case 1:
      return random.pick(LOOKALIKES);
    case 2:
      return random.text(random.chance(0.05) ? [...CHARACTERS, ...CONTROLS] : CHARACTERS, 0, 10);
    case 3:
      return prose(random);
    case 4:
      return random.pick(["", " ", "\n", "  "]) + random.pick(LOOKALIKES) + random.pick(["", " ", "\n", "\n\n", "\t"]);
    default:
      return random.text([..."0123456789", ..."+-.:_eExob "], 1, 6);
  }
}

/** Lines of words, near and far beyond the width where lines are folded. */
function prose(random: Random): string {
  const separators = [" ", " ", " ", " ", "  ", "\n", ": ", " #", "\n  ", " \n", "\t", ", "];
  const usual = random.chance(0.5) ? [" "] : separators;
  return random.several(1, 40, () => random.pick(WORDS) + random.pick(usual)).join("") + random.pick(["", "end", "\n"]);
}

function number(random: Random): number {
  if (random.chance(0.6)) return random.pick(NUMBERS);
  if (random.chance(0.5)) return Math.round((random.next() - 0.5) * 10 ** random.below(22));
  return Number(((random.next() - 0.5) * 10 ** (random.below(40) - 20)).toPrecision(1 + random.below(17)));
}

function key(random: Random): string {
  if (random.chance(0.5)) return random.pick(["a", "b", "c", "key", "a1", "a10", "a9", "A", "_a", "a-b", "a.b", "é"]);
  return random.chance(0.05) ? "k".repeat(random.pick([127, 128, 129, 200])) : treeText(random);
}

/** A JSON value of some depth. */
export function jsonTree(random: Random, depth: number): unknown {
  const kind = random.below(depth > 0 ? 10 : 6);
  if (kind < 3) return treeText(random);
  if (kind === 3) return number(random);
  if (kind === 4) return random.pick([true, false, null]);
  if (kind === 5) return random.pick([[], {}]);
  if (kind < 8) return random.several(0, 4, () => jsonTree(random, depth - 1));
  return Object.fromEntries(random.several(0, 4, () => [key(random), jsonTree(random, depth - 1)]));
}

/** An expression that makes a value, some of its parts of types of their own. */
function goTree(random: Random, depth: number): string {
  const kind = random.below(depth > 0 ? 8 : 5);
  if (kind < 2) return literal(treeText(random));
  if (kind === 2) return random.pick(TYPED);
  if (kind === 3) return random.pick(["true", "false", "nil", "1.5", "3"]);
  if (kind === 4) return `(fromJson ${literal(JSON.stringify({ v: jsonTree(random, 1) }))})`;
  const items = random.several(0, 4, () => goTree(random, depth - 1));
  if (kind < 7) return `(list ${items.join(" ")})`;
  return `(dict ${items.map((item) => `${literal(key(random))} ${item}`).join(" ")})`;
}

/** Values to write, and to read again. */
export const tree: Maker = (random) => () => {
  const depth = random.chance(0.05) ? 8 : 3;
  const json = `(fromJson ${literal(JSON.stringify({ v: jsonTree(random, depth) }))})${random.pick(["", ".v"])}`;
  const value = random.chance(0.6) ? json : goTree(random, depth);
  return random.pick([
    () => `toYaml ${value}`,
    () => `toYaml ${value}`,
    () => `mustToYaml ${value}`,
    () => `toYamlPretty ${json}`,
    () => `toJson (fromYaml (toYaml ${value}))`,
    () => `toJson (fromYaml (toYamlPretty (dict "v" ${json})))`,
    () => `toYaml (fromYaml (toYaml (list ${value})))`,
    () => `toYaml (fromYamlArray (toYaml (list ${value})))`,
  ])();
};
