/**
 * `encryptAES` and `decryptAES`: AES-256-CBC with the password, cut or filled up with zeros, as its key.
 *
 * @module
 */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { concatBytes } from "./der.ts";
import { decodeBase64 } from "../base64.ts";
import type { RandomSource } from "../random.ts";
import { decodeUtf8, encodeUtf8 } from "../../bytes.ts";
import { FunctionError } from "../../signature.ts";

const BLOCK = 16;

function keyOf(password: string): Uint8Array {
  const key = new Uint8Array(32);
  key.set(encodeUtf8(password).subarray(0, 32));
  return key;
}

/** Base64 of the initialization vector and the encrypted text. Nothing stays nothing. */
export function encryptAes(random: RandomSource, password: string, text: string): string {
  if (text === "") return "";
  const vector = random(BLOCK);
  const cipher = createCipheriv("aes-256-cbc", keyOf(password), vector);
  return concatBytes([vector, cipher.update(encodeUtf8(text)), cipher.final()]).toBase64();
}

/** The text behind {@linkcode encryptAes}. Broken input ends with the panic that Go would end with. */
export function decryptAes(password: string, text: string): string {
  if (text === "") return "";
  const bytes = decodeBase64(text);
  if (bytes.length < BLOCK) {
    // Go makes room for what the text could hold without its padding.
    const capacity = Math.floor(text.replace(/[\r\n]/g, "").length / 4) * 3;
    if (capacity < BLOCK) {
      throw new FunctionError(`runtime error: slice bounds out of range [:${BLOCK}] with capacity ${capacity}`);
    }
    throw new FunctionError("crypto/cipher: input not full blocks");
  }
  const body = bytes.subarray(BLOCK);
  if (body.length % BLOCK !== 0) throw new FunctionError("crypto/cipher: input not full blocks");
  if (body.length === 0) throw new FunctionError("runtime error: index out of range [-1]");
  const decipher = createDecipheriv("aes-256-cbc", keyOf(password), bytes.subarray(0, BLOCK)).setAutoPadding(false);
  const plain = concatBytes([decipher.update(body), decipher.final()]);
  const size = plain.length - (plain.at(-1) ?? 0);
  if (size < 0) throw new FunctionError(`runtime error: slice bounds out of range [:${size}]`);
  return decodeUtf8(plain.subarray(0, size));
}
