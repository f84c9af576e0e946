import { match, notStrictEqual, strictEqual } from "node:assert/strict";
import { type Inputs, inputsDigest } from "./inputs.ts";

const INPUTS: Inputs = {
  chartDigest: "sha256:1",
  values: { a: 1, b: { c: [1, 2], d: null } },
  labels: { x: "1", y: "2" },
  releaseName: "r",
  kubeVersion: "v1.35.0",
};

Deno.test("inputsDigest() fits a label and does not depend on the order of keys", () => {
  match(inputsDigest(INPUTS), /^[0-9a-f]{40}$/);
  strictEqual(
    inputsDigest({ ...INPUTS, values: { b: { d: null, c: [1, 2] }, a: 1 }, labels: { y: "2", x: "1" } }),
    inputsDigest(INPUTS),
  );
});

const CHANGES: readonly (readonly [string, Partial<Inputs>])[] = [
  ["chart", { chartDigest: "sha256:2" }],
  ["values", { values: { a: 1, b: { c: [2, 1], d: null } } }],
  ["null among the values, which drops a default,", { values: { a: 1, b: { c: [1, 2] } } }],
  ["labels", { labels: { x: "1" } }],
  ["release", { releaseName: "s" }],
  ["version of Kubernetes", { kubeVersion: "v1.36.0" }],
];
for (const [what, change] of CHANGES) {
  Deno.test(`inputsDigest() changes with the ${what}`, () => {
    notStrictEqual(inputsDigest({ ...INPUTS, ...change }), inputsDigest(INPUTS));
  });
}
