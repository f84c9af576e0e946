/**
 * The schemas of the built-in kinds: text that comes with the module, parsed file by file when a kind is first asked for.
 *
 * Text imports, not JSON imports: they are bundled just as well, can be read synchronously, and nothing is parsed at start.
 * See `schemas/NOTICE` for where the data comes from and `tools/builtin_schemas.ts` for how.
 */
import admissionregistration from "./schemas/admissionregistration.v1.json" with { type: "text" };
import apiextensions from "./schemas/apiextensions.v1.json" with { type: "text" };
import apimachinery from "./schemas/apimachinery.json" with { type: "text" };
import apiregistration from "./schemas/apiregistration.v1.json" with { type: "text" };
import apps from "./schemas/apps.v1.json" with { type: "text" };
import authentication from "./schemas/authentication.v1.json" with { type: "text" };
import authorization from "./schemas/authorization.v1.json" with { type: "text" };
import autoscalingV1 from "./schemas/autoscaling.v1.json" with { type: "text" };
import autoscalingV2 from "./schemas/autoscaling.v2.json" with { type: "text" };
import batch from "./schemas/batch.v1.json" with { type: "text" };
import certificates from "./schemas/certificates.v1.json" with { type: "text" };
import coordination from "./schemas/coordination.v1.json" with { type: "text" };
import core from "./schemas/core.v1.json" with { type: "text" };
import discovery from "./schemas/discovery.v1.json" with { type: "text" };
import events from "./schemas/events.v1.json" with { type: "text" };
import flowcontrol from "./schemas/flowcontrol.v1.json" with { type: "text" };
import networking from "./schemas/networking.v1.json" with { type: "text" };
import omittedZeros from "./schemas/omitted_zeros.json" with { type: "text" };
import node from "./schemas/node.v1.json" with { type: "text" };
import policy from "./schemas/policy.v1.json" with { type: "text" };
import rbac from "./schemas/rbac.v1.json" with { type: "text" };
import scheduling from "./schemas/scheduling.v1.json" with { type: "text" };
import storage from "./schemas/storage.v1.json" with { type: "text" };
import { isObject, type JsonObject } from "../json_value.ts";

/** Text of each file, by the package of Go types whose names its entries begin with. */
const TEXTS: Readonly<Record<string, string>> = {
  "io.k8s.api.admissionregistration.v1": admissionregistration,
  "io.k8s.api.apps.v1": apps,
  "io.k8s.api.authentication.v1": authentication,
  "io.k8s.api.authorization.v1": authorization,
  "io.k8s.api.autoscaling.v1": autoscalingV1,
  "io.k8s.api.autoscaling.v2": autoscalingV2,
  "io.k8s.api.batch.v1": batch,
  "io.k8s.api.certificates.v1": certificates,
  "io.k8s.api.coordination.v1": coordination,
  "io.k8s.api.core.v1": core,
  "io.k8s.api.discovery.v1": discovery,
  "io.k8s.api.events.v1": events,
  "io.k8s.api.flowcontrol.v1": flowcontrol,
  "io.k8s.api.networking.v1": networking,
  "io.k8s.api.node.v1": node,
  "io.k8s.api.policy.v1": policy,
  "io.k8s.api.rbac.v1": rbac,
  "io.k8s.api.scheduling.v1": scheduling,
  "io.k8s.api.storage.v1": storage,
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1": apiextensions,
  "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1": apiregistration,
};

const REFERENCE = "#/components/schemas/";
const parsed = new Map<string, Readonly<Record<string, JsonObject>>>();

/** The types of a file. Whatever is in no other file is of Kubernetes' common machinery. */
function typesOf(text: string): Readonly<Record<string, JsonObject>> {
  let types = parsed.get(text);
  // The one cast of this folder: the files are our own, written by tools/builtin_schemas.ts.
  if (types === undefined) parsed.set(text, types = JSON.parse(text) as Record<string, JsonObject>);
  return types;
}

/**
 * A type as the real server publishes it, references unresolved.
 *
 * @param name e.g. `io.k8s.api.apps.v1.Deployment`
 * @throws RangeError when there is no such type
 */
export function componentOf(name: string): Readonly<JsonObject> {
  const component = typesOf(TEXTS[name.slice(0, name.lastIndexOf("."))] ?? apimachinery)[name];
  if (component === undefined) {
    throw new RangeError(`Cannot find the built-in type "${name}": see tools/builtin_schemas.ts`);
  }
  return component;
}

let zeros: Readonly<Record<string, readonly string[]>> | undefined;

/** The scalar fields of a type that the server leaves out when they are `""`, 0 or false. */
export function omittedZerosOf(name: string): readonly string[] {
  // A cast for the same reason as above.
  zeros ??= JSON.parse(omittedZeros) as Record<string, readonly string[]>;
  return zeros[name] ?? [];
}

/** The name in `{"$ref": "#/components/schemas/NAME"}`. */
export function referenceOf(node: Readonly<JsonObject>): string | undefined {
  const reference = node["$ref"];
  return typeof reference === "string" ? reference.slice(REFERENCE.length) : undefined;
}

/**
 * `components.schemas` of an OpenAPI document: the types named and all that they refer to, as the real server publishes them.
 *
 * @param names e.g. `["io.k8s.api.apps.v1.Deployment"]`
 */
export function builtinComponents(names: readonly string[]): Record<string, Readonly<JsonObject>> {
  const components: Record<string, Readonly<JsonObject>> = {};
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name in components) continue;
    const component = componentOf(name);
    components[name] = component;
    collectReferences(component, waiting);
  }
  return components;
}

function collectReferences(value: unknown, into: string[]): void {
  if (Array.isArray(value)) { for (const item of value) collectReferences(item, into); }
  if (!isObject(value)) return;
  const name = referenceOf(value);
  if (name !== undefined) into.push(name);
  for (const key of Object.keys(value)) collectReferences(value[key], into);
}
