/** Expressions about one topic each. */
import { Expressions } from "../expressions.ts";
import type { Maker } from "../maker.ts";
import { statements } from "../statements.ts";
import { date } from "./date.ts";
import { printf } from "./printf.ts";
import { regex } from "./regex.ts";
import { semver } from "./semver.ts";
import { tree } from "./tree.ts";
import { yaml } from "./yaml.ts";

/** Makers by the name that `--what` takes. */
export const TOPICS: Readonly<Record<string, Maker>> = {
  expressions: (random) => {
    const expressions = new Expressions(random);
    return () => expressions.next();
  },
  statements,
  trees: tree,
  yaml,
  semver,
  printf,
  regex,
  date,
};
