import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { decide, type Facts, type Step } from "./decide.ts";

const READY: Facts = {
  deleting: false,
  finalizer: true,
  marked: true,
  allows: { create: true, update: true, delete: true },
  move: "no",
  gracefulPause: "no",
  installed: true,
  current: true,
  suspects: false,
  uninstalled: false,
};
const nothing = { create: false, update: false, delete: false };

/** A composition that is as it should be, but for these facts, and the step that follows. */
const TABLE: readonly (readonly [string, Partial<Facts>, Step["type"]])[] = [
  ["as it should be", {}, "rest"],
  ["without its marks", { marked: false, installed: false }, "mark"],
  ["without a release", { installed: false, current: false }, "install"],
  ["without a release that it may not have", { installed: false, allows: { ...READY.allows, create: false } }, "rest"],
  ["of other values", { current: false }, "upgrade"],
  ["of other values that may not be rolled out", { current: false, allows: nothing }, "rest"],
  ["of other values, with suspects", { current: false, suspects: true }, "upgrade"],
  ["with suspects", { suspects: true }, "heal"],
  ["with suspects that may not be healed", { suspects: true, allows: nothing }, "rest"],

  ["of a definition that went on", { move: "wanted" }, "move"],
  ["of a definition that went on, without marks", { move: "wanted", marked: false }, "move"],
  ["of a definition that went on, observed only", { move: "wanted", allows: nothing }, "rest"],
  ["that does not fit the new version", { move: "refused" }, "rest"],
  ["that does not fit the new version, with suspects", { move: "refused", suspects: true }, "heal"],

  ["asked to pause gracefully, before its last upgrade", { gracefulPause: "asked", current: false }, "upgrade"],
  ["asked to pause gracefully, with suspects", { gracefulPause: "asked", suspects: true }, "heal"],
  ["asked to pause gracefully, after its last upgrade", { gracefulPause: "asked" }, "hold"],
  ["gracefully paused, of other values", { gracefulPause: "held", current: false, suspects: true }, "rest"],
  ["gracefully paused, of a definition that went on", { gracefulPause: "held", move: "wanted" }, "rest"],
  ["no longer gracefully paused", { gracefulPause: "over", current: false }, "unhold"],

  ["being deleted", { deleting: true }, "uninstall"],
  ["being deleted while gracefully paused", { deleting: true, gracefulPause: "held" }, "uninstall"],
  ["being deleted, without marks, of a definition that went on", {
    deleting: true,
    marked: false,
    move: "wanted",
    current: false,
  }, "uninstall"],
  ["being deleted, of which nothing is left", { deleting: true, uninstalled: true }, "letGo"],
  ["being deleted that is to leave its release", { deleting: true, allows: nothing }, "letGo"],
  ["being deleted that somebody else holds", { deleting: true, finalizer: false, uninstalled: true }, "rest"],
];
for (const [what, facts, step] of TABLE) {
  Deno.test(`decide() of a composition ${what} is ${step}`, () => {
    strictEqual(decide({ ...READY, ...facts }).type, step);
  });
}

/** All values of each fact. */
const VALUES: { readonly [F in keyof Facts]: readonly Facts[F][] } = {
  deleting: [false, true],
  finalizer: [false, true],
  marked: [false, true],
  allows: [false, true].flatMap((create) =>
    [false, true].flatMap((update) => [{ create, update, delete: false }, { create, update, delete: true }])
  ),
  move: ["no", "wanted", "refused"],
  gracefulPause: ["no", "asked", "held", "over"],
  installed: [false, true],
  current: [false, true],
  suspects: [false, true],
  uninstalled: [false, true],
};

/** Every combination of facts. */
function* everything(): Generator<Facts> {
  const names = Object.keys(VALUES) as (keyof Facts)[];
  const count = names.reduce((n, name) => n * VALUES[name].length, 1);
  for (let i = 0; i < count; i++) {
    let rest = i;
    const facts: Record<string, unknown> = {};
    for (const name of names) {
      facts[name] = VALUES[name][rest % VALUES[name].length];
      rest = Math.floor(rest / VALUES[name].length);
    }
    yield facts as unknown as Facts;
  }
}

/** What must hold in every cell: the steps that a fact forbids. */
const NEVER: readonly (readonly [string, (facts: Facts) => boolean, readonly Step["type"][]])[] = [
  ["creates where that is not allowed", (f) => !f.allows.create, ["install"]],
  ["changes anything where that is not allowed", (f) => !f.allows.update, ["upgrade", "heal", "move"]],
  ["deletes where that is not allowed", (f) => !f.allows.delete, ["uninstall"]],
  ["uninstalls what is not being deleted", (f) => !f.deleting, ["uninstall", "letGo"]],
  ["keeps working on what is being deleted", (f) => f.deleting, [
    "move",
    "mark",
    "install",
    "upgrade",
    "heal",
    "hold",
    "unhold",
  ]],
  ["works on what is gracefully paused", (f) => f.gracefulPause === "held" && !f.deleting, [
    "move",
    "mark",
    "install",
    "upgrade",
    "heal",
    "hold",
    "unhold",
  ]],
  ["installs without marks: nothing would hold the composition back", (f) => !f.marked, ["install", "upgrade", "heal"]],
];
for (const [what, when, steps] of NEVER) {
  Deno.test(`decide() never ${what}`, () => {
    const wrong = [...everything()].filter((facts) => when(facts) && steps.includes(decide(facts).type));
    deepStrictEqual(wrong, []);
  });
}
