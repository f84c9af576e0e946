import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { fc } from "../deps/fast_check.ts";
import { labelled, manifestDigest, manifestObjects, manifestText } from "./manifest.ts";

const POD = { apiVersion: "v1", kind: "Pod", metadata: { name: "foo", labels: { app: "web", team: "a" } } };
const DOCUMENT = { source: "c/templates/pod.yaml", text: "", object: POD };

Deno.test("labelled() adds labels, which win over the chart's, and leaves the documents as they were", () => {
  const [result] = labelled([DOCUMENT], { team: "b", id: "1" });
  deepStrictEqual(result!.object.metadata.labels, { app: "web", team: "b", id: "1" });
  deepStrictEqual(POD.metadata.labels, { app: "web", team: "a" });
});

Deno.test("labelled() gives labels to an object that has none", () => {
  const [result] = labelled([{ ...DOCUMENT, object: { ...POD, metadata: { name: "foo" } } }], { id: "1" });
  deepStrictEqual(result!.object.metadata, { name: "foo", labels: { id: "1" } });
});

Deno.test("manifestObjects() reads what manifestText() wrote, and passes over blank documents", () => {
  const documents = labelled([DOCUMENT, { ...DOCUMENT, object: { ...POD, data: { port: "80", on: "yes" } } }], {});
  const text = manifestText(documents);
  strictEqual(text.startsWith("---\n# Source: c/templates/pod.yaml\n"), true);
  deepStrictEqual(manifestObjects(`---\n# nothing\n${text}---\n`), documents.map((d) => d.object));
});

/** Texts and their digests, as the original computes them. */
const DIGESTS: readonly (readonly [string, string])[] = [
  ["apiVersion: v1\nkind: Pod\nmetadata:\n  name: foo", "b5324746074ac5ed"],
  ["", ""],
  [" \n\t\n", ""],
];
for (const [text, digest] of DIGESTS) {
  Deno.test(`manifestDigest() of ${JSON.stringify(text)} is "${digest}"`, () => {
    strictEqual(manifestDigest(text), digest);
  });
}

/** FNV-1 as its definition says, with integers of any size. */
function fnv1(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = (hash * 0x100000001b3n & 0xffffffffffffffffn) ^ BigInt(byte);
  }
  return hash.toString(16);
}

Deno.test("manifestDigest() is 64-bit FNV-1 in hexadecimal, not padded", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
    strictEqual(manifestDigest(`x${text}`), fnv1(`x${text}`));
  }));
  // The first text of this form whose digest has a leading zero digit.
  const short = Array.from({ length: 1000 }, (_, i) => `a${i}`).find((text) => fnv1(text).length < 16)!;
  strictEqual(manifestDigest(short), fnv1(short));
  strictEqual(manifestDigest(short).length < 16, true);
});
