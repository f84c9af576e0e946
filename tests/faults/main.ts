/**
 * Breaks what stands between a part of the product and its servers, by seed, and compares afterwards.
 *
 *     deno task faults [--suite client|leaders|eventrouter|sse] [--steps N] [--runs N] [--seconds N] [--seed 1] [--target embedded|real]
 *
 * Each suite is a file of its own with a `run` (suite.ts); the last line that it prints holds its figures.
 */
import { parseArgs } from "node:util";
import type { FaultSuite } from "./suite.ts";

/** Files beside this one. */
const SUITES = ["client", "leaders", "eventrouter", "sse"];

const { values } = parseArgs({
  options: {
    suite: { type: "string", default: "client" },
    steps: { type: "string" },
    runs: { type: "string" },
    seconds: { type: "string" },
    seed: { type: "string", default: "1" },
    target: { type: "string", default: "embedded" },
  },
});

function fail(message: string): never {
  console.error(message);
  Deno.exit(2);
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) fail(`--${name} "${text}" is no number above 0`);
  return number;
}

if (!SUITES.includes(values.suite)) fail(`There is no suite "${values.suite}": choose one of ${SUITES.join(", ")}`);
if (values.target !== "embedded" && values.target !== "real") {
  fail(`There is no target "${values.target}": choose embedded or real`);
}
// The address is computed, so that only the chosen suite is loaded.
const suite: FaultSuite = await import(new URL(`${values.suite}.ts`, import.meta.url).href);
Deno.exit(
  await suite.run({
    seed: positive("seed", values.seed),
    target: values.target,
    ...(values.steps !== undefined && { steps: positive("steps", values.steps) }),
    ...(values.runs !== undefined && { runs: positive("runs", values.runs) }),
    ...(values.seconds !== undefined && { seconds: positive("seconds", values.seconds) }),
  }),
);
