/**
 * `derivePassword`: passwords that follow from a master password, a user, a site and a counter (Master Password, version 3).
 *
 * @module
 */
import { createHmac, scryptSync } from "node:crypto";
import { concatBytes } from "./der.ts";
import { encodeUtf8 } from "../../bytes.ts";

const SCOPE = "com.lyndir.masterpassword";
const SCRYPT = { N: 32_768, r: 8, p: 2, maxmem: 128 * 1024 * 1024 };

/** Shapes of passwords: each letter names a class of characters. */
const TEMPLATES: ReadonlyMap<string, readonly string[]> = new Map([
  ["maximum", ["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"]],
  [
    "long",
    ("CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv " +
      "CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv " +
      "CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno").split(
        " ",
      ),
  ],
  ["medium", ["CvcnoCvc", "CvcCvcno"]],
  ["short", ["Cvcn"]],
  ["basic", ["aaanaaan", "aannaaan", "aaannaaa"]],
  ["pin", ["nnnn"]],
]);

const CLASSES: Readonly<Record<string, string>> = {
  V: "AEIOU",
  C: "BCDFGHJKLMNPQRSTVWXYZ",
  v: "aeiou",
  c: "bcdfghjklmnpqrstvwxyz",
  A: "AEIOUBCDFGHJKLMNPQRSTVWXYZ",
  a: "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
  n: "0123456789",
  o: "@&%?,=[]_:-+*$#!'^~;()/.",
  x: "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
};

/** The password, or a sentence that says which kind of password is unknown. */
export function derivePassword(counter: number, kind: string, password: string, user: string, site: string): string {
  const templates = TEMPLATES.get(kind);
  if (templates === undefined) return `cannot find password template ${kind}`;
  const scope = encodeUtf8(SCOPE);
  const sized = (text: string) => concatBytes([number(encodeUtf8(text).length), encodeUtf8(text)]);
  const key = scryptSync(encodeUtf8(password), concatBytes([scope, sized(user)]), 64, SCRYPT);
  const seed = createHmac("sha256", key).update(concatBytes([scope, sized(site), number(counter)])).digest();
  const template = templates[(seed[0] ?? 0) % templates.length] ?? "";
  return Array.from(template, (name, at) => {
    const characters = CLASSES[name] ?? "";
    return characters.charAt((seed[at + 1] ?? 0) % characters.length);
  }).join("");
}

/** 32 bits, most significant first. */
function number(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
