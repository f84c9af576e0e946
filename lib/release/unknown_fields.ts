/**
 * Fields that a chart writes and the API server does not know.
 *
 * Client-side apply, and so Helm 3, loses them with a warning; server-side apply refuses the whole object. Charts in the
 * wild rely on the former, so such fields are left out, and named.
 */
import { KubeError, type KubeObject } from "../kube/mod.ts";

/** The paths that the server's refusal names, e.g. `.spec.template.spec.metadata`; none where it refuses for another reason. */
export function unknownFields(error: unknown): string[] {
  if (!(error instanceof KubeError)) return [];
  const message = error.status?.message ?? error.message;
  return [...message.matchAll(/(\.[^\s:]+(?:\[[^\]]*\][^\s:]*)*): field not declared in schema/g)].map((m) => m[1]!);
}

/** A copy of the object without one field; the same object where the path leads nowhere. */
export function withoutField(object: KubeObject, path: string): KubeObject {
  return without(object, stepsOf(path)) as KubeObject;
}

/** `.name`, `[3]`, or `[name="web",port=80]`: a field, an item by its place, an item by its keys. */
type Step = { readonly field: string } | { readonly index: number } | {
  readonly keys: Readonly<Record<string, unknown>>;
};

function stepsOf(path: string): Step[] {
  return [...path.matchAll(/\.([^.[]+)|\[(\d+)\]|\[([^\]]+)\]/g)].map(([, field, index, keys]): Step => {
    if (field !== undefined) return { field };
    return index !== undefined ? { index: Number(index) } : { keys: keysOf(keys!) };
  });
}

function keysOf(text: string): Record<string, unknown> {
  return Object.fromEntries(
    [...text.matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|[^,]+)/g)].map(([, k, v]) => [k!, JSON.parse(v!)]),
  );
}

function without(value: unknown, [step, ...rest]: readonly Step[]): unknown {
  if (step === undefined || value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    const at = "index" in step ? step.index : "keys" in step ? value.findIndex((item) => has(item, step.keys)) : -1;
    return rest.length === 0
      ? value.filter((_, i) => i !== at)
      : value.map((item, i) => i === at ? without(item, rest) : item);
  }
  if (!("field" in step) || !Object.hasOwn(value, step.field)) return value;
  const { [step.field]: inner, ...others } = value as Record<string, unknown>;
  return rest.length === 0 ? others : { ...value, [step.field]: without(inner, rest) };
}

function has(item: unknown, keys: Readonly<Record<string, unknown>>): boolean {
  if (item === null || typeof item !== "object") return false;
  return Object.entries(keys).every(([k, v]) => (item as Record<string, unknown>)[k] === v);
}
