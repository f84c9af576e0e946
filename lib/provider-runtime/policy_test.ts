import assert from "node:assert/strict";
import type { KubeObject } from "../kube/mod.ts";
import { ANNOTATION, isPaused, policyOf } from "./policy.ts";

function object(annotations: Record<string, string>): KubeObject {
  return { apiVersion: "v1", kind: "X", metadata: { name: "x", annotations } };
}

const ALL = "observe create update late-initialize delete";
const KEEP = "observe create update late-initialize";
const policies: [management: string | undefined, deletion: string | undefined, allowed: string, problems: number][] = [
  [undefined, undefined, ALL, 0],
  ["", "", ALL, 0],
  ["default", "delete", ALL, 0],
  ["default", "orphan", KEEP, 0],
  ["observe-create-update", undefined, KEEP, 0],
  ["observe-create-update", "orphan", KEEP, 0],
  ["observe-delete", undefined, "observe delete", 0],
  ["observe-delete", "orphan", "observe", 0],
  ["observe", undefined, "observe", 0],
  ["observe,create", undefined, "observe create", 0],
  ["observe, update, delete", undefined, "observe update delete", 0],
  ["observe, update, delete", "orphan", "observe update", 0],
  ["create", undefined, "observe", 1],
  ["Observe", undefined, "observe", 1],
  ["default", "Orphan", "observe", 1],
  ["foo", "bar", "observe", 2],
];
for (const [management, deletion, allowed, problems] of policies) {
  Deno.test(`policyOf() with management-policy ${management} and deletion-policy ${deletion} allows ${allowed}`, () => {
    const policy = policyOf(object({
      ...(management !== undefined && { [ANNOTATION.managementPolicy]: management }),
      ...(deletion !== undefined && { [ANNOTATION.deletionPolicy]: deletion }),
    }));
    assert.deepEqual([[...policy.allowed].join(" "), policy.problems.length], [allowed, problems]);
    assert.equal(policy.onlyObserve, management === "observe");
  });
}

const NOW = Date.parse("2026-01-01T00:00:00Z");
const pauses: [annotations: Record<string, string>, paused: boolean][] = [
  [{}, false],
  [{ [ANNOTATION.paused]: "true" }, true],
  [{ [ANNOTATION.paused]: "True" }, false],
  [{ [ANNOTATION.paused]: "" }, false],
  [{ [ANNOTATION.paused]: "false" }, false],
  [{ [ANNOTATION.pauseUntil]: "2026-01-01T00:00:01Z" }, true],
  [{ [ANNOTATION.pauseUntil]: "2026-01-01T00:00:00Z" }, false],
  [{ [ANNOTATION.pauseUntil]: "soon" }, false],
];
for (const [annotations, paused] of pauses) {
  Deno.test(`isPaused() with ${JSON.stringify(annotations)} is ${paused}`, () => {
    assert.equal(isPaused(object(annotations), NOW), paused);
  });
}
