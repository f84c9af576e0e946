/** Expressions about one topic each. */
import { Expressions } from "./expressions.ts";
import { literal } from "./judge.ts";
import type { Random } from "./random.ts";

/** Makes the next expression. */
export type Maker = (random: Random) => () => string;

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

const yaml: Maker = (random) => () => {
  const kind = random.below(4);
  if (kind === 0) return `toYaml (fromJson ${literal(JSON.stringify({ v: tree(random, 3) }))})`;
  if (kind === 1) return `toYamlPretty (fromJson ${literal(JSON.stringify({ v: tree(random, 3) }))})`;
  return `toJson (${random.chance(0.8) ? "fromYaml" : "fromYamlArray"} ${literal(yamlText(random))})`;
};

const NUMBERS = ["0", "1", "2", "3", "10", "01", "x", "*", "", "1a"];
const semver: Maker = (random) => {
  const version = () =>
    random.pick(["", "", "v", "V"]) + random.several(1, 4, () =>
      random.pick(["0", "1", "2", "3", "10", "20", random.pick(NUMBERS)])).join(".") +
    random.pick(["", "", "", "-alpha", "-alpha.1", "-rc.2", "-0", "-1.x", "+build", "-a+b", "-", "+", "-01"]);
  const clause = () =>
    random.pick(["", "=", "!=", ">", "<", ">=", "<=", "=>", "=<", "~", "~>", "^", "^ ", "> ", ">= "]) + version();
  const constraint = () => {
    const one = () =>
      random.chance(0.1)
        ? `${version()} - ${version()}`
        : random.several(1, 2, clause).join(random.pick([", ", " ", ","]));
    return random.several(1, 2, one).join(" || ");
  };
  return () => {
    const kind = random.below(5);
    if (kind === 0) return `semver ${literal(version())}`;
    if (kind === 1) {
      return `(semver ${literal(version())}).${
        random.pick([
          "Major",
          "Minor",
          "Patch",
          "Prerelease",
          "Metadata",
          "Original",
          "IncMajor",
          "IncMinor",
          "IncPatch",
        ])
      }`;
    }
    if (kind === 2) return `(semver ${literal(version())}).Compare (semver ${literal(version())})`;
    return `semverCompare ${literal(constraint())} ${literal(version())}`;
  };
};

const printf: Maker = (random) => {
  const verb = () =>
    `%${random.text(["+", "-", "#", "0", " "], 0, 2)}${random.pick(["", "", "", "1", "5", "10", "*", "[1]", "[2]"])}${
      random.pick(["", "", ".2", ".0", ".", ".*", ".10"])
    }` +
    random.pick([
      "v",
      "d",
      "s",
      "q",
      "x",
      "X",
      "t",
      "f",
      "e",
      "g",
      "G",
      "E",
      "T",
      "b",
      "o",
      "O",
      "c",
      "U",
      "%",
      "w",
      "z",
      "F",
      "",
    ]);
  const argument = () =>
    random.pick([
      "1",
      "-5",
      "255",
      "0",
      "1.5",
      "-0.0",
      "1e21",
      "1e-7",
      "100000.0",
      "true",
      '"text"',
      '"hé\\n"',
      '""',
      "nil",
      "(list 1 2)",
      '(list "a" nil)',
      '(dict "a" 1)',
      "'x'",
      '(dict "b" (list 1.5) "a" nil)',
      ".Values.map",
      "(int64 7)",
      '(b64dec "/w==")',
      '(splitList "," "a,b")',
      "(list)",
      "(dict)",
      ".Values.nothing",
      "9223372036854775807",
    ]);
  return () =>
    `printf ${literal(random.several(1, 3, () => random.pick(["", "x ", "é"]) + verb()).join("|"))} ${
      random.several(0, 3, argument).join(" ")
    }`;
};

