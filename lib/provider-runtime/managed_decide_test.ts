import assert from "node:assert/strict";
import type { KubeObject } from "../kube/mod.ts";
import { decide, type Facts, factsOf } from "./managed_decide.ts";
import { ANNOTATION } from "./policy.ts";

const FINALIZER = "finalizer.managedresource.krateo.io";
const NOW = Date.parse("2026-01-01T00:00:00Z");
const OPTIONS = { finalizer: FINALIZER, deterministicName: false, creationGrace: 30_000, now: NOW };

function object(annotations: Record<string, string> = {}, deleting = false): KubeObject {
  return {
    apiVersion: "example.org/v1",
    kind: "Thing",
    metadata: {
      name: "x",
      annotations,
      finalizers: [FINALIZER],
      ...(deleting && { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    },
  };
}

/** The columns of the table: what is there, and whether the object is being deleted. */
const STATES = {
  "missing": { deleting: false, observation: { exists: false } },
  "differs": { deleting: false, observation: { exists: true, upToDate: false } },
  "as wanted": { deleting: false, observation: { exists: true } },
  "late": { deleting: false, observation: { exists: true, lateInitialized: { size: 1 } } },
  "deleting, missing": { deleting: true, observation: { exists: false } },
  "deleting, differs": { deleting: true, observation: { exists: true, upToDate: false } },
  "deleting, as wanted": { deleting: true, observation: { exists: true } },
};

/** Each cell of management-policy × deletion-policy × state. */
const TABLE: readonly (readonly [management: string, deletion: string, ...steps: string[]])[] = [
  // management-policy, deletion-policy: missing, differs, as wanted, late, then the same three while deleting
  ["", "", "create", "update", "rest", "late-initialize", "release", "delete", "delete"],
  ["", "delete", "create", "update", "rest", "late-initialize", "release", "delete", "delete"],
  ["", "orphan", "create", "update", "rest", "late-initialize", "release", "release", "release"],
  ["default", "", "create", "update", "rest", "late-initialize", "release", "delete", "delete"],
  ["default", "delete", "create", "update", "rest", "late-initialize", "release", "delete", "delete"],
  ["default", "orphan", "create", "update", "rest", "late-initialize", "release", "release", "release"],
  ["observe-create-update", "", "create", "update", "rest", "late-initialize", "release", "release", "release"],
  ["observe-create-update", "delete", "create", "update", "rest", "late-initialize", "release", "release", "release"],
  ["observe-create-update", "orphan", "create", "update", "rest", "late-initialize", "release", "release", "release"],
  ["observe-delete", "", "rest -create", "rest -update", "rest", "rest", "release", "delete", "delete"],
  ["observe-delete", "delete", "rest -create", "rest -update", "rest", "rest", "release", "delete", "delete"],
  ["observe-delete", "orphan", "rest -create", "rest -update", "rest", "rest", "release", "release", "release"],
  ["observe", "", "missing", "rest -update", "rest", "rest", "release", "release", "release"],
  ["observe", "delete", "missing", "rest -update", "rest", "rest", "release", "release", "release"],
  ["observe", "orphan", "missing", "rest -update", "rest", "rest", "release", "release", "release"],
  ["observe,create", "", "create", "rest -update", "rest", "rest", "release", "release", "release"],
  ["observe,update", "", "rest -create", "update", "rest", "rest", "release", "release", "release"],
  ["observe,update,delete", "", "rest -create", "update", "rest", "rest", "release", "delete", "delete"],
  ["Observe", "", "refuse", "refuse", "refuse", "refuse", "refuse", "refuse", "refuse"],
  ["default", "keep", "refuse", "refuse", "refuse", "refuse", "refuse", "refuse", "refuse"],
];

for (const [management, deletion, ...steps] of TABLE) {
  for (const [index, [name, { deleting, observation }]] of Object.entries(STATES).entries()) {
    Deno.test(`decide() with "${management}" and "${deletion}", ${name}: ${steps[index]}`, () => {
      const annotations = { [ANNOTATION.managementPolicy]: management, [ANNOTATION.deletionPolicy]: deletion };
      const step = decide(factsOf(object(annotations, deleting), OPTIONS, observation));
      assert.equal(step.type + (step.type === "rest" && step.inhibited ? ` -${step.inhibited}` : ""), steps[index]);
    });
  }
}

const LIVE = factsOf(object(), OPTIONS);
const GONE = { ...LIVE, deleting: true };
const NONE = { exists: false };
const ORPHAN = factsOf(object({ [ANNOTATION.deletionPolicy]: "orphan" }), OPTIONS).policy;

const cases: { name: string; facts: Facts; step: string }[] = [
  { name: "holds an object before it observes", facts: { ...LIVE, held: false }, step: "hold" },
  { name: "observes before it acts", facts: LIVE, step: "observe" },
  { name: "observes before it deletes", facts: GONE, step: "observe" },
  { name: "leaves a deleted object alone that it does not hold", facts: { ...GONE, held: false }, step: "leave" },
  { name: "does nothing while paused", facts: { ...LIVE, paused: true, held: false }, step: "pause" },
  { name: "does not delete while paused", facts: { ...GONE, paused: true }, step: "pause" },
  {
    name: "lets a paused object go whose policy orphans",
    facts: { ...GONE, paused: true, policy: ORPHAN },
    step: "release",
  },
  { name: "orphans without observing", facts: { ...GONE, policy: ORPHAN }, step: "release" },
  {
    name: "waits for finalizers of others before it deletes",
    facts: { ...GONE, foreignFinalizers: ["x"], observation: { exists: true } },
    step: "await-finalizers",
  },
  {
    name: "waits for what it just created",
    facts: { ...LIVE, creation: "recent", observation: NONE },
    step: "await-creation",
  },
  {
    name: "stops at a creation that nobody knows of",
    facts: { ...LIVE, creation: "incomplete", observation: NONE },
    step: "incomplete",
  },
  {
    name: "does not forget such a creation when it deletes",
    facts: { ...GONE, creation: "incomplete", observation: NONE },
    step: "incomplete",
  },
  {
    name: "creates again what it can find by name",
    facts: { ...LIVE, creation: "incomplete", deterministicName: true, observation: NONE },
    step: "create",
  },
  {
    name: "goes on when an unknown creation is seen",
    facts: { ...LIVE, creation: "incomplete", observation: { exists: true } },
    step: "rest",
  },
];
for (const { name, facts, step } of cases) {
  Deno.test(`decide() ${name}`, () => assert.equal(decide(facts).type, step));
}

const seconds = (ago: number) => new Date(NOW - ago * 1000).toISOString();
const creations: { name: string; annotations: Record<string, string>; creation: string }[] = [
  { name: "never pending", annotations: {}, creation: "settled" },
  { name: "only pending", annotations: { [ANNOTATION.createPending]: seconds(5) }, creation: "incomplete" },
  {
    name: "pending before succeeded",
    annotations: { [ANNOTATION.createPending]: seconds(60), [ANNOTATION.createSucceeded]: seconds(50) },
    creation: "settled",
  },
  {
    name: "pending before failed",
    annotations: { [ANNOTATION.createPending]: seconds(6), [ANNOTATION.createFailed]: seconds(5) },
    creation: "settled",
  },
  {
    name: "pending in the second of failed",
    annotations: { [ANNOTATION.createPending]: seconds(6), [ANNOTATION.createFailed]: seconds(6) },
    creation: "settled",
  },
  {
    name: "pending after succeeded",
    annotations: { [ANNOTATION.createPending]: seconds(5), [ANNOTATION.createSucceeded]: seconds(6) },
    creation: "incomplete",
  },
  {
    name: "pending after failed",
    annotations: { [ANNOTATION.createPending]: seconds(5), [ANNOTATION.createFailed]: seconds(6) },
    creation: "incomplete",
  },
  { name: "succeeded just now", annotations: { [ANNOTATION.createSucceeded]: seconds(5) }, creation: "recent" },
  { name: "no time at all", annotations: { [ANNOTATION.createPending]: "soon" }, creation: "settled" },
];
for (const { name, annotations, creation } of creations) {
  Deno.test(`factsOf() takes a creation that is ${name} for ${creation}`, () => {
    assert.equal(factsOf(object(annotations), OPTIONS).creation, creation);
  });
}
