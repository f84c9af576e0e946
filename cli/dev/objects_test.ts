import { strictEqual } from "node:assert/strict";
import { currentReady } from "./objects.ts";

const TABLE = [[1, "True"], [undefined, "True"], [0, undefined]] as const;
for (const [observedGeneration, expected] of TABLE) {
  Deno.test(`currentReady() of generation 1, observed ${observedGeneration}, is ${expected}`, () => {
    const ready = { type: "Ready", status: "True", reason: "Available", message: "", lastTransitionTime: "" };
    const conditions = [{ ...ready, ...(observedGeneration !== undefined && { observedGeneration }) }];
    const object = { apiVersion: "v1", kind: "X", metadata: { name: "x", generation: 1 }, status: { conditions } };
    strictEqual(currentReady(object)?.status, expected);
  });
}
