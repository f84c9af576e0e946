/**
 * Private keys in the PEM forms that Go writes: PKCS#1 for RSA, SEC 1 for ECDSA, PKCS#8 for Ed25519.
 *
 * @module
 */
import { createECDH, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { Buffer } from "node:buffer";
import { bigintBytes, bitString, element, explicit, integer, oid, sequence, TAG } from "./der.ts";
import { decodePem, encodePem } from "./pem.ts";
import { inverseModulo, powerModulo, randomBelow, randomPrime, randomPrimeAbove } from "./primes.ts";
import type { RandomSource } from "../random.ts";

/** A text that is no private key. */
export class PrivateKeyError extends Error {
  override readonly name = "PrivateKeyError";
  readonly reason = "invalid-key";
}

/** A key that can sign certificates, or an old DSA key, which cannot. */
export type PrivateKey = SigningKey | { readonly kind: "dsa"; readonly pem: string };

/** A key that can sign certificates. */
export interface SigningKey {
  readonly kind: "rsa" | "ecdsa" | "ed25519";
  readonly key: KeyObject;
  /** The curve of an ECDSA key as its JWK names it, `P-256`; empty for the others. */
  readonly curve: string;
  /** The key in Go's PEM form. */
  readonly pem: string;
  /** The public key as SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

const RSA_EXPONENT = 65_537n;
const CURVES: Readonly<Record<string, string>> = {
  "P-256": "1.2.840.10045.3.1.7",
  "P-384": "1.3.132.0.34",
  "P-521": "1.3.132.0.35",
};
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** A new RSA key. */
export function generateRsa(random: RandomSource, bits: number): SigningKey {
  for (;;) {
    const [p, q] = [randomPrime(random, bits / 2), randomPrime(random, bits / 2)];
    const d = inverseModulo(RSA_EXPONENT, (p - 1n) * (q - 1n));
    const coefficient = inverseModulo(q, p);
    if (p === q || d === undefined || coefficient === undefined) continue;
    const numbers = [0n, p * q, RSA_EXPONENT, d, p, q, d % (p - 1n), d % (q - 1n), coefficient];
    const der = sequence(...numbers.map(integer));
    return signingKey(createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs1" }));
  }
}

/** A new ECDSA key on P-256. */
export function generateEcdsa(random: RandomSource): SigningKey {
  const scalar = padded(bigintBytes(randomBelow(random, P256_ORDER)), 32);
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(Buffer.from(scalar));
  const der = sec1(scalar, new Uint8Array(pair.getPublicKey()), "P-256");
  return signingKey(createPrivateKey({ key: Buffer.from(der), format: "der", type: "sec1" }));
}

/** A new Ed25519 key. */
export function generateEd25519(random: RandomSource): SigningKey {
  const seed = element(TAG.octetString, element(TAG.octetString, random(32)));
  const der = sequence(integer(0n), sequence(oid("1.3.101.112")), seed);
  return signingKey(createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" }));
}

/** A new DSA key of 2048 and 256 bits, as PEM. */
export function generateDsa(random: RandomSource): string {
  const q = randomPrime(random, 256);
  const p = randomPrimeAbove(random, 2048, q);
  let g = 1n;
  for (let base = 2n; g === 1n; base++) g = powerModulo(base, (p - 1n) / q, p);
  const x = randomBelow(random, q);
  return encodePem({
    label: "DSA PRIVATE KEY",
    bytes: sequence(...[0n, p, q, g, powerModulo(g, x, p), x].map(integer)),
  });
}

/** Reads a key from PEM. @throws {PrivateKeyError} */
export function parsePrivateKey(pem: string): PrivateKey {
  const block = decodePem(pem);
  if (block === undefined) throw new PrivateKeyError("no PEM data in input");
  const { label, bytes } = block;
  const read = (type: "pkcs8" | "pkcs1" | "sec1", action: string) => {
    try {
      return signingKey(createPrivateKey({ key: Buffer.from(bytes), format: "der", type }));
    } catch (error) {
      throw new PrivateKeyError(`${action}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  };
  if (label === "PRIVATE KEY") return read("pkcs8", "decoding PEM as PKCS#8");
  if (!label.endsWith(" PRIVATE KEY")) throw new PrivateKeyError(`no private key data in PEM block of type ${label}`);
  const kind = label.slice(0, -" PRIVATE KEY".length);
  if (kind === "RSA") return read("pkcs1", "parsing RSA private key from PEM");
  if (kind === "EC") return read("sec1", "parsing EC private key from PEM");
  if (kind === "DSA") return { kind: "dsa", pem: encodePem(block) };
  throw new PrivateKeyError(`invalid private key type ${label}`);
}

function signingKey(key: KeyObject): SigningKey {
  const publicKey = new Uint8Array(createPublicKey(key).export({ format: "der", type: "spki" }));
  switch (key.asymmetricKeyType) {
    case "rsa": {
      const bytes = new Uint8Array(key.export({ format: "der", type: "pkcs1" }));
      return { kind: "rsa", key, curve: "", publicKey, pem: encodePem({ label: "RSA PRIVATE KEY", bytes }) };
    }
    case "ec":
      return ecdsaKey(key, publicKey);
    case "ed25519": {
      const bytes = new Uint8Array(key.export({ format: "der", type: "pkcs8" }));
      return { kind: "ed25519", key, curve: "", publicKey, pem: encodePem({ label: "PRIVATE KEY", bytes }) };
    }
    default:
      throw new PrivateKeyError(`unsupported key type ${key.asymmetricKeyType}`);
  }
}

function ecdsaKey(key: KeyObject, publicKey: Uint8Array<ArrayBuffer>): SigningKey {
  const { crv: curve = "", d = "", x = "", y = "" } = key.export({ format: "jwk" });
  const [scalar, px, py] = [d, x, y].map((text) => Uint8Array.fromBase64(text, { alphabet: "base64url" }));
  if (scalar === undefined || px === undefined || py === undefined || CURVES[curve] === undefined) {
    throw new PrivateKeyError(`unsupported curve ${curve}`);
  }
  const bytes = sec1(scalar, Uint8Array.of(4, ...px, ...py), curve);
  return { kind: "ecdsa", key, curve, publicKey, pem: encodePem({ label: "EC PRIVATE KEY", bytes }) };
}

/** RFC 5915 with curve and public key, as Go writes it. */
function sec1(scalar: Uint8Array, point: Uint8Array, curve: string): Uint8Array<ArrayBuffer> {
  return sequence(
    integer(1n),
    element(TAG.octetString, scalar),
    explicit(0, oid(CURVES[curve] ?? "")),
    explicit(1, bitString(point)),
  );
}

function padded(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  out.set(bytes, size - bytes.length);
  return out;
}
