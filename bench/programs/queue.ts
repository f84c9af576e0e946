/**
 * Measures our work queue: 1,000 keys added, taken and done.
 *
 * Arguments: keys preloaded, measured repetitions. It prints one line with the nanoseconds of each repetition.
 */
import { KeyedQueue } from "../../lib/provider-runtime/mod.ts";

const KEYS = 1000;
const [preload = 0, repetitions = 0] = Deno.args.map(Number);

const queue = new KeyedQueue<string>({
  now: Date.now,
  baseDelay: 1_000,
  maxDelay: 60_000,
  jitter: 0.1,
  random: Math.random,
  timed: false, // the peers have no metrics provider, and time nothing then
});
for (const key of names("preloaded", preload)) queue.add({ key, reason: "change" });

const durations: number[] = [];
for (let round = -repetitions / 10; round < repetitions; round++) {
  const batch = names(`round-${round}`, KEYS);
  const started = performance.now();
  for (const key of batch) queue.add({ key, reason: "change" });
  for (let index = 0; index < KEYS; index++) {
    const taken = queue.take();
    if (taken === undefined) throw new Error("The queue lost a key");
    queue.done(taken.key);
  }
  if (round >= 0) durations.push((performance.now() - started) * 1e6);
}
console.log(JSON.stringify({ queue: "kco", durations }));

/** Keys as they come to a queue: flat, and hashed before, because stages ahead of it have looked them up. */
function names(prefix: string, count: number): string[] {
  return [...new Set(Array.from({ length: count }, (_, index) => `namespace/${prefix}-${index}`))];
}
