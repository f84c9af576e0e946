/** Objects and fields in words, for messages and for the columns of `kubectl get`; pure. */
import type { Locator } from "../../lib/transform/mod.ts";
import type { Plan, Ref } from "./plan.ts";

/** `ConfigMap default/foo`, `Deployments default (app=web)`. */
export function describe({ kind, namespace, which }: Ref): string {
  return "name" in which ? `${kind} ${namespace}/${which.name}` : `each ${kind} of ${namespace} with ${which.labels}`;
}

/** `ConfigMap default/foo data.key`, several with commas. */
export function sourcesInWords({ sources }: Plan): string {
  return sources.map(({ ref, locator }) => withPath(ref, locator)).join(", ");
}

/** `ConfigMap default/bar data.key`. */
export function targetInWords({ target, locator }: Plan): string {
  return withPath(target, locator);
}

function withPath(ref: Ref, { text }: Locator): string {
  return `${describe(ref)} ${text}`;
}
