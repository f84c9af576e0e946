/** Tar archives as texts that a mutation leaves whole: entries between `\u0001`, their fields between `\u0002`. */

const BLOCK = 512;

/** Writes one entry: type flag, name, data, and where it is to lie the size field (octal text, or any bytes). */
export function entryText(type: string, name: string, data: string, size = ""): string {
  return [type, name, size, data].join("\u0002");
}

/** The archive that a text stands for. Headers have the checksum that they need, whatever else is wrong with them. */
export function tarOf(text: string): Uint8Array<ArrayBuffer> {
  const parts = text.split("\u0001").flatMap((entry) => entryBytes(entry));
  const archive = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0) + 2 * BLOCK);
  let at = 0;
  for (const part of parts) {
    archive.set(part, at);
    at += part.length;
  }
  return archive;
}

function entryBytes(entry: string): Uint8Array<ArrayBuffer>[] {
  const [type = "0", name = "", size = "", ...rest] = entry.split("\u0002");
  const data = bytesOf(rest.join("\u0002"));
  const header = new Uint8Array(BLOCK);
  put(header, 0, 100, name);
  put(header, 100, 8, "0000644");
  put(header, 124, 12, size === "" ? data.length.toString(8).padStart(11, "0") : size);
  put(header, 156, 1, type);
  put(header, 257, 8, "ustar\u000000");
  const sum = header.reduce((total, byte) => total + byte, 8 * 0x20);
  put(header, 148, 8, `${sum.toString(8).padStart(6, "0")}\u0000 `);
  const padded = new Uint8Array(Math.ceil(data.length / BLOCK) * BLOCK);
  padded.set(data);
  return [header, padded];
}

function put(into: Uint8Array<ArrayBuffer>, at: number, length: number, text: string): void {
  into.set(bytesOf(text).subarray(0, length), at);
}

function bytesOf(latin: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(latin, (character) => character.charCodeAt(0) & 255);
}
