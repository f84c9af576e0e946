/**
 * Installing and upgrading a release through server-side apply.
 *
 * The order is Helm's: the chart's CRDs (first install only) → ownership → record `pending-*` → pre hooks → apply, kind by
 * kind → delete what is gone → post hooks → `deployed`, the revision before `superseded`, old ones pruned. A failure leaves a
 * record `failed` that says why.
 */
import { type Chart, isPending, type ReleaseRecord, type RenderResult, type Values } from "../helm/mod.ts";
import type { KubeClient } from "../kube/mod.ts";
import {
  type Applied,
  applyObjects,
  type ApplySettings,
  checkOwnership,
  deleteObjects,
  eachParallel,
  removedObjects,
} from "./apply.ts";
import { installCrds } from "./crds.ts";
import { ReleaseError } from "./errors.ts";
import { lastDeployed, prunedVersions, ReleaseHistory, type StoredRelease } from "./history.ts";
import { type HookSettings, runHooks } from "./hooks.ts";
import { labelled, manifestObjects, manifestText } from "./manifest.ts";
import { isKept, mark, objectId, type ReleaseObject, resolveObjects } from "./objects.ts";
import { newRecord, withStatus } from "./record.ts";

/** A release to bring about. */
export interface DeployRequest {
  readonly name: string;
  readonly namespace: string;
  readonly chart: Chart;
  /** The user's values, as given: what the record keeps. */
  readonly values: Values;
  readonly render: RenderResult;
  /** Labels for every object of the manifest (not hooks). */
  readonly labels: Readonly<Record<string, string>>;
  /** The release as `ReleaseHistory.list` read it just before. */
  readonly history: readonly StoredRelease[];
  /** Labels of the record's Secret, besides Helm's own. */
  readonly recordLabels?: Readonly<Record<string, string>>;
  /** Revisions kept. Default 3. */
  readonly maxHistory?: number;
  /** ms a hook may take. Default 300,000. */
  readonly hookTimeout?: number;
  /** Take fields that another manager owns. Default true. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

/** A deployed release. */
export interface Deployment {
  readonly record: ReleaseRecord;
  readonly applied: readonly Applied[];
}

/** ms after which a pending revision of somebody else's is held for abandoned. */
const PENDING_GRACE = 300_000;

/**
 * Installs the release, or upgrades it where the history has a deployed revision.
 *
 * @throws {ReleaseError} Nothing was applied for `MissingKinds`, `OwnershipConflict` and `Pending`; for the others the
 * failed revision is on record.
 */
export async function deploy(client: KubeClient, request: DeployRequest): Promise<Deployment> {
  refuseWhilePending(request);
  const previous = lastDeployed(request.history);
  const settings = applySettings(request);
  if (!previous) await installCrds(client, request.render.crds, settings);
  const documents = labelled(request.render.documents, request.labels);
  const targets = await resolveAll(client, documents.map((d) => d.object), request);
  const before = previous ? await previousObjects(client, previous, request.namespace) : [];
  await checkOwnership(client, removedObjects(targets, before), settings);

  const history = new ReleaseHistory(client, request.namespace, request.name);
  const pruned = prunedVersions(request.history, request.maxHistory ?? 3);
  await history.remove(pruned);
  const record = pendingRecord(request, manifestText(documents), previous);
  await history.create(record);
  try {
    const applied = await carryOut(client, request, targets, before, previous === undefined);
    const done = withStatus(record, "deployed", previous ? "Upgrade complete" : "Install complete");
    await history.update(done);
    await supersede(history, request.history.filter(({ record }) => !pruned.includes(record.version)));
    return { record: done, applied };
  } catch (error) {
    const operation = previous ? "Upgrade" : "Release";
    await noteFailure(history, record, `${operation} ${JSON.stringify(request.name)} failed`, error);
    throw error;
  }
}

/** Marks the revision as failed. Where not even that works, both failures are told: neither may hide the other. */
async function noteFailure(
  history: ReleaseHistory,
  record: ReleaseRecord,
  what: string,
  error: unknown,
): Promise<void> {
  try {
    await history.update(withStatus(record, "failed", `${what}: ${(error as Error).message}`));
  } catch (unnoted) {
    const message = `${(error as Error).message}; and its revision stays pending: ${(unnoted as Error).message}`;
    throw new ReleaseError("ApplyFailed", message, { cause: error });
  }
}

async function carryOut(
  client: KubeClient,
  request: DeployRequest,
  targets: readonly ReleaseObject[],
  before: readonly ReleaseObject[],
  install: boolean,
): Promise<Applied[]> {
  const hooks = hookSettings(request);
  await runHooks(client, request.render.hooks, install ? "pre-install" : "pre-upgrade", hooks);
  const applied = await applyObjects(client, targets, applySettings(request));
  await deleteGone(client, removedObjects(before, targets), request.signal);
  await runHooks(client, request.render.hooks, install ? "post-install" : "post-upgrade", hooks);
  return applied;
}

/** Resolves and marks the objects. Duplicates are refused: the later one would silently win. */
async function resolveAll(
  client: KubeClient,
  objects: readonly Record<string, unknown>[],
  request: DeployRequest,
): Promise<ReleaseObject[]> {
  const resolved = await resolveObjects(client.discovery, objects, request.namespace);
  if (resolved.missing.length > 0) {
    const kinds = resolved.missing.map((m) => `${m.kind} (${m.apiVersion})`).join(", ");
    const message = `The API server serves no ${kinds}: install the CRDs of these kinds`;
    throw new ReleaseError("MissingKinds", message, undefined, resolved.missing);
  }
  const seen = new Set<string>();
  for (const target of resolved.objects) {
    const id = objectId(target);
    if (seen.has(id)) {
      throw new ReleaseError(
        "ApplyFailed",
        `The chart renders ${target.resource.kind} "${target.name}" twice: rename one of them`,
      );
    }
    seen.add(id);
  }
  const marks = { releaseName: request.name, releaseNamespace: request.namespace, labels: {} };
  return resolved.objects.map((target) => ({ ...target, object: mark(target.object, marks) }));
}

/** What the deployed revision made. Kinds that the server no longer serves are gone with their CRD. */
async function previousObjects(
  client: KubeClient,
  previous: ReleaseRecord,
  namespace: string,
): Promise<ReleaseObject[]> {
  return (await resolveObjects(client.discovery, manifestObjects(previous.manifest), namespace)).objects;
}

/** Deletes objects that left the chart, but for those whose live state asks to be kept. */
async function deleteGone(client: KubeClient, gone: readonly ReleaseObject[], signal?: AbortSignal): Promise<void> {
  const call = signal ? { signal } : {};
  const lives = await eachParallel(gone, (t) => client.find(t.resource, t.name, t.namespace, call));
  await deleteObjects(client, gone.filter((_, i) => lives[i] !== undefined && !isKept(lives[i])), signal);
}

function refuseWhilePending(request: DeployRequest): void {
  const last = request.history.at(-1);
  if (!last || last.ours || !isPending(last.record)) return;
  const age = Date.now() - Date.parse(last.record.info.last_deployed);
  if (age > PENDING_GRACE) return;
  throw new ReleaseError(
    "Pending",
    `Release "${request.name}" is ${last.record.info.status} by another program since ` +
      `${last.record.info.last_deployed}: waiting for it to finish`,
  );
}

function pendingRecord(request: DeployRequest, manifest: string, previous: ReleaseRecord | undefined): ReleaseRecord {
  const first = request.history[0]?.record.info.first_deployed;
  return newRecord({
    name: request.name,
    namespace: request.namespace,
    version: (request.history.at(-1)?.record.version ?? 0) + 1,
    chart: request.chart,
    values: request.values,
    render: request.render,
    manifest,
    status: previous ? "pending-upgrade" : "pending-install",
    description: previous ? "Preparing upgrade" : "Initial install underway",
    now: new Date().toISOString(),
    ...(first === undefined ? {} : { firstDeployed: first }),
    ...(request.recordLabels ? { labels: request.recordLabels } : {}),
  });
}

/** Marks what was deployed before; pending revisions that nobody will finish are marked failed. */
async function supersede(history: ReleaseHistory, older: readonly StoredRelease[]): Promise<void> {
  for (const { record } of older) {
    if (record.info.status === "deployed") {
      await history.update(withStatus(record, "superseded", record.info.description));
    }
    if (isPending(record)) await history.update(withStatus(record, "failed", "Interrupted"));
  }
}

function applySettings(request: DeployRequest): ApplySettings {
  return {
    releaseName: request.name,
    releaseNamespace: request.namespace,
    force: request.force ?? true,
    ...(request.signal ? { signal: request.signal } : {}),
  };
}

function hookSettings(request: DeployRequest): HookSettings {
  return {
    namespace: request.namespace,
    timeout: request.hookTimeout ?? 300_000,
    ...(request.signal ? { signal: request.signal } : {}),
  };
}
