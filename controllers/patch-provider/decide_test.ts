import assert from "node:assert/strict";
import { decide, type Facts, type Step } from "./decide.ts";
import { PatchError } from "./errors.ts";

const missing = new PatchError("SourceFieldMissing", "data.a: no such field");
const conflict = new PatchError("Conflict", "somebody owns it");

/** A Patch whose value stands. */
const SETTLED: Facts = {
  deleting: false,
  finalizer: true,
  allows: { write: true, delete: true },
  known: true,
  problem: undefined,
  removes: false,
  written: 1,
  stale: 0,
  outdated: 0,
  unnoted: 0,
  contested: 0,
};
const FRESH: Facts = { ...SETTLED, finalizer: false, written: 0, outdated: 1 };

const rows: [name: string, facts: Facts, step: Step][] = [
  ["rests when the value stands", SETTLED, { type: "rest" }],
  ["waits until all objects have been looked at", { ...SETTLED, known: false }, { type: "wait" }],
  ["puts the finalizer on before the first write", FRESH, { type: "addFinalizer" }],
  ["writes what is outdated", { ...FRESH, finalizer: true }, { type: "write" }],
  ["notes what it will write over", { ...FRESH, finalizer: true, unnoted: 1 }, { type: "note" }],
  ["writes nothing that the policy forbids", { ...FRESH, allows: { write: false, delete: true } }, { type: "inhibit" }],
  ["gives a restless rival time", { ...SETTLED, outdated: 1, contested: 500 }, { type: "contest", after: 500 }],
  ["says its problem", { ...FRESH, problem: conflict }, { type: "fail", problem: conflict }],
  ["keeps the value when the source goes", { ...SETTLED, problem: missing }, { type: "fail", problem: missing }],
  ["takes it out by policy", { ...SETTLED, problem: missing, removes: true }, { type: "undo", which: "all" }],
  [
    "takes it out for the source alone, not for any problem",
    { ...SETTLED, problem: conflict, removes: true },
    { type: "fail", problem: conflict },
  ],
  [
    "has nothing to take out twice",
    { ...SETTLED, problem: missing, removes: true, written: 0 },
    { type: "fail", problem: missing },
  ],
  ["lets former targets go first", { ...SETTLED, stale: 1, problem: missing }, { type: "undo", which: "stale" }],
  ["leaves former targets to a policy that says so", { ...SETTLED, stale: 1, allows: { write: true, delete: false } }, {
    type: "rest",
  }],
  ["undoes before it goes", { ...SETTLED, deleting: true }, { type: "undo", which: "all" }],
  ["goes when nothing is left", { ...SETTLED, deleting: true, written: 0 }, { type: "letGo" }],
  ["leaves the value by policy", { ...SETTLED, deleting: true, allows: { write: true, delete: false } }, {
    type: "letGo",
  }],
  ["goes whatever is not known", { ...SETTLED, deleting: true, known: false, written: 0 }, { type: "letGo" }],
];

for (const [name, facts, step] of rows) {
  Deno.test(`decide() ${name}`, () => assert.deepEqual(decide(facts), step));
}
