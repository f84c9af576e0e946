/** Writing DER, as far as a certificate needs it. */

type Bytes = Uint8Array<ArrayBuffer>;

/** One element: tag, length, content. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Bytes {
  const content = join(parts);
  return join([Uint8Array.of(tag), lengthOf(content.length), content]);
}

function lengthOf(length: number): Bytes {
  if (length < 0x80) return Uint8Array.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}

/** Byte strings end to end. */
export function join(parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

export const sequence = (...parts: readonly Uint8Array[]): Bytes => element(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Bytes => element(0x31, ...parts);
export const octets = (content: Uint8Array): Bytes => element(0x04, content);
export const utf8 = (text: string): Bytes => element(0x0c, new TextEncoder().encode(text));
export const boolean = (value: boolean): Bytes => element(0x01, Uint8Array.of(value ? 0xff : 0));
/** `[tag] EXPLICIT` */
export const explicit = (tag: number, content: Uint8Array): Bytes => element(0xa0 | tag, content);
/** A string of whole bytes. */
export const bits = (content: Uint8Array, unused = 0): Bytes => element(0x03, Uint8Array.of(unused), content);

/** A non-negative integer from its big-endian bytes. */
export function integer(bytes: Uint8Array): Bytes {
  return element(0x02, (bytes[0] ?? 0) >= 0x80 ? join([Uint8Array.of(0), bytes]) : bytes);
}

/** UTCTime; for years before 2050. */
export function utcTime(date: Date): Bytes {
  const text = date.toISOString().replaceAll(/[-:T]/g, "").slice(2, 14);
  return element(0x17, new TextEncoder().encode(`${text}Z`));
}

/** An object identifier from its dotted form. */
export function objectId(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const septets = [part & 0x7f];
    for (let value = part >>> 7; value > 0; value >>>= 7) septets.unshift((value & 0x7f) | 0x80);
    bytes.push(...septets);
  }
  return element(0x06, Uint8Array.from(bytes));
}
