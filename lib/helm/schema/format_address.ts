import { byteLength, quote, sliceBytes } from "../../gotemplate/mod.ts";
import { addressFault } from "../../gotemplate/functions/mod.ts";

/** What keeps a text from being an IPv4 address in Go's eyes. */
export function ipv4Fault(text: string): string | undefined {
  const groups = text.split(".");
  if (groups.length !== 4) return "expected four decimals";
  for (const group of groups) {
    if (group.length > 1 && group.startsWith("0")) return "leading zeros";
    if (!/^[-+]?\d+$/.test(group)) return `strconv.Atoi: parsing ${quote(group)}: invalid syntax`;
    const number = BigInt(group.replace(/^\+/, ""));
    if (BigInt.asIntN(64, number) !== number) return `strconv.Atoi: parsing ${quote(group)}: value out of range`;
    if (number < 0n || number > 255n) return "decimal must be between 0 and 255";
  }
  return undefined;
}

/** What keeps a text from being an IPv6 address in Go's eyes. */
export function ipv6Fault(text: string): string | undefined {
  if (!text.includes(":")) return "missing colon";
  return addressFault(text) ?? (text.includes("%") ? "zone id is not a part of ipv6 address" : undefined);
}

/** What keeps a text from being a host name in the eyes of Helm's validator. */
export function hostnameFault(text: string): string | undefined {
  const name = text.endsWith(".") ? text.slice(0, -1) : text;
  if (byteLength(name) > 253) return "more than 253 characters long";
  for (const label of name.split(".")) {
    const length = byteLength(label);
    if (length < 1 || length > 63) return "label must be 1 to 63 characters long";
    if (label.startsWith("-")) return "label starts with hyphen";
    if (label.endsWith("-")) return "label ends with hyphen";
    const odd = /[^a-zA-Z0-9-]/u.exec(label)?.[0];
    if (odd !== undefined) return oddCharacter(odd);
  }
  return undefined;
}

/** `invalid character 'x'`, with Go's `%q` of a character. */
export function oddCharacter(char: string): string {
  return `invalid character ${characterText(char)}`;
}

/** Go's `%q` of a character. */
export function characterText(char: string): string {
  if (char === "'") return "'\\''";
  return `'${quote(char).slice(1, -1).replaceAll('\\"', '"')}'`;
}

/** What keeps a text from being an e-mail address in the eyes of Helm's validator. */
export function emailFault(text: string): string | undefined {
  if (byteLength(text) > 254) return "more than 255 characters long";
  const at = text.lastIndexOf("@");
  if (at < 0) return "missing @";
  return localPartFault(text.slice(0, at)) ?? domainFault(text.slice(at + 1));
}

function localPartFault(local: string): string | undefined {
  if (byteLength(local) > 64) return "local part more than 64 characters long";
  if (local.length > 1 && local.startsWith('"')) {
    const inner = sliceBytes(local, 1, byteLength(local) - 1);
    return /[\\"]/.test(inner) ? "backslash and quote are not allowed within quoted local part" : undefined;
  }
  if (local.startsWith(".")) return "starts with dot";
  if (local.endsWith(".")) return "ends with dot";
  if (local.includes("..")) return "consecutive dots";
  const odd = /[^a-zA-Z0-9.!#$%&'*+\-/=?^_`{|}~]/u.exec(local)?.[0];
  return odd === undefined ? undefined : oddCharacter(odd);
}

function domainFault(domain: string): string | undefined {
  if (!domain.startsWith("[") || !domain.endsWith("]")) return prefixed("invalid domain", hostnameFault(domain));
  const address = domain.slice(1, -1);
  if (address.startsWith("IPv6:")) return prefixed("invalid ipv6 address", ipv6Fault(address.slice(5)));
  return prefixed("invalid ipv4 address", ipv4Fault(address));
}

/** A fault of a part as a fault of the whole. */
export function prefixed(what: string, fault: string | undefined): string | undefined {
  return fault === undefined ? undefined : `${what}: ${fault}`;
}
