/**
 * `format` as Helm asserts it, in terms that the API server enforces alike.
 *
 * The API server's own formats differ (its `uri` takes `/x`, its `duration` is Go's, its `email` has other rules), so
 * patterns are used wherever they can say the same.
 */
import type { StructuralSchema } from "./types.ts";
import { compilePattern } from "./pattern.ts";

/** How a format is enforced: a value validation, or why it cannot be. */
export type FormatRule =
  | { readonly validation: StructuralSchema; readonly check: (text: string) => boolean }
  | { readonly unenforced: string; readonly check?: (text: string) => boolean };

const LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const HOST = `${LABEL}(\\.${LABEL})*`;
const OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
const IPV4 = `${OCTET}(\\.${OCTET}){3}`;
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const HOURS = "([01][0-9]|2[0-3]):[0-5][0-9]";
const ZONE = `([Zz]|[+-]${HOURS})`;
const TIME = `${HOURS}:([0-5][0-9]|60)(\\.[0-9]+)?${ZONE}`;

const byPattern = (pattern: string, more: StructuralSchema = {}): FormatRule => {
  const compiled = compilePattern(pattern);
  const search = compiled.kind === "invalid" ? () => true : compiled.search;
  return {
    validation: { pattern, ...more },
    check: (text) => search(text) && (more.maxLength === undefined || text.length <= more.maxLength),
  };
};

const isDate = (text: string): boolean => {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  date.setUTCFullYear(Number(year));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
};
const isIpv6 = (text: string): boolean => !text.includes("%") && URL.canParse(`http://[${text}]/`);

const RULES: Readonly<Record<string, FormatRule>> = {
  hostname: byPattern(`^${HOST}\\.?$`, { maxLength: 254 }),
  email: byPattern(`^(${ATOM}(\\.${ATOM})*|"[^"]*")@(${HOST}|\\[${IPV4}\\])$`),
  ipv4: byPattern(`^${IPV4}$`),
  ipv6: { validation: { format: "ipv6" }, check: isIpv6 },
  uri: byPattern('^[A-Za-z][A-Za-z0-9+.-]*:[^\\s\\x00-\\x1f\\x7f<>"{}|\\\\^`]*$'),
  iri: byPattern("^[A-Za-z][A-Za-z0-9+.-]*:[^\\x00-\\x20\\x7f]*$"),
  uuid: byPattern("^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$"),
  date: { validation: { format: "date" }, check: isDate },
  time: byPattern(`^${TIME}$`),
  "date-time": {
    validation: { format: "date-time", pattern: `^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]${TIME}$` },
    check: (text) => isDate(text.slice(0, 10)) && new RegExp(`^[Tt]${TIME}$`).test(text.slice(10)),
  },
  duration: byPattern(
    "^P([0-9]+W|([0-9]+Y)?([0-9]+M)?([0-9]+D)?T([0-9]+H)?([0-9]+M)?([0-9]+S)|([0-9]+Y)?([0-9]+M)?([0-9]+D)?" +
      "T([0-9]+H)?([0-9]+M)|([0-9]+Y)?([0-9]+M)?([0-9]+D)?T([0-9]+H)|([0-9]+Y)?([0-9]+M)?([0-9]+D)|([0-9]+Y)?" +
      "([0-9]+M)|([0-9]+Y))$",
  ),
  "json-pointer": byPattern("^(/([^/~]|~[01])*)*$"),
  "relative-json-pointer": byPattern("^(0|[1-9][0-9]*)(#|(/([^/~]|~[01])*)*)$"),
  "uri-reference": byPattern("^[^\\x00-\\x20\\x7f\\\\]*$"),
  "iri-reference": byPattern("^[^\\x00-\\x20\\x7f\\\\]*$"),
  "uri-template": { unenforced: "RFC 6570 is no regular language" },
  regex: {
    unenforced: "whether a text is a regular expression is no regular language",
    check: (text) => compilePattern(text).kind === "re2",
  },
  period: { unenforced: "a period compares two times" },
  semver: byPattern(
    "^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)(-(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)" +
      "(\\.(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?$",
  ),
};

/** How a format is enforced; nothing for names that Helm does not know either. */
export function formatRule(format: string): FormatRule | undefined {
  return Object.hasOwn(RULES, format) ? RULES[format] : undefined;
}

/** A check of a known text. */
export function formatCheck(format: string): ((text: string) => boolean) | undefined {
  return formatRule(format)?.check;
}
