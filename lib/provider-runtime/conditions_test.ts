import assert from "node:assert/strict";
import type { Condition } from "../kube/mod.ts";
import { diffConditions, findCondition, isTrue, rfc3339, setConditions } from "./conditions.ts";

const LATER = Date.parse("2026-01-01T00:00:00.789Z");

function ready(overrides: Partial<Condition> = {}): Condition {
  const lastTransitionTime = "2020-01-01T00:00:00Z";
  return { type: "Ready", status: "True", reason: "Available", message: "", lastTransitionTime, ...overrides };
}

const transitions: { name: string; next: Partial<Condition>; time: string }[] = [
  {
    name: "keeps lastTransitionTime when only message and reason change",
    next: { reason: "Fine", message: "x" },
    time: "2020-01-01T00:00:00Z",
  },
  { name: "changes lastTransitionTime with the status", next: { status: "False" }, time: "2026-01-01T00:00:00Z" },
];
for (const { name, next, time } of transitions) {
  Deno.test(`setConditions() ${name}`, () => {
    const [condition] = setConditions([ready()], [ready(next)], LATER);
    assert.deepEqual(condition, ready({ ...next, lastTransitionTime: time }));
  });
}

Deno.test("setConditions() keeps others and the order, appends what is new, and changes nothing in place", () => {
  const before = [ready({ type: "Foreign" }), ready()];
  const after = setConditions(before, [ready({ status: "False" }), ready({ type: "Synced" })], LATER);
  assert.deepEqual(after.map(({ type, status }) => `${type} ${status}`), [
    "Foreign True",
    "Ready False",
    "Synced True",
  ]);
  assert.deepEqual(before, [ready({ type: "Foreign" }), ready()]);
});

const changes: { name: string; before: Condition[]; after: Condition[]; types: string[] }[] = [
  {
    name: "nothing where only time and generation differ",
    before: [ready()],
    after: [ready({ lastTransitionTime: "x", observedGeneration: 7 })],
    types: [],
  },
  { name: "a new condition", before: [], after: [ready()], types: ["Ready"] },
  { name: "a changed message", before: [ready()], after: [ready({ message: "x" })], types: ["Ready"] },
  { name: "a changed reason", before: [ready()], after: [ready({ reason: "x" })], types: ["Ready"] },
  { name: "nothing where a condition went away", before: [ready()], after: [], types: [] },
];
for (const { name, before, after, types } of changes) {
  Deno.test(`diffConditions() finds ${name}`, () => {
    assert.deepEqual(diffConditions(before, after).map((change) => change.after.type), types);
  });
}

Deno.test("findCondition() and isTrue() look one up", () => {
  assert.equal(findCondition([ready()], "Synced"), undefined);
  assert.deepEqual([isTrue([ready()], "Ready"), isTrue([ready()], "Synced"), isTrue(undefined, "Ready")], [
    true,
    false,
    false,
  ]);
});

Deno.test("rfc3339() has whole seconds", () => assert.equal(rfc3339(LATER), "2026-01-01T00:00:00Z"));
