import { literal } from "../judge.ts";
import type { Maker } from "../maker.ts";

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
/** Regular expressions and what they are applied to. */
export const regex: Maker = (random) => {
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
