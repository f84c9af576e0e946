import { HelmChartError } from "./errors.ts";

/** An entry of a tar archive. */
export interface TarEntry {
  readonly name: string;
  /** `directory`, or `file` for everything else that Helm would keep; a link is an empty file. */
  readonly kind: "file" | "directory";
  readonly data: Uint8Array<ArrayBuffer>;
}

const BLOCK = 512;
const DECODER = new TextDecoder();

/** Names and sizes that extension headers give to the next entry. */
interface Overrides {
  name?: string;
  size?: number;
}

/**
 * Reads the entries of a tar archive: ustar, GNU long names, PAX paths and sizes.
 *
 * @throws HelmChartError `InvalidArchive` when the archive ends in the middle of an entry or a header is damaged.
 */
export function* tarEntries(archive: Uint8Array<ArrayBuffer>): Generator<TarEntry> {
  let overrides: Overrides = {};
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return;
    checkSum(header);
    const type = String.fromCharCode(header[156] ?? 0);
    const size = isExtension(type) ? octal(header, 124, 12) : overrides.size ?? octal(header, 124, 12);
    const stored = isLink(type) ? 0 : size;
    const start = at + BLOCK;
    if (start + stored > archive.length) throw damaged("unexpected EOF");
    const data = archive.subarray(start, start + stored);
    at = start + Math.ceil(stored / BLOCK) * BLOCK;
    if (type === "L") overrides.name = text(data, 0, data.length);
    else if (type === "x") overrides = { ...overrides, ...paxRecords(data) };
    else if (type !== "g" && type !== "K") {
      const name = overrides.name ?? headerName(header);
      overrides = {};
      yield { name, kind: type === "5" || (type === "\0" && name.endsWith("/")) ? "directory" : "file", data };
    }
  }
}

function isExtension(type: string): boolean {
  return type === "L" || type === "K" || type === "x" || type === "g";
}

/** Links, devices and fifos have no data, whatever their size field says. */
function isLink(type: string): boolean {
  return type >= "1" && type <= "6";
}

function headerName(header: Uint8Array<ArrayBuffer>): string {
  const name = text(header, 0, 100);
  const isPosix = text(header, 257, 6) === "ustar";
  const prefix = isPosix ? text(header, 345, 155) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function paxRecords(data: Uint8Array<ArrayBuffer>): Overrides {
  const found: Overrides = {};
  for (let at = 0; at < data.length;) {
    const blank = data.indexOf(0x20, at);
    const length = blank < 0 ? NaN : Number(DECODER.decode(data.subarray(at, blank)));
    if (!Number.isInteger(length) || length <= 0 || at + length > data.length) throw damaged("invalid PAX header");
    const record = DECODER.decode(data.subarray(blank + 1, at + length - 1));
    const equals = record.indexOf("=");
    const [key, value] = [record.slice(0, equals), record.slice(equals + 1)];
    if (key === "path") found.name = value;
    // Whoever believed a size below zero would read the same header for ever.
    if (key === "size" && !/^\+?\d+$/.test(value)) throw damaged("invalid tar header");
    if (key === "size") found.size = Number(value);
    at += length;
  }
  return found;
}

function text(bytes: Uint8Array<ArrayBuffer>, from: number, length: number): string {
  let out = "";
  for (let at = from; at < from + length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) break;
    // Nearly all names are ASCII, and a decoder costs more than they do.
    if (byte >= 0x80) return decoded(bytes.subarray(from, from + length));
    out += String.fromCharCode(byte);
  }
  return out;
}

function decoded(field: Uint8Array<ArrayBuffer>): string {
  const end = field.indexOf(0);
  return DECODER.decode(end < 0 ? field : field.subarray(0, end));
}

/** A number field: octal text, or big-endian binary where the first bit is set. */
function octal(header: Uint8Array<ArrayBuffer>, from: number, length: number): number {
  const first = header[from] ?? 0;
  if ((first & 0x80) !== 0) {
    let value = first & 0x7f;
    for (let at = from + 1; at < from + length; at++) value = value * 256 + (header[at] ?? 0);
    return value;
  }
  const digits = text(header, from, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw damaged("invalid tar header");
  return digits === "" ? 0 : parseInt(digits, 8);
}

function checkSum(header: Uint8Array<ArrayBuffer>): void {
  const stated = octal(header, 148, 8);
  let sum = 0;
  // Counted by index: an iterator would make an object for every byte.
  for (let at = 0; at < header.length; at++) sum += at >= 148 && at < 156 ? 0x20 : header[at] ?? 0;
  if (sum !== stated) throw damaged("invalid tar header");
}

function damaged(what: string): HelmChartError {
  return new HelmChartError("InvalidArchive", `archive/tar: ${what}`);
}
