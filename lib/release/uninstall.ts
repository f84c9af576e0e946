/**
 * Uninstalling a release from its record alone: neither the chart nor its server is needed.
 *
 * It is done in passes, so that a caller never blocks: each pass does what can be done now and says what is still there.
 */
import type { HookDeletePolicy, HookEvent, ReleaseRecord } from "../helm/mod.ts";
import type { KubeClient } from "../kube/mod.ts";
import { parseYamlDocuments } from "../yaml/mod.ts";
import { deleteObjects, eachParallel } from "./apply.ts";
import { ReleaseHistory } from "./history.ts";
import { runHooks, type RunnableHook } from "./hooks.ts";
import { manifestObjects } from "./manifest.ts";
import { belongsTo, isKept, objectId, objectPath, type ReleaseObject, resolveObjects } from "./objects.ts";
import { withStatus } from "./record.ts";

/** A release to remove. */
export interface UninstallRequest {
  readonly name: string;
  readonly namespace: string;
  /** ms a hook may take. Default 300,000. */
  readonly hookTimeout?: number;
  readonly signal?: AbortSignal;
}

/** What a pass achieved. */
export type UninstallProgress =
  /** Nothing of the release is left. `kept` names objects that ask to outlive it. */
  | { readonly done: true; readonly kept: readonly string[] }
  /** Objects that are still there, e.g. held by a finalizer: come again when one of them changes. */
  | { readonly done: false; readonly remaining: readonly string[] };

/** One pass. Call again until `done`; every step may be repeated. */
export async function uninstall(client: KubeClient, request: UninstallRequest): Promise<UninstallProgress> {
  const history = new ReleaseHistory(client, request.namespace, request.name);
  const stored = await history.list(request.signal);
  const last = stored.at(-1)?.record;
  if (!last) return { done: true, kept: [] };

  if (last.info.status !== "uninstalling") {
    await runStoredHooks(client, last, "pre-delete", request);
    await history.update(withStatus(last, "uninstalling", "Deletion in progress (or silently failed)"));
  }
  const objects = await recordedObjects(client, stored.map(({ record }) => record), request.namespace);
  const { live, kept } = await ownedObjects(client, objects, request);
  if (live.length > 0) {
    await deleteObjects(client, live, request.signal);
    const remaining = (await ownedObjects(client, live, request)).live;
    if (remaining.length > 0) return { done: false, remaining: remaining.map(objectPath) };
  }
  await runStoredHooks(client, last, "post-delete", request);
  await history.remove(stored.map(({ record }) => record.version));
  return { done: true, kept };
}

/** Every object that any revision made, once; a failed upgrade may have left objects that no later revision knows. */
async function recordedObjects(
  client: KubeClient,
  records: readonly ReleaseRecord[],
  namespace: string,
): Promise<ReleaseObject[]> {
  const manifests = [...new Set(records.map((record) => record.manifest))];
  const { objects } = await resolveObjects(client.discovery, manifests.flatMap(manifestObjects), namespace);
  return [...new Map(objects.map((o) => [objectId(o), o])).values()];
}

/** Which of the objects exist and still belong to the release. */
async function ownedObjects(
  client: KubeClient,
  targets: readonly ReleaseObject[],
  request: UninstallRequest,
): Promise<{ live: ReleaseObject[]; kept: string[] }> {
  const call = request.signal ? { signal: request.signal } : {};
  const found = await eachParallel(targets, (t) => client.find(t.resource, t.name, t.namespace, call));
  const live: ReleaseObject[] = [];
  const kept: string[] = [];
  targets.forEach((target, i) => {
    const object = found[i];
    if (!object || !belongsTo(object, request.name, request.namespace)) return;
    if (isKept(object)) kept.push(objectPath(target));
    else live.push(target);
  });
  return { live, kept };
}

async function runStoredHooks(
  client: KubeClient,
  record: ReleaseRecord,
  event: HookEvent,
  request: UninstallRequest,
): Promise<void> {
  await runHooks(client, record.hooks.map(runnable), event, {
    namespace: request.namespace,
    timeout: request.hookTimeout ?? 300_000,
    ...(request.signal ? { signal: request.signal } : {}),
  });
}

/** A hook as the record keeps it, ready to run. */
function runnable(stored: Readonly<Record<string, unknown>>): RunnableHook {
  const [object] = parseYamlDocuments(String(stored["manifest"] ?? ""));
  return {
    name: String(stored["name"] ?? ""),
    kind: String(stored["kind"] ?? ""),
    source: String(stored["path"] ?? ""),
    object: object as Record<string, unknown>,
    events: (stored["events"] ?? []) as HookEvent[],
    weight: Number(stored["weight"] ?? 0),
    deletePolicies: (stored["delete_policies"] ?? []) as HookDeletePolicy[],
  };
}
