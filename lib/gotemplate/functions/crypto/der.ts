/**
 * ASN.1 DER: as much of it as keys and certificates need.
 *
 * @module
 */

/** Tags of DER. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Bytes joined. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** One element: tag, length, content. */
export function element(tag: number, ...content: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = concatBytes(content);
  return concatBytes([Uint8Array.of(tag, ...lengthBytes(body.length)), body]);
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

/** A SEQUENCE. */
export function sequence(...items: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return element(TAG.sequence, ...items);
}

/** An explicit context tag `[n]` around an element. */
export function explicit(number: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  return element(0xa0 | number, content);
}

/** A non-negative INTEGER. */
export function integer(value: bigint): Uint8Array<ArrayBuffer> {
  const bytes = bigintBytes(value);
  const signed = (bytes[0] ?? 0) >= 0x80 ? concatBytes([Uint8Array.of(0), bytes]) : bytes;
  return element(TAG.integer, signed);
}

/** Big-endian bytes without leading zeros; one zero byte for 0. */
export function bigintBytes(value: bigint): Uint8Array<ArrayBuffer> {
  const hex = value.toString(16);
  return Uint8Array.fromHex(hex.length % 2 === 0 ? hex : `0${hex}`);
}

/** The number of big-endian bytes. */
export function bytesBigint(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytes.toHex()}`);
}

/** An OBJECT IDENTIFIER from its dotted form. */
export function oid(dotted: string): Uint8Array<ArrayBuffer> {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift(0x80 | (left % 128));
    bytes.push(...groups);
  }
  return element(TAG.oid, Uint8Array.from(bytes));
}

/** A BIT STRING with some unused bits at its end. */
export function bitString(bytes: Uint8Array, unused = 0): Uint8Array<ArrayBuffer> {
  return element(TAG.bitString, Uint8Array.of(unused), bytes);
}

/** One element that was read. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  /** The whole element, tag and length included. */
  readonly raw: Uint8Array;
}

/** Reads one element after another. @throws {RangeError} where the bytes are not DER. */
export function readElements(bytes: Uint8Array): DerElement[] {
  const found: DerElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const one = readElement(bytes, at);
    found.push(one);
    at += one.raw.length;
  }
  return found;
}

function readElement(bytes: Uint8Array, at: number): DerElement {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) throw new RangeError("asn1: syntax error: data truncated");
  const extra = first < 0x80 ? 0 : first & 0x7f;
  if (extra > 4 || first === 0x80) throw new RangeError("asn1: structure error: length too large");
  const length = extra === 0 ? first : Number(bytesBigint(bytes.subarray(at + 2, at + 2 + extra)));
  const start = at + 2 + extra;
  if (start + length > bytes.length) throw new RangeError("asn1: syntax error: data truncated");
  return { tag, content: bytes.subarray(start, start + length), raw: bytes.subarray(at, start + length) };
}
