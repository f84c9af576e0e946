import { byteLength, quote } from "../../gotemplate/mod.ts";
import { parseYaml } from "../../yaml/mod.ts";
import { isTable } from "../chart/mod.ts";
import { DEPRECATED_KINDS, type Deprecation } from "./deprecated_kinds.ts";
import type { LintedObject } from "./documents.ts";

/** A form that names must have. */
interface NameForm {
  readonly pattern: RegExp;
  readonly maxBytes: number;
  readonly message: string;
}

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN: NameForm = {
  pattern: new RegExp(`^${LABEL}(\\.${LABEL})*$`),
  maxBytes: 253,
  message:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
    `end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${LABEL}(\\.${LABEL})*')`,
};
const DNS_LABEL: NameForm = {
  pattern: new RegExp(`^${LABEL}$`),
  maxBytes: 63,
  message:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with " +
    `an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`,
};
const OLD_LABEL = "[a-z]([-a-z0-9]*[a-z0-9])?";
const SERVICE: NameForm = {
  pattern: new RegExp(`^${OLD_LABEL}$`),
  maxBytes: 63,
  message:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and " +
    `end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '${OLD_LABEL}')`,
};
const FORMS: Readonly<Record<string, NameForm>> = { service: SERVICE, namespace: DNS_LABEL };
const PATH_SEGMENTS = new Set(["role", "clusterrole", "rolebinding", "clusterrolebinding"]);

/** What is wrong with an object's name, by the rules of its kind. */
export function nameComplaint({ kind, name }: LintedObject): string | undefined {
  const problems = nameProblems(kind.toLowerCase(), name);
  if (problems.length === 0) return undefined;
  const errors = problems.map((problem) => `metadata.name: Invalid value: ${quote(name)}: ${problem}`);
  const text = errors.length === 1 ? errors[0] : `[${errors.join(", ")}]`;
  return `object name does not conform to Kubernetes naming requirements: ${quote(name)}: ${text}`;
}

function nameProblems(kind: string, name: string): string[] {
  if (kind === "certificatesigningrequest") return [];
  if (PATH_SEGMENTS.has(kind)) return segmentProblems(name);
  const { pattern, maxBytes, message } = FORMS[kind] ?? SUBDOMAIN;
  const problems: string[] = [];
  if (byteLength(name) > maxBytes) problems.push(`must be no more than ${maxBytes} characters`);
  // A label's dots have a message of their own, if they are all that is wrong.
  const isDotted = kind === "namespace" && SUBDOMAIN.pattern.test(name);
  if (!pattern.test(name)) problems.push(isDotted ? "must not contain dots" : message);
  return problems;
}

/** Names that only have to fit into a URL. */
function segmentProblems(name: string): string[] {
  if (name === "." || name === "..") return [`may not be '${name}'`];
  return ["/", "%"].filter((character) => name.includes(character)).map((character) =>
    `may not contain '${character}'`
  );
}

/** Says that a kind is deprecated in a version of Kubernetes, and what to use. */
export function deprecationComplaint({ apiVersion, kind }: LintedObject, kubeVersion: string): string | undefined {
  const found = deprecationOf(apiVersion, kind);
  const [, major = "0", minor = "0"] = /^v?(\d+)\.(\d+)/.exec(kubeVersion) ?? [];
  if (found === undefined || (Number(major) === 1 && found[0] > Number(minor))) return undefined;
  const [since, removed, instead] = found;
  const gone = removed === undefined ? "" : `, unavailable in v1.${removed}+`;
  const use = instead === undefined ? "" : `; use ${instead}`;
  return `${apiVersion} ${kind} is deprecated in v1.${since}+${gone}${use}`;
}

function deprecationOf(apiVersion: string, kind: string): Deprecation | undefined {
  const kinds = Object.hasOwn(DEPRECATED_KINDS, apiVersion) ? DEPRECATED_KINDS[apiVersion] ?? {} : {};
  if (Object.hasOwn(kinds, kind)) return kinds[kind];
  const item = kind.endsWith("List") ? kind.slice(0, -"List".length) : "";
  const [since, removed, instead] = (Object.hasOwn(kinds, item) ? kinds[item] : undefined) ?? [];
  return since === undefined ? undefined : [since, removed, instead && `${instead}List`];
}

const SELECTING = new Set(["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"]);

/** Says that a workload has no selector; any in its file will do. */
export function selectorComplaint({ kind, name }: LintedObject, file: string): string | undefined {
  if (!SELECTING.has(kind) || file.includes("matchLabels") || file.includes("matchExpressions")) return undefined;
  return `a ${kind} must contain matchLabels or matchExpressions, and ${quote(name)} does not`;
}

/** Says that Helm does not see an annotation, because it is within a list. */
export function listComplaint({ kind }: LintedObject, file: string): string | undefined {
  if (kind !== "List") return undefined;
  const list = parseYaml(file);
  const items = isTable(list) && Array.isArray(list["items"]) ? list["items"] : [];
  const isIgnored = items.some((item) => {
    const metadata = isTable(item) ? item["metadata"] : undefined;
    const annotations = isTable(metadata) ? metadata["annotations"] : undefined;
    return isTable(annotations) && Object.hasOwn(annotations, "helm.sh/resource-policy");
  });
  return isIgnored ? "annotation 'helm.sh/resource-policy' within List objects are ignored" : undefined;
}
