/**
 * Generated expressions, judged by the real Helm.
 *
 *     deno task oracle [--cases N] [--seed N] [--what expressions|statements|yaml|semver|printf|regex|date|strvals] [--show N]
 *
 * Equal means the same output byte by byte, or the same error message. Ends with exit code 1 where less than 99.9 % are.
 */
import { parseArgs } from "node:util";
import { judgeByHelm, judgeByUs, type Outcome, shown } from "./judge.ts";
import { Random } from "./random.ts";
import { nextSet, setByHelm, setByUs } from "./strvals.ts";
import { TOPICS } from "./topics/mod.ts";

const BATCH = 400;
const WANTED = 0.999;

const { values: options } = parseArgs({
  options: {
    cases: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    what: { type: "string", default: "expressions" },
    show: { type: "string", default: "40" },
  },
});

interface Difference {
  readonly expression: string;
  readonly ours: Outcome;
  readonly helms: Outcome;
}

const random = new Random(Number(options.seed));
const total = Number(options.cases);
const differences: Difference[] = [];
let errors = 0;

function compare(expression: string, ours: Outcome, helms: Outcome): void {
  if ("error" in helms) errors++;
  if (shown(ours) !== shown(helms)) differences.push({ expression, ours, helms });
}

async function judgeExpressions(next: () => string): Promise<void> {
  for (let done = 0; done < total; done += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, total - done) }, next);
    const helms = await judgeByHelm(batch);
    for (const [index, expression] of batch.entries()) {
      const byHelm = helms[index];
      if (byHelm !== undefined) compare(expression, await judgeByUs(expression, index), byHelm);
    }
  }
}

async function judgeSets(): Promise<void> {
  for (let done = 0; done < total; done++) {
    const one = nextSet(random);
    compare(`--${one.kind} ${one.expression}`, await setByUs(one), await setByHelm(one));
  }
}

const topic = TOPICS[options.what];
if (topic !== undefined) await judgeExpressions(topic(random));
else if (options.what === "strvals") await judgeSets();
else throw new RangeError(`--what ${options.what}: want one of ${[...Object.keys(TOPICS), "strvals"].join(", ")}`);

for (const { expression, ours, helms } of differences.slice(0, Number(options.show))) {
  console.log(`${expression}\n  + ${shown(ours)}\n  - ${shown(helms)}`);
}
const equal = total - differences.length;
console.log(
  `oracle: ${equal} of ${total} equal (${options.what}, seed ${options.seed}, ${errors} of them errors of Helm)`,
);
if (equal / total < WANTED) Deno.exitCode = 1;
