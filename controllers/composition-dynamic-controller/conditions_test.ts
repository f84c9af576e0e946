import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { Health, ReleaseObject } from "../../lib/release/mod.ts";
import { type Evidence, type Verdict, verdicts } from "./conditions.ts";

const CURRENT: Health = { status: "Current", message: "" };
const GOOD: Evidence = {
  deleting: false,
  remaining: [],
  failure: undefined,
  paused: "no",
  unmovable: undefined,
  installed: true,
  wasReady: false,
  wasReadyAsIs: false,
  children: [],
};

function child(name: string, health: Health | undefined) {
  const target: ReleaseObject = {
    resource: { group: "apps", version: "v1", kind: "Deployment", plural: "deployments", namespaced: true },
    namespace: "demo",
    name,
    object: { apiVersion: "apps/v1", kind: "Deployment", metadata: { name } },
  };
  return { target, health };
}

const starting = child("web", { status: "InProgress", message: "0 of 1 replicas ready" });
const failed = child("web", { status: "Failed", message: "too slow" });
const path = "/apis/apps/v1/namespaces/demo/deployments/web";
const failure = { reason: "RenderFailed", message: "no boom" };
const noChart = { reason: "ChartUnavailable", message: "no server" };

/** Evidence, then status, reason and message of `Ready` and of `Synced`. */
const TABLE: readonly (readonly [string, Partial<Evidence>, string, string])[] = [
  [
    "healthy children",
    { children: [child("web", CURRENT)] },
    "True Available: Composition is up-to-date",
    "True ReconcileSuccess: ",
  ],
  ["no children", {}, "True Available: Composition is up-to-date", "True ReconcileSuccess: "],
  [
    "a child that starts",
    { children: [child("db", CURRENT), starting] },
    `False Creating: 1 of 2 objects not healthy: Deployment ${path}: 0 of 1 replicas ready`,
    "True ReconcileSuccess: ",
  ],
  [
    "a child that starts again",
    { children: [starting], wasReady: true },
    `False Unavailable: 1 of 1 objects not healthy: Deployment ${path}: 0 of 1 replicas ready`,
    "True ReconcileSuccess: ",
  ],
  [
    "a child that failed",
    { children: [failed] },
    `False Unavailable: 1 of 1 objects not healthy: Deployment ${path}: too slow`,
    "True ReconcileSuccess: ",
  ],
  [
    "a child that is not there",
    { children: [child("web", undefined)] },
    `False Creating: 1 of 1 objects not healthy: Deployment ${path}: does not exist`,
    "True ReconcileSuccess: ",
  ],
  ["nothing installed", { installed: false }, "False Creating: Not yet installed", "True ReconcileSuccess: "],
  [
    "a chart that cannot be had, after all was ready as it is",
    { failure: noChart, wasReady: true, wasReadyAsIs: true },
    "True Available: Composition is up-to-date",
    "False ReconcileError: no server",
  ],
  [
    "a chart that cannot be had, after something new was asked for",
    { failure: noChart, wasReady: true },
    "False ChartUnavailable: no server",
    "False ReconcileError: no server",
  ],
  ["a failure", { failure, wasReady: true }, "False RenderFailed: no boom", "False ReconcileError: no boom"],
  ["a deletion", { deleting: true }, "False Deleting: ", "True ReconcileSuccess: "],
  [
    "a deletion that is held up",
    { deleting: true, remaining: ["/a", "/b", "/c", "/d"] },
    "False Deleting: Waiting for /a, /b, /c and 1 more to go",
    "True ReconcileSuccess: ",
  ],
  [
    "a deletion that fails",
    { deleting: true, failure },
    "False Deleting: no boom",
    "False ReconcileError: no boom",
  ],
  [
    "a graceful pause",
    { paused: "gracefully" },
    "True Available: Composition is up-to-date",
    "False ReconcileGracefullyPaused: Paused by the annotation krateo.io/gracefully-paused after a last upgrade",
  ],
  [
    "a pause",
    { paused: "paused" },
    "True Available: Composition is up-to-date",
    "False ReconcilePaused: Paused by the annotation krateo.io/paused",
  ],
  [
    "a version that it does not fit",
    { unmovable: "Stays" },
    "True Available: Composition is up-to-date",
    "False VersionNotMoved: Stays",
  ],
];
for (const [what, evidence, ready, synced] of TABLE) {
  Deno.test(`verdicts() with ${what} are Ready=${ready.split(":")[0]}, Synced=${synced.split(":")[0]}`, () => {
    const said = verdicts({ ...GOOD, ...evidence });
    deepStrictEqual(said.map((v) => v.type), ["Ready", "Synced"]);
    deepStrictEqual(said.map(inOneLine), [ready, synced]);
  });
}

function inOneLine({ status, reason, message }: Verdict): string {
  return `${status} ${reason}: ${message}`;
}

Deno.test("verdicts() leave Ready as it is while the children have not all been looked at", () => {
  deepStrictEqual(verdicts({ ...GOOD, children: undefined }).map((v) => v.type), ["Synced"]);
  deepStrictEqual(verdicts({ ...GOOD, children: undefined, failure }).map((v) => v.type), ["Ready", "Synced"]);
});

Deno.test("verdicts() name five children at most", () => {
  const children = Array.from({ length: 8 }, (_, i) => child(`web${i}`, failed.health));
  const message = verdicts({ ...GOOD, children })[0]!.message;
  match(message, /^8 of 8 objects not healthy: .*, and 3 more$/);
  strictEqual(message.split("; ").length, 5);
});
