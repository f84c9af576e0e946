/**
 * Mutation fuzzing: looks for crashes that are no typed error, inputs that hang, and memory without bound.
 *
 *     deno task fuzz TARGET [--seconds N] [--seed N] [--deadline MS]
 *
 * A target is lexer, parser, yaml, tgz, values or codec. The work is done by a thread, so that an input that hangs is
 * seen from here; the report of each finding has the input.
 */
import { parseArgs } from "node:util";
import type { Report } from "./fuzz_worker.ts";
import { TARGETS } from "./targets.ts";

/** More than this on the thread's heap is memory without bound. Bytes. */
const MAX_HEAP = 1024 * 1024 * 1024;

/** Likewise of the whole process: what buffers hold is on no heap. Bytes. */
const MAX_RSS = 2048 * 1024 * 1024;

const { values: options, positionals: [name = ""] } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    deadline: { type: "string", default: "3000" },
  },
});
if (TARGETS[name] === undefined) {
  console.error(`fuzz: no target "${name}": want one of ${Object.keys(TARGETS).join(", ")}`);
  Deno.exit(2);
}

const findings = new Map<string, string>();
let [inputs, before, heap, rss] = [0, 0, 0, 0];

const mebibytes = (bytes: number) => Math.round(bytes / 1024 / 1024);

function found(message: string, input: string): void {
  // One finding a place: the first lines of the stack name it.
  const key = message.split("\n").slice(0, 2).join("\n").replace(/\d+/g, "#");
  if (findings.has(key)) return;
  findings.set(key, input);
  console.log(`${message.split("\n").slice(0, 6).join("\n")}\n  input: ${JSON.stringify(input).slice(0, 600)}`);
}

/** One thread until the time is over or an input hangs; true when there is time left. */
async function run(seed: number, until: number): Promise<boolean> {
  const worker = new Worker(new URL("./fuzz_worker.ts", import.meta.url), { type: "module" });
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  let [input, since, isOver] = ["", Date.now(), false];
  worker.onmessage = ({ data }: MessageEvent<Report>) => {
    since = Date.now();
    if (data.kind === "begin") input = data.input;
    else if (data.kind === "crash") found(data.message, data.input);
    else {
      inputs = before + data.inputs;
      heap = Math.max(heap, data.heap);
      rss = Math.max(rss, data.rss);
      if (data.heap > MAX_HEAP || data.rss > MAX_RSS) found("Memory without bound", input);
      if (Date.now() >= until) [isOver] = [true, end()];
    }
  };
  worker.onerror = (event) => {
    event.preventDefault();
    found(`The thread ended: ${event.message}`, input);
    end();
  };
  const watch = setInterval(() => {
    if (Date.now() - since < Number(options.deadline) || input === "") return;
    found(`Hang: no answer for ${options.deadline} ms`, input);
    end();
  }, 200);
  worker.postMessage({ name, seed, until });
  await over;
  clearInterval(watch);
  worker.terminate();
  before = inputs;
  return !isOver && Date.now() < until;
}

const until = Date.now() + Number(options.seconds) * 1000;
for (let seed = Number(options.seed); await run(seed, until); seed += 1000);
console.log(
  `fuzz: ${name}: ${inputs} inputs, ${findings.size} findings, ${mebibytes(heap)} MiB heap and ${
    mebibytes(rss)
  } MiB in all at most`,
);
if (findings.size > 0) Deno.exitCode = 1;
