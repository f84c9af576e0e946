/** Which requests a policy or binding is about. */
import type { AdmissionRequest } from "../core.ts";
import { isObject, type JsonObject } from "../json_value.ts";
import { type LabelMatcher, labelSelectorMatcher } from "../selectors/mod.ts";

interface ResourceRule {
  readonly groups: readonly string[];
  readonly versions: readonly string[];
  readonly resources: readonly string[];
  readonly operations: readonly string[];
  readonly names: readonly string[];
  readonly scope: string;
}

/** `matchConstraints` of a policy, `matchResources` of a binding. */
export interface MatchResources {
  /** Absent: every resource. */
  readonly rules: readonly ResourceRule[] | undefined;
  readonly excluded: readonly ResourceRule[];
  readonly objects: LabelMatcher | undefined;
  readonly namespaces: LabelMatcher | undefined;
  /** Whether another version of the same resource counts as named. */
  readonly equivalent: boolean;
}

/** Reads it from JSON. */
export function matchResourcesOf(value: unknown): MatchResources {
  const given = isObject(value) ? value : {};
  return {
    rules: Array.isArray(given.resourceRules) ? given.resourceRules.filter(isObject).map(ruleOf) : undefined,
    excluded: Array.isArray(given.excludeResourceRules) ? given.excludeResourceRules.filter(isObject).map(ruleOf) : [],
    objects: selectorOf(given.objectSelector),
    namespaces: selectorOf(given.namespaceSelector),
    equivalent: given.matchPolicy !== "Exact",
  };
}

function selectorOf(selector: unknown): LabelMatcher | undefined {
  return isObject(selector) && Object.keys(selector).length > 0 ? labelSelectorMatcher(selector) : undefined;
}

function ruleOf(rule: JsonObject): ResourceRule {
  const texts = (value: unknown) => Array.isArray(value) ? value.map(String) : [];
  return {
    groups: texts(rule.apiGroups),
    versions: texts(rule.apiVersions),
    resources: texts(rule.resources),
    operations: texts(rule.operations),
    names: texts(rule.resourceNames),
    scope: typeof rule.scope === "string" ? rule.scope : "*",
  };
}

/** Whether a request is meant. @param namespaceLabels Labels of the request's namespace, absent for cluster-scoped objects. */
export function matches(
  match: MatchResources,
  request: AdmissionRequest,
  namespaceLabels: Readonly<Record<string, string>> | undefined,
): boolean {
  const named = (rule: ResourceRule) => matchesRule(rule, request, match.equivalent);
  if (match.rules !== undefined && !match.rules.some(named)) return false;
  if (match.excluded.some(named)) return false;
  if (match.namespaces !== undefined && namespaceLabels !== undefined && !match.namespaces(namespaceLabels)) {
    return false;
  }
  const { objects } = match;
  if (objects === undefined) return true;
  return [request.object, request.oldObject].some((object) =>
    object !== undefined && objects(object.metadata.labels ?? {})
  );
}

function matchesRule(rule: ResourceRule, request: AdmissionRequest, equivalent: boolean): boolean {
  const { served, version, operation, subresource, name } = request;
  const versions = equivalent ? served.definition.versions.map((other) => other.name) : [version.name];
  return includes(rule.groups, served.group) &&
    versions.some((candidate) => includes(rule.versions, candidate)) &&
    includes(rule.operations, operation) &&
    matchesResource(rule.resources, served.plural, subresource) &&
    (rule.names.length === 0 || rule.names.includes(name)) &&
    (rule.scope === "*" || rule.scope === (served.namespaced ? "Namespaced" : "Cluster"));
}

function includes(allowed: readonly string[], value: string): boolean {
  return allowed.includes("*") || allowed.includes(value);
}

/** `*` means all resources without subresources, `pods/*` all subresources of one, and both stars all subresources of all. */
function matchesResource(resources: readonly string[], plural: string, subresource: string | undefined): boolean {
  return resources.some((resource) => {
    const [wantedPlural, wantedSub] = resource.split("/");
    if (wantedPlural !== "*" && wantedPlural !== plural) return false;
    return wantedSub === undefined ? subresource === undefined : wantedSub === "*" || wantedSub === subresource;
  });
}
