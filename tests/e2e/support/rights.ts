/** What a ServiceAccount asked of the API server, beside what its roles let it do. */
import type { KubeObject } from "../../../lib/kube/mod.ts";

/** One line of the API server's audit log, as far as it is read here. */
export interface AuditEntry {
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  /** Whom the caller acted as. */
  readonly impersonatedUser?: { readonly username: string };
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly apiGroup?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly verbs: readonly string[];
}

/** Reads an audit log. Its last line may be under way. */
export async function readAudit(path: string): Promise<AuditEntry[]> {
  const lines = (await Deno.readTextFile(path)).split("\n");
  return lines.slice(0, -1).map((line) => JSON.parse(line));
}

/** What RBAC refused, each once: `patch configmaps` with one place where it happened. */
export function refusals(entries: readonly AuditEntry[]): Map<string, string> {
  const refused = new Map<string, string>();
  for (const entry of entries) {
    const decision = entry.annotations?.["authorization.k8s.io/decision"];
    // Whoever may not impersonate is refused before anything is decided; admission refuses after it was allowed.
    if (decision !== "forbid" && (decision !== undefined || entry.responseStatus?.code !== 403)) continue;
    const as = entry.impersonatedUser === undefined ? "" : ` as ${entry.impersonatedUser.username}`;
    refused.set(`${entry.verb} ${resourceOf(entry)}${as}`, entry.requestURI);
  }
  return refused;
}

/** The verbs of a role that nobody needed: `delete customresourcedefinitions.apiextensions.k8s.io`. */
export function unused(role: KubeObject, entries: readonly AuditEntry[]): string[] {
  const used = new Set(entries.map((entry) => `${entry.verb} ${resourceOf(entry)}`));
  const asked = (verb: string, resource: string, group: string) => {
    if (resource !== "*") return used.has(`${verb} ${qualified(resource, group)}`);
    return [...used].some((what) => what.startsWith(`${verb} `) && what.endsWith(`.${group}`));
  };
  const left: string[] = [];
  for (const { apiGroups = [], resources = [], verbs } of (role["rules"] ?? []) as Rule[]) {
    for (const group of apiGroups) {
      for (const resource of resources) {
        for (const verb of verbs) if (!asked(verb, resource, group)) left.push(`${verb} ${qualified(resource, group)}`);
      }
    }
  }
  return left;
}

/** `deployments/status.apps`; the path of what is no resource. */
function resourceOf({ objectRef, requestURI }: AuditEntry): string {
  if (objectRef?.resource === undefined) return requestURI;
  const { resource, subresource, apiGroup } = objectRef;
  return qualified(subresource === undefined ? resource : `${resource}/${subresource}`, apiGroup ?? "");
}

function qualified(resource: string, group: string): string {
  return group === "" ? resource : `${resource}.${group}`;
}
