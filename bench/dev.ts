/** What somebody who types `deno task dev` waits for, and what it costs. */
import type { Benchmark, Figure } from "./run.ts";
import { type KcoProcess, startKco } from "./support/process.ts";

const benchmark: Benchmark = {
  description: "`dev --once`: process start to Ready, to the process's end, and its peak memory (VmHWM), warm caches",
  rounds: 5,
  round: async () => {
    const folder = await Deno.makeTempDir({ prefix: "kco-bench-" });
    try {
      return await round(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
};
export default benchmark;

async function round(folder: string): Promise<Figure[]> {
  const since = performance.now();
  await using kco = startKco(["dev", "--once"], { cwd: folder, flags: await flagsOfTask() });
  const peak = watchPeakMemory(kco);
  let printed = "";
  let readyAfter: number | undefined;
  for await (
    const text of kco.stdout.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
  ) {
    printed += text;
    if (readyAfter === undefined && /^ready:/m.test(printed)) readyAfter = performance.now() - since;
  }
  const code = await kco.exited;
  const exitedAfter = performance.now() - since;
  if (code !== 0 || readyAfter === undefined) throw new Error(`dev --once ended with ${code}:\n${printed}`);
  return [
    { name: "start to Ready", value: readyAfter, unit: "ms" },
    { name: "start to end", value: exitedAfter, unit: "ms" },
    { name: "peak memory", value: await peak, unit: "MiB" },
  ];
}

/** The flags of `deno run` in the task `dev`: what is measured is what people type. */
async function flagsOfTask(): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url))) as {
    tasks: { dev: { command: string } };
  };
  const [, flags] = /^deno run (.*) mod\.ts dev$/.exec(tasks.dev.command) ?? [];
  if (flags === undefined) throw new Error(`Cannot read the flags of the task "dev": ${tasks.dev.command}`);
  return flags.split(" ");
}

/** Reads the mark until the process is gone. It only rises, so no more than the last 10 ms can be missed. */
async function watchPeakMemory(kco: KcoProcess): Promise<number> {
  let peak = 0;
  for (;;) {
    const now = await kco.peakMemory();
    if (now === undefined) return peak;
    peak = now;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
