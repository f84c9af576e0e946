import { createHash } from "node:crypto";
import { ChartFetchError } from "./errors.ts";

/** `sha256:<hex>` of some bytes. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** @throws ChartFetchError `DigestMismatch` when the bytes are not those of the digest. */
export function checkDigest(bytes: Uint8Array, expected: string, what: string, url: string): void {
  const actual = digestOf(bytes);
  if (actual === expected.toLowerCase()) return;
  throw new ChartFetchError(
    "DigestMismatch",
    `Cannot use ${what} from ${url}: its digest is ${actual}, but ${expected} was announced: publish it again, or check who changed it`,
  );
}
