/** Applying the objects of a release: ownership first, then server-side apply kind by kind. */
import { type KubeClient, KubeError, type KubeObject } from "../kube/mod.ts";
import { ReleaseError } from "./errors.ts";
import { canonical } from "./drift.ts";
import { belongsTo, objectId, objectPath, type ReleaseObject } from "./objects.ts";
import { unknownFields, withoutField } from "./unknown_fields.ts";

/** The field manager of chart objects: Helm's own, so that its CLI can take over and hand back. */
export const HELM_MANAGER = "helm";

/** How to apply. */
export interface ApplySettings {
  readonly releaseName: string;
  readonly releaseNamespace: string;
  /** Take fields that another manager owns (and heal hand edits). */
  readonly force: boolean;
  readonly signal?: AbortSignal;
}

/** An object of the release as the server now has it. */
export interface Applied {
  /** As it was applied. */
  readonly target: ReleaseObject;
  readonly live: KubeObject;
  /** Fields of the chart that the server does not know; they were left out. */
  readonly ignored: readonly string[];
}

/** Requests at once within one kind. */
const PARALLEL = 8;

/**
 * Refuses to take over objects that exist and belong to somebody else, all of them in one message.
 *
 * @throws {ReleaseError} `OwnershipConflict`
 */
export async function checkOwnership(
  client: KubeClient,
  targets: readonly ReleaseObject[],
  settings: ApplySettings,
): Promise<void> {
  const foreign: string[] = [];
  // A consistent read: by a cache that lags, an object that somebody just made would be taken over.
  const look = options(settings.signal);
  await eachParallel(targets, async (target) => {
    const live = await client.find(target.resource, target.name, target.namespace, look);
    if (live && !belongsTo(live, settings.releaseName, settings.releaseNamespace)) foreign.push(objectPath(target));
  });
  if (foreign.length === 0) return;
  throw new ReleaseError(
    "OwnershipConflict",
    `Cannot install release "${settings.releaseName}": ${
      foreign.sort().join(", ")
    } exists and belongs to something else: ` +
      `delete it, rename it in the values, or hand it over by setting label app.kubernetes.io/managed-by=Helm and annotations ` +
      `meta.helm.sh/release-name=${settings.releaseName}, meta.helm.sh/release-namespace=${settings.releaseNamespace} on it`,
  );
}

/** Applies the objects in their order; those of one kind that follow one another go together. */
export async function applyObjects(
  client: KubeClient,
  targets: readonly ReleaseObject[],
  settings: ApplySettings,
): Promise<Applied[]> {
  const applied: Applied[] = [];
  for (const group of runsOfKind(targets)) {
    applied.push(...await eachParallel(group, (target) => applyObject(client, target, settings)));
  }
  return applied;
}

/**
 * Applies one object; fields that the server does not know are left out and named.
 *
 * @throws {ReleaseError} `ApplyConflict` where another manager owns a field and `force` is off, `ApplyFailed` where the
 * server refuses the object. Failures that can heal by themselves stay `KubeError`s.
 */
export async function applyObject(
  client: KubeClient,
  target: ReleaseObject,
  settings: ApplySettings,
  dryRun = false,
): Promise<Applied> {
  let object = target.object;
  const ignored: string[] = [];
  for (;;) {
    try {
      const live = await client.apply(target.resource, object, {
        fieldManager: HELM_MANAGER,
        force: settings.force,
        fieldValidation: "Warn",
        ...(dryRun ? { dryRun } : {}),
        ...options(settings.signal),
      });
      return { target: ignored.length > 0 ? { ...target, object } : target, live, ignored };
    } catch (error) {
      const without = unknownFields(error).reduce(withoutField, object);
      if (canonical(without) === canonical(object)) throw explain(error, target);
      ignored.push(...unknownFields(error));
      object = without;
    }
  }
}

function explain(error: unknown, target: ReleaseObject): unknown {
  if (!(error instanceof KubeError)) return error;
  const where = `${target.resource.kind} ${objectPath(target)}`;
  if (error.code === 409 && error.reason === "Conflict") {
    return new ReleaseError("ApplyConflict", `Cannot apply ${where}: ${error.message}`, { cause: error });
  }
  if (error.code === 400 || error.code === 403 || error.code === 422) {
    return new ReleaseError("ApplyFailed", `Cannot apply ${where}: ${error.message}`, { cause: error });
  }
  return error;
}

/** Deletes objects in reverse order, children in the background. Already gone is fine. */
export async function deleteObjects(
  client: KubeClient,
  targets: readonly ReleaseObject[],
  signal?: AbortSignal,
): Promise<void> {
  for (const group of runsOfKind([...targets].reverse())) {
    await eachParallel(
      group,
      (t) => client.delete(t.resource, t.name, t.namespace, { propagationPolicy: "Background", ...options(signal) }),
    );
  }
}

/** The objects of `before` that `after` no longer has. */
export function removedObjects(before: readonly ReleaseObject[], after: readonly ReleaseObject[]): ReleaseObject[] {
  const kept = new Set(after.map(objectId));
  return before.filter((o) => !kept.has(objectId(o)));
}

function options(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}

/** Cuts a list where the kind changes. */
function runsOfKind(targets: readonly ReleaseObject[]): ReleaseObject[][] {
  const runs: ReleaseObject[][] = [];
  for (const target of targets) {
    const last = runs.at(-1);
    if (last && last[0]!.resource.kind === target.resource.kind) last.push(target);
    else runs.push([target]);
  }
  return runs;
}

/** Runs `work` over all items, a few at a time; the first rejection wins once those under way have ended. */
export async function eachParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const i = next++;
      results[i] = await work(items[i]!);
    }
  };
  const lanes = Array.from({ length: Math.min(PARALLEL, items.length) }, lane);
  const settled = await Promise.allSettled(lanes);
  const failure = settled.find((s) => s.status === "rejected");
  if (failure) throw failure.reason;
  return results;
}
