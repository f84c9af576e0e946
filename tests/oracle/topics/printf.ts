import { literal } from "../judge.ts";
import type { Maker } from "../maker.ts";
import { ANY, BIG_INTS, FLOATS, INTS, LISTS, MAPS, STRINGS } from "../operands.ts";
import type { Random } from "../random.ts";

const VERBS = [..."vvvddsqxXtfFeEgGTboOcU%wzZ aDAé!n\u{1f642}", "\n", ""];
const WIDTHS = ["", "", "", "", "1", "2", "5", "10", "20", "64", "0", "08", "999999999", "99999999999999999999"];
/** Where a pointer lies is random, and so is how long it is. */
const POINTERS = [
  "$",
  ".Capabilities",
  '(semver "1.2.3")',
  "(list (semver \"1.2.3\") 'x')",
  '(toDate "2006-01-02" "2023-07-05")',
  "(deepCopy .Values.map)",
  "(list 1 2)",
  "(until 2)",
  ".Chart.Annotations",
  '"no address"',
  "nil",
  "7",
];
const ADDRESS_FORMATS = ["%p", "%v", "%+v", "%+p", "% p", "%s", "%#v", "%T", "%q", "%p %[1]v"];
const PRECISIONS = ["", "", "", "", ".", ".0", ".1", ".2", ".3", ".6", ".10", ".17", ".25", ".-1", "..1", ".07"];
const INDEXES = ["[1]", "[2]", "[3]", "[4]", "[0]", "[9]", "[-1]", "[x]", "[]", "[", "[1", "[ 1]", "[1][2]", "[01]"];

/** Numbers that round, overflow or have a sign where none is expected. */
const NUMBERS = [
  "-0.0",
  "0.5",
  "1.5",
  "2.5",
  "0.05",
  "999.9995",
  "9.995",
  "1e21",
  "1e20",
  "123456789.0",
  "1e-7",
  "5e-324",
  "1.7976931348623157e308",
  "100000.0",
  "1e6",
  '(float64 "Inf")',
  '(float64 "-Inf")',
  '(float64 "NaN")',
  "(int64 7)",
  "(int64 -7)",
  "127",
  "255",
  "-255",
  "65533",
  "55296",
  "1114111",
  "1114112",
  "128578",
  "7",
  "10",
  "0x41",
  "'x'",
  "'\\n'",
  "'🙂'",
  "1i",
  "(mul 1 -3)",
  '((semver "4.5.6").Major)',
];
const TEXTS = [
  '(b64dec "/w==")',
  '(b64dec "YcMoYg==")',
  '"tab\\t\\u0000\\u007f\\u00a0\\u200b\\u2028\\ufeff"',
  '"`back`"',
  '"日本語"',
  '"é\u{1f642}"',
  '"\\x00"',
  '"100%"',
  '"line\\nline"',
  '"x" | quote',
];
const VALUES = [
  "(list nil)",
  '(list (list "a" 1.5) (dict "k" (list nil true)))',
  '(dict "b" (list 1.5) "a" nil "é" "\\n")',
  '(dict "a" (dict "b" (dict "c" (list 1 "x"))))',
  "(list 1 1.5 true nil)",
  '(list "a\\"b" "")',
  "(list 'x' 255 -1)",
  '(splitList "," "a,b")',
  '(splitList "," "")',
  '(split "," "a,b")',
  "(until 3)",
  "(untilStep 0 10 5)",
  '(regexFindAll "a" "aXa" -1)',
  '(urlParse "http://u:p@h:80/p?q#f")',
  '(duration "90s")',
  '((toDate "2006-01-02" "2023-07-05").Month)',
  '((toDate "2006-01-02" "2023-07-05").Weekday)',
  '((toDate "2006-01-02" "2023-07-05").UTC)',
  '(((toDate "2006-01-02" "2023-07-05").UTC).Sub ((toDate "2006-01-02" "2023-07-04").UTC))',
  '(fromYaml "a: [1, 2.5, x, null, {b: true}]")',
  '(fromJson "{\\"a\\":12345678901234567890,\\"b\\":1e100}")',
  '(fromYaml "x: [")',
  "(tuple)",
  '(.Files.GetBytes "files/a.txt")',
  "(list .Chart.Name .Release.Revision)",
  ".Chart.Maintainers",
  ".Chart.Annotations",
  ".Chart.Dependencies",
  "(chunk 2 (list 1 2 3))",
];
/** Those of all values that show no address under any verb. */
const STEADY = ANY.filter((value) => !["$", ".Capabilities"].includes(value) && !/toDate[^.]*$|fromToml/.test(value));

/** Formats with flags, widths, precisions and indexes, and operands of all types. */
export const printf: Maker = (random) => () => {
  const kind = random.below(40);
  if (kind === 2) return `printf ${literal(random.pick(ADDRESS_FORMATS))} ${random.pick(POINTERS)}`;
  const operands = random.several(0, 4, () => operand(random)).join(" ");
  if (kind === 0) return `print ${operands}`;
  if (kind === 1) return `println ${operands}`;
  const format = random.several(1, 3, () => random.pick(["", "", "x ", "é", "%%"]) + directive(random));
  return `printf ${literal(format.join(random.pick(["|", "|", "", " "])))} ${operands}`;
};

function directive(random: Random): string {
  const flags = random.text([..."+-#0 "], 0, 3);
  const star = () => (random.chance(0.2) ? random.pick(INDEXES) : "") + "*";
  const width = random.chance(0.12) ? star() : random.pick(WIDTHS);
  const precision = random.chance(0.08) ? `.${star()}` : random.pick(PRECISIONS);
  const index = random.chance(0.1) ? random.pick(INDEXES) : "";
  return `%${flags}${width}${precision}${index}${random.pick(VERBS)}`;
}

function operand(random: Random): string {
  const some = random.pick([
    NUMBERS,
    NUMBERS,
    TEXTS,
    VALUES,
    VALUES,
    STEADY,
    INTS,
    BIG_INTS,
    FLOATS,
    LISTS,
    MAPS,
    STRINGS,
  ]);
  const one = random.pick(some);
  return some === STRINGS ? literal(one) : one.includes(" | ") ? `(${one})` : one;
}
