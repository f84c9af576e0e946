/** Sprig's encodings and checksums. */
import { createHash } from "node:crypto";
import { decodeBase32, decodeBase64, encodeBase32, EncodingError } from "./base64.ts";
import { decodeUtf8, encodeUtf8 } from "../bytes.ts";
import { fn, type FunctionTable } from "../signature.ts";
import { types } from "../value.ts";

const text = (change: (text: string) => string) => fn([types.string], types.string, change);
const digest = (algorithm: string) => text((input) => createHash(algorithm).update(encodeUtf8(input)).digest("hex"));

/** A broken text gives the error's message as its result, as in sprig. */
const decoder = (decode: (text: string) => Uint8Array) =>
  text((input) => {
    try {
      return decodeUtf8(decode(input));
    } catch (error) {
      if (error instanceof EncodingError) return error.message;
      throw error;
    }
  });

/** `b64enc`, `b32dec`, `sha256sum`, `adler32sum` and their like. */
export const encodingFunctions: FunctionTable = {
  b64enc: text((input) => encodeUtf8(input).toBase64()),
  b64dec: decoder(decodeBase64),
  b32enc: text((input) => encodeBase32(encodeUtf8(input))),
  b32dec: decoder(decodeBase32),
  sha1sum: digest("sha1"),
  sha256sum: digest("sha256"),
  sha512sum: digest("sha512"),
  adler32sum: text((input) => String(adler32(encodeUtf8(input)))),
};

function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return high * 65_536 + low;
}
