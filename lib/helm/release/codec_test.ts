import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { ReleaseRecord, ReleaseStatus } from "../types.ts";
import { decodeRelease, encodeRelease } from "./codec.ts";
import { ReleaseRecordError } from "./errors.ts";
import { deployedRevision, isPending, lastRevision, revisionsToPrune, rollbackTarget } from "./history.ts";

const RECORD: ReleaseRecord = {
  name: "web",
  namespace: "demo",
  version: 3,
  info: {
    first_deployed: "2026-01-02T03:04:05.000000006Z",
    last_deployed: "2026-01-02T03:04:05Z",
    deleted: "",
    description: "Install complete",
    status: "deployed",
    notes: "",
  },
  chart: { metadata: { name: "web", version: "1.0.0" } },
  config: { replicas: 2, text: "ü €" },
  manifest: "---\n# Source: web/templates/a.yaml\nkind: A\n",
  hooks: [],
  apply_method: "ssa",
};

Deno.test("decodeRelease() gives back what encodeRelease() was given, but for labels", () => {
  assert.deepEqual(decodeRelease(encodeRelease({ ...RECORD, labels: { a: "b" } })), RECORD);
});

Deno.test("decodeRelease() reads a record that was stored without gzip, and statuses of the future as unknown", () => {
  const record = decodeRelease(btoa(JSON.stringify({ name: "web", version: 1, info: { status: "sleeping" } })));
  assert.equal(record.name, "web");
  assert.equal(record.info.status, "unknown");
  assert.deepEqual(record.hooks, []);
});

const BROKEN: readonly [string, string][] = [
  ["no base64", "***"],
  ["broken gzip", gzipSync("{}").subarray(0, 12).toString("base64")],
  ["no JSON", gzipSync("{").toString("base64")],
  ["another JSON", gzipSync("[]").toString("base64")],
];
for (const [what, text] of BROKEN) {
  Deno.test(`decodeRelease() refuses ${what}`, () => {
    assert.throws(
      () => decodeRelease(text),
      (error) => error instanceof ReleaseRecordError && error.reason === "Unreadable",
    );
  });
}

Deno.test("encodeRelease() refuses a record that no Secret can hold", () => {
  // Random bytes do not compress.
  const random = Array.from({ length: 20 }, () => crypto.getRandomValues(new Uint8Array(60_000)).toBase64()).join("");
  assert.throws(
    () => encodeRelease({ ...RECORD, manifest: random }),
    (error) => error instanceof ReleaseRecordError && error.reason === "TooLarge",
  );
});

const revisions = (...statuses: ReleaseStatus[]) =>
  statuses.map((status, at) => ({ version: at + 1, info: { status } }));

Deno.test("revisionsToPrune() deletes the oldest and keeps the deployed one", () => {
  const versions = (list: readonly { version: number }[]) => list.map(({ version }) => version);
  const history = revisions("superseded", "deployed", "failed", "failed");
  assert.deepEqual(versions(revisionsToPrune(history, 3)), [1, 3]);
  assert.deepEqual(versions(revisionsToPrune(history, 1)), [1, 3, 4]);
  assert.deepEqual(versions(revisionsToPrune(history, 10)), []);
  assert.deepEqual(versions(revisionsToPrune(history, 0)), []);
});

Deno.test("a history knows its last and its deployed revision, what blocks it and what to go back to", () => {
  const history = revisions("superseded", "deployed", "failed", "pending-upgrade");
  assert.equal(lastRevision(history)?.version, 4);
  assert.equal(deployedRevision(history)?.version, 2);
  assert.equal(rollbackTarget(history)?.version, 2);
  assert.equal(isPending(lastRevision(history)), true);
  assert.equal(isPending(deployedRevision(history)), false);
  assert.equal(lastRevision([]), undefined);
});
