import { literal } from "../judge.ts";
import type { Maker } from "../maker.ts";

/** Formats with flags, widths, precisions and indexes, and operands of all types. */
export const printf: Maker = (random) => {
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
