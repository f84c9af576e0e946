/** Merging an applied configuration into an object. */
import { cloneJson, isObject, type JsonObject, setField } from "../json_value.ts";
import { atomOf, type Known } from "./atom.ts";

/** `live` with everything that `config` says; neither is changed. */
export function merge(schema: Known, live: unknown, config: unknown): unknown {
  if (config === undefined) return cloneJson(live);
  if (live === undefined) return cloneJson(config);
  const atom = atomOf(schema, config ?? live);
  if (atom.type === "map" && (isObject(live) || live === null) && (isObject(config) || config === null)) {
    if (isEmpty(live) && isEmpty(config)) return cloneJson(config);
    return mergeMaps(atom.field, live ?? {}, config ?? {});
  }
  if (atom.type === "list" && (Array.isArray(live) || live === null) && (Array.isArray(config) || config === null)) {
    if (isEmpty(live) && isEmpty(config)) return cloneJson(config);
    return mergeLists(atom.element, atom.items, live ?? [], config ?? []);
  }
  return cloneJson(config);
}

function isEmpty(value: JsonObject | readonly unknown[] | null): boolean {
  return value === null || Object.keys(value).length === 0;
}

function mergeMaps(field: (key: string) => Known, live: JsonObject, config: JsonObject): JsonObject {
  const merged: JsonObject = {};
  for (const key of Object.keys(live)) {
    const wanted = Object.hasOwn(config, key) ? config[key] : undefined;
    setField(merged, key, merge(field(key), live[key], wanted));
  }
  for (const key of Object.keys(config)) {
    if (!Object.hasOwn(live, key)) setField(merged, key, cloneJson(config[key]));
  }
  return merged;
}

/**
 * Items of the configuration in its order; items that only the object has stay behind the item that they followed.
 */
function mergeLists(
  element: (item: unknown) => string,
  items: Known,
  live: readonly unknown[],
  config: readonly unknown[],
): unknown[] {
  const liveNames = live.map(element);
  const configNames = config.map(element);
  const inConfig = new Map(configNames.map((name, index) => [name, config[index]]));
  const inLive = new Map<string, unknown>();
  // Items that come twice have no identity: they are replaced, not merged.
  for (const [index, name] of liveNames.entries()) inLive.set(name, inLive.has(name) ? undefined : live[index]);
  const shared = configNames.filter((name) => inLive.has(name));
  const merged: unknown[] = [];
  const done = new Set<string>();
  let l = 0;
  let r = 0;
  const takeConfig = (name: string) => {
    done.add(name);
    merged.push(merge(items, inLive.get(name), inConfig.get(name)));
    if (shared[0] === name) shared.shift();
    r++;
  };
  while (l < liveNames.length || r < configNames.length) {
    const liveName = liveNames[l];
    const configName = configNames[r];
    if (liveName !== undefined && configName !== undefined) {
      if (liveName === configName) {
        takeConfig(liveName);
        l++;
        continue;
      }
      if (inConfig.has(liveName) && shared[0] !== undefined && shared[0] !== liveName) {
        l++;
        continue;
      }
    }
    if (liveName !== undefined) {
      if (!inConfig.has(liveName)) {
        merged.push(cloneJson(live[l]));
        l++;
        continue;
      }
      if (done.has(liveName)) l++;
    }
    if (configName !== undefined) takeConfig(configName);
  }
  return merged;
}
