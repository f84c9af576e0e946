/**
 * Generated expressions, judged by the real Helm.
 *
 *     deno task oracle [--cases N] [--seed N] [--what TOPIC] [--show N]
 *
 * | flag | default | meaning |
 * |---|---|---|
 * | `--cases` | 2000 | how many to make |
 * | `--seed` | 1 | the same seed makes the same cases |
 * | `--what` | `expressions` | what they are about; `statements` are whole templates, `strvals` is the grammar of `--set`; `trees` are values to write as YAML, `yaml` texts to read; further `printf`, `regex`, `semver`, `date` |
 * | `--show` | 40 | how many differences to print, with our outcome (`+`) and Helm's (`-`) |
 *
 * Helm's Go SDK judges, thousands of cases a run; where it and we differ, the `helm` command has the last word. Equal means
 * the same output byte by byte, or the same error message. Progress, and the functions that no case used, are
 * told on standard error; the last line of the output counts. Ends with exit code 1 where less than 99.9 % are equal.
 */
import { parseArgs } from "node:util";
import { allFunctions } from "./coverage.ts";
import { outcomesInGo } from "./go_judge.ts";
import { judgeByHelm } from "./helm_judge.ts";
import { judgeByUs, type Outcome, shown } from "./judge.ts";
import { Random } from "./random.ts";
import { judgeSets, nextSet } from "./strvals.ts";
import { TOPICS } from "./topics/mod.ts";

const BATCH = 500;
const WANTED = 0.999;
const LONGEST_SHOWN = 600;

const { values: options } = parseArgs({
  options: {
    cases: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    what: { type: "string", default: "expressions" },
    show: { type: "string", default: "40" },
  },
});

const random = new Random(Number(options.seed));
const total = Number(options.cases);
let different = 0;
let errors = 0;

function compare(expression: string, ours: Outcome, helms: Outcome): void {
  if ("error" in helms) errors++;
  const [plus, minus] = [shown(ours), shown(helms)];
  if (plus === minus) return;
  different++;
  if (different > Number(options.show)) return;
  const start = firstDifference(plus, minus);
  console.log(`${expression}\n  + ${around(plus, start)}\n  - ${around(minus, start)}`);
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

/** A text, or where it is long what is near a place in it. */
function around(text: string, at: number): string {
  if (text.length <= LONGEST_SHOWN) return text;
  const from = Math.max(0, at - LONGEST_SHOWN / 2);
  return `… ${text.slice(from, from + LONGEST_SHOWN)} …`;
}

function progress(done: number): void {
  console.error(`${options.what}: ${done} of ${total}, ${different} differ`);
}

async function judgeExpressions(next: () => string): Promise<ReadonlySet<string>> {
  const unused = allFunctions();
  for (let done = 0; done < total; done += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, total - done) }, next);
    for (const text of batch) for (const [word] of text.matchAll(/\w+/g)) unused.delete(word);
    const [helms, ours] = await Promise.all([outcomesInGo(batch), allByUs(batch)]);
    for (const [index, text] of batch.entries()) {
      const [byHelm, byUs] = [helms[index], ours[index]];
      if (byHelm === undefined || byUs === undefined) throw new RangeError(`No outcome of case ${index}`);
      const agree = shown(byHelm) === shown(byUs);
      compare(text, byUs, agree ? byHelm : await judgeByHelm(text, index));
    }
    progress(done + batch.length);
  }
  return unused;
}

async function allByUs(batch: readonly string[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [index, text] of batch.entries()) outcomes.push(await judgeByUs(text, index));
  return outcomes;
}

async function judgeOptions(): Promise<void> {
  for (let done = 0; done < total; done += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, total - done) }, () => nextSet(random));
    for (const { text, ours, helms } of await judgeSets(batch)) compare(text, ours, helms);
    progress(done + batch.length);
  }
}

const topic = TOPICS[options.what];
if (topic !== undefined) {
  const unused = await judgeExpressions(topic(random));
  if (options.what === "expressions" && unused.size > 0) {
    console.error(`Functions that no case used: ${[...unused].join(", ")}`);
  }
} else if (options.what === "strvals") await judgeOptions();
else throw new RangeError(`--what ${options.what}: want one of ${[...Object.keys(TOPICS), "strvals"].join(", ")}`);

const equal = total - different;
console.log(
  `oracle: ${equal} of ${total} equal (${options.what}, seed ${options.seed}, ${errors} of them errors of Helm)`,
);
if (equal / total < WANTED) Deno.exitCode = 1;
