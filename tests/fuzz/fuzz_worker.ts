/** Runs inputs of one target, tells what each does before it begins so that the other side sees a hang. */
import { Random } from "../oracle/random.ts";
import { mutate } from "./mutate.ts";
import { TARGETS } from "./targets.ts";

/** What the other side is told. */
export type Report =
  | { readonly kind: "begin"; readonly input: string }
  | { readonly kind: "crash"; readonly input: string; readonly message: string }
  | { readonly kind: "count"; readonly inputs: number; readonly heap: number; readonly rss: number };

declare const self: { postMessage(report: Report): void; onmessage: ((event: MessageEvent) => void) | null };

const MOST_KEPT = 400;

function fuzz(name: string, seed: number, until: number): void {
  const target = TARGETS[name];
  if (target === undefined) throw new RangeError(`No fuzz target "${name}"`);
  const random = new Random(seed);
  const pool = [...target.seeds];
  let inputs = 0;
  while (Date.now() < until) {
    const input = mutate(random, pool, target.pieces);
    self.postMessage({ kind: "begin", input });
    inputs++;
    const started = performance.now();
    try {
      target.run(input);
      // What was accepted, or took long, is worth more changes.
      if (pool.length < MOST_KEPT) pool.push(input);
      else pool[random.below(MOST_KEPT)] = input;
    } catch (error) {
      if (!(error instanceof Error) || !target.errors.includes(error.name)) {
        const message = error instanceof Error ? error.stack ?? error.message : String(error);
        self.postMessage({ kind: "crash", input, message });
      }
    }
    const isSlow = performance.now() - started > 100;
    if (isSlow) pool[random.below(pool.length)] = input;
    // What takes long may have taken much: looked at before the next input lets it go.
    if (isSlow || inputs % 500 === 0) self.postMessage(count(inputs));
  }
  self.postMessage(count(inputs));
}

/** The thread's heap, and what the process holds in all: bytes of buffers are on no heap. */
function count(inputs: number): Report {
  const { heapUsed, rss } = Deno.memoryUsage();
  return { kind: "count", inputs, heap: heapUsed, rss };
}

self.onmessage = ({ data }: MessageEvent<{ name: string; seed: number; until: number }>) => {
  fuzz(data.name, data.seed, data.until);
  self.onmessage = null;
};
