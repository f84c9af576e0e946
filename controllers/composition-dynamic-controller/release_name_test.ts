import { match, strictEqual } from "node:assert/strict";
import type { Composition } from "./api.ts";
import { releaseName } from "./release_name.ts";

function composition(uid: string | undefined, labels: Record<string, string> = {}): Composition {
  const metadata = { name: "first", labels, ...(uid === undefined ? {} : { uid }) };
  return { apiVersion: "composition.krateo.io/v1-0-0", kind: "App", metadata };
}

/** The first eight characters of a uid, and what the original makes of them. */
const VECTORS = [
  ["12345678", "56789bcd"],
  ["0b5c2e4e", "4w9x6282"],
  ["deadbeef", "z2vzw224"],
  ["3e89c101", "72dfx545"],
] as const;
for (const [prefix, encoded] of VECTORS) {
  Deno.test(`releaseName() of uid ${prefix}-… ends with ${encoded}`, () => {
    strictEqual(releaseName(composition(`${prefix}-1111-2222-3333-444444444444`)), `first-${encoded}`);
  });
}

Deno.test("releaseName() is the label's where there is one", () => {
  strictEqual(releaseName(composition("12345678-1111", { "krateo.io/release-name": "mine" })), "mine");
  match(releaseName(composition("12345678-1111", { "krateo.io/release-name": "" })), /^first-/);
});
