/**
 * Compares our error on every case with the recording.
 *
 *     deno run -A tests/corpus/errors/compare.ts [PART OF AN ID]
 */
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
    if (inOneOrder(ours) !== inOneOrder(helms)) differences.push({ id: one.id, ours, helms });
  }
  return { total, differences };
}

/**
 * What fails by a schema in an order that is always the same: Helm walks its maps at random, and names what it finds in
 * another order each time. Lines move among those of one depth, with what is indented below them.
 */
function inOneOrder(message: string | undefined): string | undefined {
  const [head = "", ...lines] = message?.split("\n") ?? [];
  if (!head.startsWith("values don't meet the specifications")) return message;
  const named = lines.map((line) =>
    line.replace(/(?<=: additional properties ).*(?= not allowed$)/, (names) => names.split(", ").toSorted().join(", "))
  );
  return [head, ...sorted(named, 0)].join("\n");
}

function sorted(lines: readonly string[], depth: number): string[] {
  const groups: string[][] = [];
  for (const line of lines) {
    const indent = line.search(/\S/);
    if (indent > depth && groups.length > 0) groups.at(-1)?.push(line);
    else groups.push([line]);
  }
  return groups.map(([first = "", ...below]) => [first, ...sorted(below, depth + 2)])
    .toSorted((a, b) => a.join("\n") < b.join("\n") ? -1 : 1).flat();
}

if (import.meta.main) {
  const { total, differences } = await compareAll(Deno.args[0]);
  for (const { id, ours, helms } of differences) {
    console.log(`${JSON.stringify(id)}\n  + ${JSON.stringify(ours)}\n  - ${JSON.stringify(helms)}`);
  }
  console.log(`errors: ${total - differences.length} of ${total} equal`);
}
