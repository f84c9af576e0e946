/** The document of a server-side apply that holds some places of an object and nothing else; pure. */
import type { KubeObject } from "../../../lib/kube/mod.ts";
import { type FieldPath, isArray, isObject, type Json, type JsonObject } from "../../../lib/transform/mod.ts";
import { listKindOf, type Owned, ownedBelow, ownedOf, stepInto } from "./managed_fields.ts";

/** A value and where it goes. */
export interface Placed {
  readonly path: FieldPath;
  readonly value: Json;
}

/**
 * What to apply so that the values stand at their places. An element of a list goes by its merge keys, which the object's
 * own `managedFields` tell.
 *
 * @param live The object as the server has it, with `managedFields` where a path leads into a list.
 * @returns `undefined` where an apply cannot express it: the list is atomic, or the element would become another one.
 */
export function applyDocument(live: KubeObject, placed: readonly Placed[]): KubeObject | undefined {
  const { apiVersion, kind, metadata: { name, namespace, uid, managedFields } } = live;
  const owned = ownedOf(managedFields);
  let content: Json = {};
  for (const { path, value } of placed) {
    const next = withPlace({ document: content, live: live as unknown as Json, owned }, path, value);
    if (next === undefined) return undefined;
    content = next;
  }
  const fields = content as Record<string, unknown>;
  // The uid keeps the value off a successor of the same name, and an apply from creating the object.
  const identity = { name, ...(namespace && { namespace }), ...(uid && { uid }) };
  return { ...fields, apiVersion, kind, metadata: { ...(fields["metadata"] as object), ...identity } };
}

interface Context {
  readonly document: Json | undefined;
  readonly live: Json | undefined;
  readonly owned: readonly Owned[];
}

function withPlace(context: Context, path: FieldPath, value: Json): Json | undefined {
  const [segment, ...rest] = path;
  if (segment === undefined) return value;
  if (segment.kind === "field") {
    const { name } = segment;
    const document = isObject(context.document) ? context.document : {};
    const next = withPlace(
      {
        document: document[name],
        live: stepInto(context.live, segment),
        owned: ownedBelow(context.owned, segment),
      },
      rest,
      value,
    );
    return next === undefined ? undefined : { ...document, [name]: next };
  }
  return segment.kind === "index" ? withElement(context, segment.index, rest, value) : undefined;
}

function withElement(
  { document, live, owned }: Context,
  index: number,
  rest: FieldPath,
  value: Json,
): Json | undefined {
  const kind = listKindOf(owned);
  const items = isArray(live) ? live : [];
  if (kind.type !== "map" || index > items.length) return undefined;
  const element = items[index];
  const isWhole = rest.length === 0;
  const key = keyOfElement(isWhole ? value : element, kind.keys);
  if (key === undefined) return undefined;
  // Another key would be another element, beside the one that was meant.
  if (isWhole && element !== undefined && !hasKey(element, key)) return undefined;
  const others = isArray(document) ? document : [];
  const at = others.findIndex((one) => hasKey(one, key));
  const below = ownedBelow(owned, { kind: "index", index }, element);
  const next = withPlace({ document: others[at], live: element, owned: below }, rest, value);
  if (!isObject(next)) return undefined;
  const entry = { ...key, ...next };
  return at < 0 ? [...others, entry] : others.with(at, entry);
}

function keyOfElement(element: Json | undefined, keys: readonly string[]): JsonObject | undefined {
  if (!isObject(element)) return undefined;
  // A key that is absent has a default, which the server knows.
  const entries = keys.flatMap((key): [string, Json][] => {
    const value = element[key];
    return value === undefined ? [] : [[key, value]];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function hasKey(element: Json, key: JsonObject): boolean {
  return isObject(element) && Object.entries(key).every(([name, value]) => element[name] === value);
}
