import { byteLength } from "../../gotemplate/mod.ts";
import { GoRegexp, RegexpError } from "../../gotemplate/functions/mod.ts";
import { characterText, emailFault, hostnameFault, ipv4Fault, ipv6Fault, oddCharacter } from "./format_address.ts";
import { dateFault, dateTimeFault, durationFault, periodFault, timeFault } from "./format_time.ts";
import { uriFault, uriReferenceFault, uriTemplateFault } from "./format_uri.ts";

/** The formats that Helm's validator knows; any other allows everything. */
export const FORMATS: Readonly<Record<string, (text: string) => string | undefined>> = {
  regex: regexFault,
  "json-pointer": pointerFault,
  "relative-json-pointer": relativePointerFault,
  uuid: uuidFault,
  duration: durationFault,
  period: periodFault,
  ipv4: ipv4Fault,
  ipv6: ipv6Fault,
  hostname: hostnameFault,
  email: emailFault,
  date: dateFault,
  time: timeFault,
  "date-time": dateTimeFault,
  uri: uriFault,
  iri: uriFault,
  "uri-reference": uriReferenceFault,
  "iri-reference": uriReferenceFault,
  "uri-template": uriTemplateFault,
  semver: semverFault,
};

/** What keeps a text from being of a format; undefined where it is, or where nobody knows the format. */
export function formatFault(name: string, text: string): string | undefined {
  return Object.hasOwn(FORMATS, name) ? FORMATS[name]?.(text) : undefined;
}

function regexFault(text: string): string | undefined {
  try {
    GoRegexp.compile(text);
    return undefined;
  } catch (error) {
    if (error instanceof RegexpError) return error.message;
    throw error;
  }
}

function pointerFault(text: string): string | undefined {
  if (text === "") return undefined;
  if (!text.startsWith("/")) return "not starting with /";
  return /~(?![01])/.test(text) ? "~ must be followed by 0 or 1" : undefined;
}

function relativePointerFault(text: string): string | undefined {
  const [digits = ""] = /^\d*/.exec(text) ?? [];
  if (digits === "") return "must start with non-negative integer";
  if (digits.length > 1 && digits.startsWith("0")) return "starts with zero";
  const rest = text.slice(digits.length);
  return rest === "#" ? undefined : pointerFault(rest);
}

const UUID_GROUPS = [8, 4, 4, 4, 12];

function uuidFault(text: string): string | undefined {
  const groups = text.split("-");
  if (groups.length !== UUID_GROUPS.length) return `must have ${UUID_GROUPS.length} elements`;
  for (const [index, group] of groups.entries()) {
    const length = UUID_GROUPS[index];
    if (byteLength(group) !== length) return `element ${index + 1} must be ${length} characters long`;
    const odd = /[^0-9a-fA-F]/u.exec(group)?.[0];
    if (odd !== undefined) return `non-hex character ${characterText(odd)}`;
  }
  return undefined;
}

function semverFault(text: string): string | undefined {
  const plus = text.indexOf("+");
  const [beforeBuild, build] = plus < 0 ? [text, undefined] : [text.slice(0, plus), text.slice(plus + 1)];
  const dash = beforeBuild.indexOf("-");
  const core = dash < 0 ? beforeBuild : beforeBuild.slice(0, dash);
  const prerelease = dash < 0 ? undefined : beforeBuild.slice(dash + 1);
  if (build === "") return "build is empty";
  return identifiersFault(build, "build") ?? identifiersFault(prerelease, "pre-release") ?? coreFault(core);
}

function identifiersFault(text: string | undefined, what: "build" | "pre-release"): string | undefined {
  for (const identifier of text?.split(".") ?? []) {
    if (identifier === "") return `${what} identifier is empty`;
    const odd = /[^0-9a-zA-Z-]/u.exec(identifier)?.[0];
    if (odd !== undefined) return `${oddCharacter(odd)} in ${what} identifier`;
    if (what === "pre-release" && /^0\d+$/.test(identifier)) return "pre-release numeric identifier starts with zero";
  }
  return undefined;
}

function coreFault(text: string): string | undefined {
  const numbers = text.split(".");
  if (numbers.length !== 3) return "versionCore must have 3 numbers separated by dot";
  for (const [index, number] of numbers.entries()) {
    const name = ["major", "minor", "patch"][index];
    if (number === "") return `${name} is empty`;
    if (number.length > 1 && number.startsWith("0")) return `${name} starts with zero`;
    if (!/^\d+$/.test(number)) return `${name} contains non-digit`;
  }
  return undefined;
}
