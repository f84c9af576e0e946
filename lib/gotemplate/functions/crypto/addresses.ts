/**
 * IP addresses as Go's `net.ParseIP` reads them.
 *
 * @module
 */
import { isIPv4, isIPv6 } from "node:net";

/** The address in 4 or 16 bytes; `undefined` when the text is none. IPv4 in IPv6 gives 4. */
export function parseAddress(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split("."), Number);
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const bytes = Uint8Array.from(groupsOf(text).flatMap((group) => [group >> 8, group & 255]));
  const mapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return mapped ? bytes.subarray(12) : bytes;
}

function groupsOf(text: string): number[] {
  const [head = "", tail] = text.split("::");
  const read = (part: string) =>
    part === "" ? [] : part.split(":").flatMap((group) => {
      if (!group.includes(".")) return [parseInt(group, 16)];
      const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
      return [a * 256 + b, c * 256 + d];
    });
  const [front, back] = [read(head), read(tail ?? "")];
  const gap = tail === undefined ? 0 : 8 - front.length - back.length;
  return [...front, ...new Array<number>(gap).fill(0), ...back];
}
