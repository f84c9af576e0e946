import { literal } from "../judge.ts";
import type { Maker } from "../maker.ts";

const NUMBERS = ["0", "1", "2", "3", "10", "01", "x", "*", "", "1a"];
/** Versions and constraints. */
export const semver: Maker = (random) => {
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
