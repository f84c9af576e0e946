import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { ReleaseRecord, ReleaseStatus } from "../helm/mod.ts";
import { lastDeployed, prunedVersions, type StoredRelease } from "./history.ts";

function record(version: number, status: ReleaseStatus): ReleaseRecord {
  const info = { first_deployed: "", last_deployed: "", deleted: "", description: "", status, notes: "" };
  return { name: "r", namespace: "n", version, info, chart: {}, config: {}, manifest: "", hooks: [] };
}

/** Revisions 1, 2, … with these statuses. */
function history(...statuses: ReleaseStatus[]): StoredRelease[] {
  return statuses.map((status, i) => ({ record: record(i + 1, status), ours: true }));
}

/** Statuses by revision, and the revision that an upgrade compares with. */
const DEPLOYED: readonly (readonly [ReleaseStatus[], number | undefined])[] = [
  [[], undefined],
  [["deployed"], 1],
  [["superseded", "deployed"], 2],
  [["superseded", "deployed", "failed"], 2],
  [["deployed", "pending-upgrade"], 1],
  [["failed"], undefined],
  [["pending-install"], undefined],
  [["superseded", "superseded", "failed"], 2],
  [["superseded", "uninstalled"], undefined],
  [["superseded", "uninstalling"], undefined],
  [["superseded", "uninstalled", "failed"], undefined],
  [["superseded", "uninstalled", "deployed", "failed"], 3],
];
for (const [statuses, version] of DEPLOYED) {
  Deno.test(`lastDeployed() of [${statuses}] is revision ${version ?? "none"}`, () => {
    strictEqual(lastDeployed(history(...statuses))?.version, version);
  });
}

/** Statuses by revision, the most that may stay, and the revisions to remove. */
const PRUNED: readonly (readonly [ReleaseStatus[], number, number[]])[] = [
  [["deployed"], 3, []],
  [["superseded", "deployed"], 3, []],
  [["superseded", "superseded", "deployed"], 3, [1]],
  [["superseded", "superseded", "superseded", "deployed"], 3, [1, 2]],
  [["deployed", "failed", "failed"], 3, [2]],
  [["deployed", "failed", "failed", "failed"], 2, [2, 3, 4]],
  [["failed", "failed", "failed"], 1, [1, 2, 3]],
  [["deployed"], 1, []],
  [["superseded", "deployed"], 0, []],
];
for (const [statuses, max, versions] of PRUNED) {
  Deno.test(`prunedVersions() of [${statuses}] keeping ${max} are [${versions}]`, () => {
    deepStrictEqual(prunedVersions(history(...statuses), max), versions);
  });
}
