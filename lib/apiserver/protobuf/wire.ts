/** Protocol buffers on the wire, as far as reading goes. */

/** A field as it was written: a varint, or a length and bytes. */
export interface WireField {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/** Bytes that are no message. */
export class WireError extends Error {
  override readonly name = "WireError";
}

/** The fields of a message, in their order. @throws WireError */
export function readFields(bytes: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  for (let position = 0; position < bytes.length;) {
    const tag = readVarint(bytes, position);
    const number = Number(tag.value >> 3n);
    const type = Number(tag.value & 7n);
    const first = readVarint(bytes, tag.end);
    if (type === 0) {
      fields.push({ number, value: first.value });
      position = first.end;
    } else if (type === 2) {
      position = first.end + Number(first.value);
      if (position > bytes.length) throw new WireError(`field ${number} is longer than its message`);
      fields.push({ number, value: bytes.subarray(first.end, position) });
    } else throw new WireError(`field ${number} has the wire type ${type}`);
  }
  return fields;
}

function readVarint(bytes: Uint8Array, start: number): { value: bigint; end: number } {
  let value = 0n;
  for (let index = start, shift = 0n; index < bytes.length && shift < 70n; index++, shift += 7n) {
    const byte = bytes[index] ?? 0;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return { value: BigInt.asIntN(64, value), end: index + 1 };
  }
  throw new WireError(`a number at ${start} has no end`);
}
