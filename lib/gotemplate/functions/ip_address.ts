/**
 * IP addresses as Go's `net/netip` reads them.
 *
 * @module
 */
import { quote } from "../fmt/quote.ts";

/** What keeps a text from being an IP address, in Go's words; undefined where it is one. */
export function addressFault(text: string): string | undefined {
  const fault = faultOf(text);
  if (fault === undefined) return undefined;
  const at = fault.at === undefined || fault.at === "" ? "" : ` (at ${quote(fault.at)})`;
  return `ParseAddr(${quote(text)}): ${fault.text}${at}`;
}

interface Fault {
  readonly text: string;
  /** What is left from the place of the fault on. */
  readonly at?: string;
}

/** Go looks at the first of `.`, `:` and `%` to tell what an address is meant to be. */
function faultOf(text: string): Fault | undefined {
  const kind = /[.:%]/.exec(text)?.[0];
  if (kind === ".") return fieldsFault(text);
  if (kind === "%") return { text: "missing IPv6 address" };
  if (kind === undefined) return { text: "unable to parse IP" };
  const mark = text.indexOf("%");
  if (mark >= 0 && mark === text.length - 1) return { text: "zone must be a non-empty string" };
  return groupsFault(mark < 0 ? text : text.slice(0, mark));
}

/** The dotted four, alone or at the end of an IPv6 address. */
function fieldsFault(text: string): Fault | undefined {
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

function groupsFault(text: string): Fault | undefined {
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

function embeddedFault(rest: string, groups: number, gap: number | undefined): Fault | undefined {
  if (gap === undefined && groups !== 6) {
    return { text: "embedded IPv4 address must replace the final 2 fields of the address", at: rest };
  }
  if (groups > 6) {
    return { text: "too many hex fields to fit an embedded IPv4 at the end of the address", at: rest };
  }
  return fieldsFault(rest) ?? lengthFault(groups + 2, gap);
}

function lengthFault(groups: number, gap: number | undefined): Fault | undefined {
  if (groups < 8) return gap === undefined ? { text: "address string too short" } : undefined;
  return gap === undefined ? undefined : { text: "the :: must expand to at least one field of zeros" };
}
