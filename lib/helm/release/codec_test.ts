import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { ReleaseRecord } from "../types.ts";
import { decodeRelease, encodeRelease, ReleaseCodecError } from "./codec.ts";

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

Deno.test("decodeRelease() gives back what encodeRelease() was given, but for labels", async () => {
  deepStrictEqual(await decodeRelease(await encodeRelease({ ...RECORD, labels: { a: "b" } })), RECORD);
});

Deno.test("decodeRelease() reads a record that was stored without gzip", async () => {
  const text = btoa(JSON.stringify({ name: "web", version: 1, info: { status: "deployed" } }));
  const record = await decodeRelease(text);
  strictEqual(record.name, "web");
  deepStrictEqual(record.hooks, []);
});

const BROKEN: readonly [string, string, string][] = [
  ["no base64", "***", "NotBase64"],
  ["broken gzip", gzipSync("{}").subarray(0, 12).toString("base64"), "NotGzip"],
  ["no JSON", gzipSync("{").toString("base64"), "NotJson"],
  ["another JSON", gzipSync("[]").toString("base64"), "NotARelease"],
];
for (const [what, text, reason] of BROKEN) {
  Deno.test(`decodeRelease() refuses ${what}`, async () => {
    await rejects(decodeRelease(text), (error) => error instanceof ReleaseCodecError && error.reason === reason);
  });
}

Deno.test("encodeRelease() refuses a record that no Secret can hold", async () => {
  // Random bytes do not compress.
  const random = Array.from({ length: 20 }, () => crypto.getRandomValues(new Uint8Array(60_000)).toBase64()).join("");
  await rejects(
    encodeRelease({ ...RECORD, manifest: random }),
    (error) => error instanceof ReleaseCodecError && error.reason === "TooLarge",
  );
});
