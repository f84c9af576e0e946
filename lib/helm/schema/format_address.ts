import { byteLength, quote, sliceBytes } from "../../gotemplate/mod.ts";

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
  const fault = addressFault(text);
  if (fault !== undefined) {
    const at = fault.at === undefined || fault.at === "" ? "" : ` (at ${quote(fault.at)})`;
    return `ParseAddr(${quote(text)}): ${fault.text}${at}`;
  }
  return text.includes("%") ? "zone id is not a part of ipv6 address" : undefined;
}

interface AddressFault {
  readonly text: string;
  /** What is left from the place of the fault on. */
  readonly at?: string;
}

/** Go looks at the first of `.`, `:` and `%` to tell what an address is meant to be. */
function addressFault(text: string): AddressFault | undefined {
  const kind = /[.:%]/.exec(text)?.[0];
  if (kind === ".") return fieldsFault(text);
  if (kind === "%") return { text: "missing IPv6 address" };
  const mark = text.indexOf("%");
  if (mark >= 0 && mark === text.length - 1) return { text: "zone must be a non-empty string" };
  return groupsFault(mark < 0 ? text : text.slice(0, mark));
}

/** The dotted four, alone or at the end of an IPv6 address. */
function fieldsFault(text: string): AddressFault | undefined {
  let [value, digits, fields] = [0, 0, 0];
  for (const [index, char] of [...text].entries()) {
    const at = [...text].slice(index).join("");
    if (char >= "0" && char <= "9") {
      if (digits === 1 && value === 0) return { text: "IPv4 field has octet with leading zero" };
      value = value * 10 + Number(char);
      digits++;
      if (value > 255) return { text: "IPv4 field has value >255" };
    } else if (char === ".") {
      if (digits === 0 || at.length === 1) return { text: "IPv4 field must have at least one digit", at };
      if (fields === 3) return { text: "IPv4 address too long" };
      [fields, value, digits] = [fields + 1, 0, 0];
    } else return { text: "unexpected character", at };
  }
  return fields < 3 ? { text: "IPv4 address too short" } : undefined;
}

function groupsFault(text: string): AddressFault | undefined {
  let rest = text;
  // Groups before the `::`, once there was one.
  let gap: number | undefined;
  if (rest.startsWith("::")) {
    [gap, rest] = [0, rest.slice(2)];
    if (rest === "") return undefined;
  }
  let groups = 0;
  while (groups < 8) {
    const [hex = ""] = /^[0-9a-fA-F]*/.exec(rest) ?? [];
    if (hex.length > 4) return { text: "each group must have 4 or less digits", at: rest };
    if (hex === "") return { text: "each colon-separated field must have at least one digit", at: rest };
    if (rest[hex.length] === ".") return embeddedFault(rest, groups, gap);
    groups++;
    rest = rest.slice(hex.length);
    if (rest === "") break;
    if (!rest.startsWith(":")) return { text: "unexpected character, want colon", at: rest };
    if (rest === ":") return { text: "colon must be followed by more characters", at: rest };
    rest = rest.slice(1);
    if (!rest.startsWith(":")) continue;
    if (gap !== undefined) return { text: "multiple :: in address", at: rest };
    [gap, rest] = [groups, rest.slice(1)];
    if (rest === "") break;
  }
  return rest === "" ? lengthFault(groups, gap) : { text: "trailing garbage after address", at: rest };
}

function embeddedFault(rest: string, groups: number, gap: number | undefined): AddressFault | undefined {
  if (gap === undefined && groups !== 6) {
    return { text: "embedded IPv4 address must replace the final 2 fields of the address", at: rest };
  }
  if (groups > 6) {
    return { text: "too many hex fields to fit an embedded IPv4 at the end of the address", at: rest };
  }
  return fieldsFault(rest) ?? lengthFault(groups + 2, gap);
}

function lengthFault(groups: number, gap: number | undefined): AddressFault | undefined {
  if (groups < 8) return gap === undefined ? { text: "address string too short" } : undefined;
  return gap === undefined ? undefined : { text: "the :: must expand to at least one field of zeros" };
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
