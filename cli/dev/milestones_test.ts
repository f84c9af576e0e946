import { deepStrictEqual, match, ok } from "node:assert/strict";
import { Milestones, table } from "./milestones.ts";

Deno.test("Milestones tell each step with the seconds since the one before", () => {
  const lines: string[] = [];
  const milestones = new Milestones((line) => lines.push(line));
  milestones.reached("API server", "embedded");
  milestones.note("by the way");
  milestones.reached("Ready", "");
  match(lines[0]!, /^ {3}\d\.\d{3} s {2}API server {13}embedded$/);
  match(lines[1]!, /^ {12}by the way$/);
  match(lines[2]!, /^ {3}\d\.\d{3} s {2}Ready$/);
  ok(milestones.elapsed >= 0);
});

const TABLES: readonly (readonly [string, string[][], string[]])[] = [
  ["nothing", [], []],
  ["a head alone", [["KIND", "NAME"]], ["KIND  NAME"]],
  ["cells of several widths", [["KIND", "NAME", "HEALTH"], ["ConfigMap", "a", "Current"], ["Job", "a-long-name", ""]], [
    "KIND       NAME         HEALTH",
    "ConfigMap  a            Current",
    "Job        a-long-name",
  ]],
];
for (const [what, rows, lines] of TABLES) {
  Deno.test(`table() aligns ${what}`, () => deepStrictEqual(table(rows), lines));
}
