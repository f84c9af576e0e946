import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type CrdState, decide, type Facts, type Step } from "./decide.ts";

const READY: Facts = {
  deleting: false,
  finalizer: true,
  allows: { apply: true, delete: true },
  compositions: 0,
  shared: false,
  crdExists: true,
  crd: "established",
};
const nothing = { apply: false, delete: false };

/** A definition that is as it should be, but for these facts, and the step that follows. */
const TABLE: readonly (readonly [string, Partial<Facts>, Step["type"]])[] = [
  ["as it should be", {}, "rest"],
  ["without its finalizer", { finalizer: false, crd: "outdated" }, "addFinalizer"],
  ["without its CRD", { crd: "outdated", crdExists: false }, "applyCrd"],
  ["without its CRD, observed only", { crd: "outdated", allows: nothing }, "rest"],
  ["whose CRD is not yet established", { crd: "pending" }, "wait"],
  ["whose CRD is going", { crd: "terminating" }, "wait"],

  ["being deleted", { deleting: true }, "deleteCrd"],
  ["being deleted, with compositions", { deleting: true, compositions: 2 }, "deleteCompositions"],
  [
    "being deleted, with compositions of a shared kind",
    { deleting: true, compositions: 1, shared: true },
    "deleteCompositions",
  ],
  ["being deleted, of a shared kind", { deleting: true, shared: true }, "letGo"],
  ["being deleted, without a CRD", { deleting: true, crdExists: false, crd: "outdated" }, "letGo"],
  ["being deleted, whose CRD is going", { deleting: true, crd: "terminating" }, "wait"],
  ["being deleted that is to leave everything", { deleting: true, compositions: 2, allows: nothing }, "letGo"],
  ["being deleted that somebody else holds", { deleting: true, finalizer: false, compositions: 2 }, "rest"],
];
for (const [what, facts, step] of TABLE) {
  Deno.test(`decide() of a definition ${what} is ${step}`, () => {
    strictEqual(decide({ ...READY, ...facts }).type, step);
  });
}

const CRD_STATES: readonly CrdState[] = ["outdated", "pending", "established", "terminating"];
const BOTH = [false, true] as const;

/** Every combination of facts. */
function everything(): Facts[] {
  return BOTH.flatMap((deleting) =>
    BOTH.flatMap((finalizer) =>
      BOTH.flatMap((apply) =>
        BOTH.flatMap((mayDelete) =>
          [0, 1].flatMap((compositions) =>
            BOTH.flatMap((shared) =>
              BOTH.flatMap((crdExists) =>
                CRD_STATES.map((crd): Facts => {
                  return {
                    deleting,
                    finalizer,
                    allows: { apply, delete: mayDelete },
                    compositions,
                    shared,
                    crdExists,
                    crd,
                  };
                })
              )
            )
          )
        )
      )
    )
  );
}

const NEVER: readonly (readonly [string, (facts: Facts) => boolean, readonly Step["type"][]])[] = [
  ["writes a CRD where that is not allowed", (f) => !f.allows.apply, ["applyCrd"]],
  ["deletes anything where that is not allowed", (f) => !f.allows.delete, ["deleteCompositions", "deleteCrd"]],
  ["deletes anything of a definition that stays", (f) => !f.deleting, ["deleteCompositions", "deleteCrd", "letGo"]],
  ["deletes a kind that has compositions or another definition", (f) => f.compositions > 0 || f.shared, ["deleteCrd"]],
  ["lets go while compositions are left", (f) => f.compositions > 0 && f.allows.delete, ["letGo"]],
  ["makes anything for a definition that goes", (f) => f.deleting, ["addFinalizer", "applyCrd"]],
];
for (const [what, when, steps] of NEVER) {
  Deno.test(`decide() never ${what}`, () => {
    deepStrictEqual(everything().filter((facts) => when(facts) && steps.includes(decide(facts).type)), []);
  });
}
