/**
 * Compares our error on every case with the recording.
 *
 *     deno run -A tests/corpus/errors/compare.ts [PART OF AN ID]
 */
import { inOneOrder } from "../message.ts";
import { cases } from "./cases.ts";
import expected from "./expected.json" with { type: "json" };
import { ourText } from "./run.ts";

const recording: Readonly<Record<string, string | undefined>> = expected;

/** A case on which our message is not Helm's. */
export interface Difference {
  readonly id: string;
  readonly ours: string | undefined;
  readonly helms: string;
}

/** Runs the recorded cases. */
export async function compareAll(part = ""): Promise<{ readonly total: number; readonly differences: Difference[] }> {
  const differences: Difference[] = [];
  let total = 0;
  for (const one of cases) {
    const helms = recording[one.id];
    if (helms === undefined || !one.id.includes(part)) continue;
    total++;
    const ours = await ourText(one);
    if (ours === undefined || inOneOrder(ours) !== inOneOrder(helms)) differences.push({ id: one.id, ours, helms });
  }
  return { total, differences };
}

if (import.meta.main) {
  const { total, differences } = await compareAll(Deno.args[0]);
  for (const { id, ours, helms } of differences) {
    console.log(`${JSON.stringify(id)}\n  + ${JSON.stringify(ours)}\n  - ${JSON.stringify(helms)}`);
  }
  console.log(`errors: ${total - differences.length} of ${total} equal`);
}
