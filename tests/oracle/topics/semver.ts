import { literal } from "../judge.ts";
import type { Maker } from "../maker.ts";
import type { Random } from "../random.ts";

const NUMBERS = ["0", "1", "2", "3", "4", "10", "20", "99"];
const ODD_NUMBERS = [
  "01",
  "x",
  "X",
  "*",
  "",
  "1a",
  "-1",
  "18446744073709551615",
  "18446744073709551616",
  "1 ",
  "é",
  "|",
];
const PRERELEASES = [
  "alpha",
  "alpha.1",
  "alpha.beta",
  "beta",
  "beta.2",
  "beta.11",
  "rc.1",
  "0",
  "1",
  "11",
  "1.x",
  "a-b",
  "-",
  "--1",
  "x.7.z.92",
  "ALPHA",
  "99999999999999999999",
];
const ODD_PRERELEASES = ["", "01", "a..b", "a.", ".a", "a_b", "é", "1.01", "a b", "a+", "*"];
const METADATA = ["build", "001", "20130313144700", "a.b-c", "exp.sha.5114f85", "-"];
const ODD_METADATA = ["", "a..b", "é", "a+b", "_"];
const OPERATORS = ["", "", "=", "!=", ">", "<", ">=", "<=", "=>", "=<", "~", "~>", "^"];
const ODD_OPERATORS = ["==", "<>", "!", "^^", "~=", ">>", "v", "&", "=~"];
const FIELDS = [
  ...["Major", "Minor", "Patch", "Prerelease", "Metadata", "Original", "String"],
  ...["IncMajor", "IncMinor", "IncPatch", "MarshalText", "MarshalJSON", "Value", "Nope"],
];

/** Versions and constraints, most of them right. */
export const semver: Maker = (random) => () => {
  const odd = random.chance(0.2);
  const version = () => literal(versionText(random, odd && random.chance(0.5)));
  return random.pick([
    () => `semverCompare ${literal(constraintText(random, odd))} ${version()}`,
    () => `semverCompare ${literal(constraintText(random, odd))} ${version()}`,
    () => `semverCompare ${literal(constraintText(random, odd))} ${version()}`,
    () => `semver ${version()}`,
    () => `toJson (semver ${version()})`,
    () => `(semver ${version()}).${random.pick(FIELDS)}`,
    () => `(semver ${version()}).Compare (semver ${version()})`,
    () =>
      `(semver ${version()}).${
        random.pick(["LessThan", "GreaterThan", "Equal", "LessThanEqual"])
      } (semver ${version()})`,
    () => `(semver ${version()}).${random.pick(["SetPrerelease", "SetMetadata"])} ${literal(suffix(random, odd))}`,
    () =>
      `((semver ${version()}).${random.pick(["IncMajor", "IncMinor", "IncPatch"])}).${
        random.pick(["Major", "String", "Original", "Prerelease", "IncMinor", "Compare"])
      }`,
  ])();
};

function suffix(random: Random, odd: boolean): string {
  return random.pick(random.chance(0.5) ? PRERELEASES : odd ? [...ODD_PRERELEASES, ...ODD_METADATA] : METADATA);
}

/** A version of one to three numbers; an odd one is likely to be none. */
function versionText(random: Random, odd: boolean, wildcards = false): string {
  const number = () =>
    random.pick(odd && random.chance(0.3) ? ODD_NUMBERS : wildcards && random.chance(0.15) ? ["x", "X", "*"] : NUMBERS);
  const numbers = Array.from({ length: random.pick([1, 2, 3, 3, 3, odd ? 4 : 3]) }, number).join(".");
  const prerelease = random.chance(0.3) ? `-${random.pick(odd ? ODD_PRERELEASES : PRERELEASES)}` : "";
  const metadata = random.chance(0.15) ? `+${random.pick(odd ? ODD_METADATA : METADATA)}` : "";
  const around = odd ? random.pick(["", "", " ", "\n"]) : "";
  return around + random.pick(["", "", "", "v", odd ? "V" : ""]) + numbers + prerelease + metadata;
}

function constraintText(random: Random, odd: boolean): string {
  const operator = () =>
    random.pick(odd && random.chance(0.2) ? ODD_OPERATORS : OPERATORS) + random.pick(["", "", "", " ", "  "]);
  const clause = () =>
    random.chance(0.1)
      ? versionText(random, odd, true) + random.pick([" - ", " - ", "  -  ", odd ? "-" : " - "]) +
        versionText(random, odd, true)
      : operator() + versionText(random, odd, true);
  const all = () => random.several(1, 3, clause).join(random.pick([", ", " ", ",", " , ", odd ? ",," : ", "]));
  return random.several(1, 3, all).join(random.pick([" || ", "||", " ||", odd ? " | " : "|| "])) +
    (odd ? random.pick(["", "", ",", " ||", " "]) : "");
}