const ATOMS = [
  "a",
  "b",
  ".",
  "\\d",
  "\\w",
  "\\s",
  "\\b",
  "[a-c]",
  "[^a]",
  "[[:alpha:]]",
  "\\pL",
  "(a)",
  "(?:b)",
  "(?P<n>c)",
  "(a|b)",
  "^",
  "$",
  "\\.",
  "(?i)",
  "(?s)",
  "é",
  "\\x41",
  "\\Q.\\E",
  "x",
  "-",
  "\\D",
  "[\\d-]",
  "(",
  ")",
  "[",
  "\\1",
  "(?=a)",
  "\\z",
  "\\A",
];
const regex: Maker = (random) => {
  const pattern = () =>
    random.several(
      1,
      4,
      () =>
        (random.chance(0.97) ? random.pick(ATOMS.slice(0, 26)) : random.pick(ATOMS)) +
        random.pick(["", "", "", "*", "+", "?", "*?", "+?", "{2}", "{1,3}", "{0,}"]),
    ).join(random.pick(["", "", "|"]));
  const subject = () => random.text(["a", "b", "c", "A", " ", "1", "2", ".", "-", "é", "\n", "_", "x"], 0, 10);
  return () => {
    const [expression, text] = [literal(pattern()), literal(subject())];
    const replacement = literal(random.pick(["", "x", "$0", "${1}", "$1x", "${n}", "$$", "[$1]", "$", "${", "$2"]));
    return random.pick([
      `regexMatch ${expression} ${text}`,
      `regexFind ${expression} ${text}`,
      `mustRegexFind ${expression} ${text}`,
      `toJson (regexFindAll ${expression} ${text} ${random.pick(["-1", "1", "2", "0"])})`,
      `regexReplaceAll ${expression} ${text} ${replacement}`,
      `regexReplaceAllLiteral ${expression} ${text} ${replacement}`,
      `toJson (regexSplit ${expression} ${text} ${random.pick(["-1", "1", "2", "0"])})`,
      `mustRegexReplaceAll ${expression} ${text} ${replacement}`,
      `regexQuoteMeta ${text}`,
    ]);
  };
};

const LAYOUT = [
  "2006",
  "06",
  "01",
  "1",
  "Jan",
  "January",
  "02",
  "2",
  "_2",
  "15",
  "3",
  "03",
  "04",
  "4",
  "05",
  "5",
  "PM",
  "pm",
  "Z07:00",
  "-0700",
  "-07",
  "MST",
  "Mon",
  "Monday",
  ".000",
  ".999",
  "002",
  "Z0700",
];
const ZONES = ["UTC", "", "Local", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "No/Where", "EST"];
const date: Maker = (random) => {
  const two = (bound: number) => String(random.below(bound)).padStart(2, "0");
  const day = () => `${random.pick(["1969", "1970", "2000", "2023", "2024", "0001", "9999"])}-${two(14)}-${two(31)}`;
  const time = () => `${two(25)}:${two(60)}:${two(61)}`;
  const moment = () =>
    random.chance(0.5)
      ? `(toDate "2006-01-02" ${literal(day())})`
      : `(toDate "2006-01-02 15:04:05 -0700" ${
        literal(`${day()} ${time()} ${random.pick(["+0000", "-0530", "+0200"])}`)
      })`;
  const layout = () =>
    literal(random.several(1, 5, () => random.pick(LAYOUT)).join(random.pick([" ", "-", ":", "/", "T", ""])));
  const duration = () =>
    random.pick(["", "-", "+"]) +
    random.several(1, 3, () =>
      random.pick(["1", "90", "1.5", "0", "36", ".5"]) + random.pick(["h", "m", "s", "ms", "us", "ns", "d"])).join("");
  return () =>
    random.pick([
      () => `dateInZone ${layout()} ${moment()} ${literal(random.pick(ZONES))}`,
      () => `date_in_zone ${layout()} ${moment()} "UTC"`,
      () => `(dateModify ${literal(duration())} ${moment()}).UTC`,
      () =>
        `mustDateModify ${literal(duration())} ${moment()} | dateInZone "2006-01-02T15:04:05.999999999Z07:00" | print`,
      () => `dateInZone "2006-01-02 15:04:05" (mustDateModify ${literal(duration())} ${moment()}) "UTC"`,
      () => `(mustToDate ${layout()} ${literal(`${day()} ${time()}`)}).UTC`,
      () => `(mustToDate "2006-01-02 15:04:05" ${literal(`${day()} ${time()}`)}).UTC`,
      () => `unixEpoch ${moment()}`,
      () => `htmlDateInZone ${moment()} ${literal(random.pick(ZONES))}`,
      () => `duration ${random.pick(["0", "1", "59", "3600", "90061", "-5", '"75"', '"x"', "1.5"])}`,
      () =>
        `durationRound ${
          random.pick(["0", "1", "59", '"3601s"', '"26h"', '"800h"', '"9000h"', '"1m1s"', '"x"', "1.5"])
        }`,
      () =>
        `(${moment()}).${random.pick(["Year", "Month", "Weekday", "YearDay", "Unix", "Hour", "IsZero", "Nanosecond"])}`,
      () => `(${moment()}).Format ${layout()}`,
    ])();
};

/** Makers by the name that `--what` takes. */
export const TOPICS: Readonly<Record<string, Maker>> = {
  expressions: (random) => {
    const expressions = new Expressions(random);
    return () => expressions.next();
  },
  yaml,
  semver,
  printf,
  regex,
  date,
};
