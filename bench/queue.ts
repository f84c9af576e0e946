/** The work queue beside those of client-go and controller-runtime. */
import type { Benchmark, Figure } from "./run.ts";
import { startPeer } from "./support/peers.ts";
import { type Program, startOurs } from "./support/program.ts";

/** How many keys wait in the queue already, as the figure calls it. */
const PRELOADED = { "in an empty queue": 0, "behind 100,000": 100_000 };
const REPETITIONS = 300;

const benchmark: Benchmark = {
  description:
    "1,000 keys added, taken and done, in an empty queue and behind 100,000; beside client-go and controller-runtime",
  round: async () => {
    const figures: Figure[] = [];
    for (const [where, preloaded] of Object.entries(PRELOADED)) {
      const args = [String(preloaded), String(REPETITIONS)];
      await using ours = startOurs("queue", args);
      figures.push(await median(ours, where));
      await using peers = await startPeer("queue", args);
      for (let count = 0; count < 2; count++) figures.push(await median(peers, where));
    }
    return figures;
  },
};
export default benchmark;

/** The median repetition: a pause of the machine must not count. */
async function median(program: Program, where: string): Promise<Figure> {
  const { queue, durations } = await program.line("durations");
  const sorted = [...durations as number[]].sort((a, b) => a - b);
  const value = (sorted[sorted.length >> 1] ?? NaN) / 1000;
  return { name: `1,000 keys ${where}`, of: String(queue), value, unit: "µs" };
}
