/** ValidatingAdmissionPolicies and their bindings, enforced on every write. */
import type { KubeObject } from "../../kube/mod.ts";
import { userInfo } from "../access.ts";
import type { Admission, AdmissionRequest, Core } from "../core.ts";
import { isObject, type JsonObject } from "../json_value.ts";
import { toCel } from "../schema/mod.ts";
import { ApiError, qualifiedResource, type StatusReason } from "../status.ts";
import type { Entry } from "../storage/mod.ts";
import { matches, type MatchResources, matchResourcesOf } from "./matching.ts";
import { compilePolicy, firstLine, type Policy, type Validation } from "./policy.ts";

const GROUP = "admissionregistration.k8s.io";
const POLICIES = `${GROUP}/validatingadmissionpolicies`;
const BINDINGS = `${GROUP}/validatingadmissionpolicybindings`;

interface Binding {
  readonly name: string;
  readonly policyName: string;
  readonly actions: readonly string[];
  readonly match: MatchResources;
}

/** A reason to refuse a request. */
interface Denial {
  readonly message: string;
  readonly reason: string | undefined;
}

/** Policies and bindings are compiled once a stored state. */
const policies = new WeakMap<Entry, Policy>();
const bindings = new WeakMap<Entry, Binding>();

/** Admission by the policies that are stored at the time. */
export function policyAdmission(core: Core): Admission {
  return (request, warnings) => {
    const bound = core.store.collection(BINDINGS);
    // Policies do not guard themselves, or a wrong one could never be removed.
    if (bound.size === 0 || request.served.group === GROUP) return;
    const namespace = namespaceOf(core, request);
    for (const entry of bound.list()) {
      const binding = remember(bindings, entry, () => bindingOf(entry.object));
      const policyEntry = core.store.get(POLICIES, undefined, binding.policyName);
      if (policyEntry === undefined) continue;
      const policy = remember(policies, policyEntry, () => compilePolicy(policyEntry.object));
      const labels = namespace?.metadata.labels;
      if (!matches(policy.match, request, labels) || !matches(binding.match, request, labels)) continue;
      const denial = evaluate(policy, request, namespace);
      if (denial !== undefined) enforce(policy, binding, denial, request, warnings);
    }
  };
}

function remember<T>(known: WeakMap<Entry, T>, entry: Entry, make: () => T): T {
  let value = known.get(entry);
  if (value === undefined) known.set(entry, value = make());
  return value;
}

function bindingOf({ metadata, spec }: KubeObject): Binding {
  const given = isObject(spec) ? spec : {};
  return {
    name: metadata.name,
    policyName: String(given.policyName),
    actions: Array.isArray(given.validationActions) ? given.validationActions.map(String) : [],
    match: matchResourcesOf(given.matchResources),
  };
}

function namespaceOf(core: Core, { served, namespace, object, oldObject }: AdmissionRequest): KubeObject | undefined {
  if (served.resource === "/namespaces") return object ?? oldObject;
  return namespace === undefined ? undefined : core.store.get("/namespaces", undefined, namespace)?.object;
}

function evaluate(policy: Policy, request: AdmissionRequest, namespace: KubeObject | undefined): Denial | undefined {
  const variables = variablesOf(policy, request, namespace);
  try {
    for (const { name, expression } of policy.conditions) {
      try {
        if (expression(variables) !== true) return undefined;
      } catch (error) {
        throw new Error(`match condition '${name}' resulted in error: ${firstLine(error)}`);
      }
    }
  } catch (error) {
    return policy.failClosed ? { message: firstLine(error), reason: undefined } : undefined;
  }
  for (const validation of policy.validations) {
    const denial = judge(validation, variables, policy.failClosed);
    if (denial !== undefined) return denial;
  }
  return undefined;
}

function judge(validation: Validation, variables: JsonObject, failClosed: boolean): Denial | undefined {
  const { source, reason } = validation;
  try {
    if (validation.expression(variables) === true) return undefined;
  } catch (error) {
    if (!failClosed) return undefined;
    return { message: `expression '${source}' resulted in error: ${firstLine(error)}`, reason };
  }
  return { message: messageOf(validation, variables), reason };
}

/** A message expression that fails, or gives no text of one line, gives way to the message. */
function messageOf({ source, message, messageExpression }: Validation, variables: JsonObject): string {
  const otherwise = message ?? `failed expression: ${source}`;
  if (messageExpression === undefined) return otherwise;
  try {
    const text = messageExpression(variables);
    return typeof text === "string" && text.trim() !== "" && !text.includes("\n") ? text : otherwise;
  } catch {
    return otherwise;
  }
}

function enforce(
  policy: Policy,
  binding: Binding,
  denial: Denial,
  request: AdmissionRequest,
  warnings: string[],
): void {
  const about = `ValidatingAdmissionPolicy '${policy.name}' with binding '${binding.name}'`;
  if (binding.actions.includes("Warn")) {
    warnings.push(`Validation failed for ${about}: ${denial.message}`);
  }
  if (!binding.actions.includes("Deny")) return;
  const message = `${about} denied request: ${denial.message}`;
  const { group, plural } = request.served;
  throw new ApiError(
    reasonOf(denial),
    `${qualifiedResource(request.served)} "${request.name || "Unknown"}" is forbidden: ${message}`,
    { name: request.name, ...(group === "" ? {} : { group }), kind: plural, causes: [{ message }] },
  );
}

const REASONS: readonly StatusReason[] = ["Forbidden", "RequestEntityTooLarge", "Unauthorized"];

function reasonOf({ reason }: Denial): StatusReason {
  return REASONS.find((known) => known === reason) ?? "Invalid";
}

/** What expressions can speak of. `variables` are evaluated when they are used. */
function variablesOf(policy: Policy, request: AdmissionRequest, namespace: KubeObject | undefined): JsonObject {
  const own: JsonObject = {};
  const all: JsonObject = {
    object: toCel(undefined, request.object ?? null),
    oldObject: toCel(undefined, request.oldObject ?? null),
    request: toCel(undefined, requestOf(request)),
    namespaceObject: toCel(undefined, namespace ?? null),
    params: null,
    variables: own,
  };
  for (const { name, expression } of policy.variables) {
    Object.defineProperty(own, name, {
      enumerable: true,
      configurable: true,
      get() {
        const value = expression(all);
        Object.defineProperty(own, name, { value, enumerable: true });
        return value;
      },
    });
  }
  return all;
}

function requestOf(request: AdmissionRequest): JsonObject {
  const { served, version, operation, subresource, name, namespace, user, dryRun } = request;
  const { group, kind, plural } = served;
  const ofKind = { group, version: version.name, kind };
  const ofResource = { group, version: version.name, resource: plural };
  return {
    uid: crypto.randomUUID(),
    kind: ofKind,
    requestKind: ofKind,
    resource: ofResource,
    requestResource: ofResource,
    ...(subresource === undefined ? {} : { subResource: subresource, requestSubResource: subresource }),
    name,
    ...(namespace === undefined ? {} : { namespace }),
    operation,
    userInfo: userInfo(user),
    dryRun,
  };
}
