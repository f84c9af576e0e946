/** Acting: writes, notes, and what undoes them. */
import { type ApiResource, isKubeError, type KubeClient, type KubeObject } from "../../lib/kube/mod.ts";
import { compilePath, formatFieldPath, type Json } from "../../lib/transform/mod.ts";
import type { SeenTarget } from "./api.ts";
import { existing } from "./compare.ts";
import { PatchError } from "./errors.ts";
import type { Written } from "./memory.ts";
import { fingerprint } from "./observe.ts";
import type { Pass, ReconcilerParts, TargetState } from "./pass.ts";
import { MANAGER_PREFIX, type Plan, type WayOut, wayOutOf } from "./plan.ts";
import {
  applyDocument,
  blockers,
  editOperations,
  listOperations,
  managersOf,
  rivalsOf,
  withoutManager,
} from "./write/mod.ts";

/** Writes the value into every target that does not hold it. One that fails does not keep the others from it. */
export async function writeTargets(parts: ReconcilerParts, pass: Pass): Promise<void> {
  const { wish, memory, plan } = pass;
  if (wish === undefined || plan === undefined) return;
  const failures: unknown[] = [];
  for (const target of wish.targets.filter(({ current }) => !current)) {
    try {
      remember(pass, target, await writeTarget(parts, pass, plan, target), wish.hash);
    } catch (error) {
      failures.push(error);
    }
  }
  const [failure] = failures;
  if (failure !== undefined) throw failure;
  memory.sources = wish.sources;
  memory.hash = wish.hash;
}

/** Notes what stands in the targets before they are written for the first time. */
export function noteTargets({ wish, memory }: Pass): void {
  for (const { object, placed } of wish?.targets ?? []) {
    const known = memory.written.get(object.metadata.uid ?? "");
    if (known?.seen.original !== undefined) continue;
    const original = placed.map(({ path }) => {
      const value = existing(object as unknown as Json, path);
      return { path: formatFieldPath(path), ...(value === undefined ? {} : { value }) };
    });
    const seen = { ...(known?.seen ?? seenAs(object, "")), original };
    memory.written.set(seen.uid, { ...(known ?? { hash: undefined, heals: 0, healedAt: 0 }), seen });
  }
}

/** Takes the value out of objects, by the policy. What is gone needs no undoing. */
export async function undo(parts: ReconcilerParts, pass: Pass, which: readonly Written[]): Promise<void> {
  const wayOut = wayOutOf(pass.patch);
  for (const written of which) {
    await undoOne(parts.watches.as(wayOut.user), wayOut, written.seen);
    pass.memory.written.delete(written.seen.uid);
  }
}

async function undoOne(client: KubeClient, wayOut: WayOut, seen: SeenTarget): Promise<void> {
  const resource = await client.discovery.resourceFor(seen.apiVersion, seen.kind);
  if (resource === undefined) return;
  const live = await client.find<KubeObject>(resource, seen.name, seen.namespace);
  if (live === undefined || live.metadata.uid !== seen.uid) return;
  if (wayOut.deletion === "keep") return await disown(client, resource, live, wayOut.manager);
  if (wayOut.deletion === "revert") await revert(client, resource, live, seen);
  await release(client, resource, live, wayOut);
}

/** An apply of nothing: what the Patch alone owns goes, what others own as well stays. */
async function release(
  client: KubeClient,
  resource: ApiResource,
  live: KubeObject,
  { manager, subresource }: WayOut,
): Promise<void> {
  if (!live.metadata.managedFields?.some((entry) => entry.manager === manager)) return;
  const { apiVersion, kind, metadata: { name, namespace, uid } } = live;
  const nothing = { apiVersion, kind, metadata: { name, ...(namespace && { namespace }), ...(uid && { uid }) } };
  await client.apply<KubeObject>(resource, nothing, { fieldManager: manager, ...subresource });
}

/** The value stays, and nobody owns it. */
async function disown(client: KubeClient, resource: ApiResource, live: KubeObject, manager: string): Promise<void> {
  const { name, namespace, resourceVersion, managedFields = [] } = live.metadata;
  if (!managedFields.some((entry) => entry.manager === manager)) return;
  const metadata = { resourceVersion, managedFields: withoutManager(managedFields, manager) };
  await client.patch(resource, name, namespace, "merge", { metadata });
}

/** Puts back what stood there before; places that held nothing are left to the release. */
async function revert(client: KubeClient, resource: ApiResource, live: KubeObject, seen: SeenTarget): Promise<void> {
  for (const { path, value } of seen.original ?? []) {
    if (value === undefined) continue;
    const [place] = compilePath(path).places(live as unknown as Json);
    const operations = editOperations(live as unknown as Json, place ?? [], value);
    await client.patch(resource, live.metadata.name, live.metadata.namespace, "json", operations);
  }
}

async function writeTarget(
  parts: ReconcilerParts,
  pass: Pass,
  plan: Plan,
  { resource, object, placed }: TargetState,
): Promise<KubeObject> {
  const client = parts.watches.as(plan.wayOut.user);
  const intoList = placed.some(({ path }) => path.some(({ kind }) => kind === "index"));
  const { name, namespace } = object.metadata;
  // Which list is keyed by what stands in managedFields, which the watch leaves out.
  const live = intoList ? await client.get<KubeObject>(resource, name, namespace) : object;
  const document = applyDocument(live, placed);
  if (document !== undefined) return await apply(parts, pass, plan, client, resource, document);
  checkOwners(parts, pass, plan, live, placed);
  const operations = listOperations(live as unknown as Json, placed);
  const uid = { op: "test", path: "/metadata/uid", value: live.metadata.uid };
  const options = { fieldManager: plan.wayOut.manager, ...plan.wayOut.subresource };
  return await client.patch<KubeObject>(resource, name, namespace, "json", [uid, ...operations], options);
}

async function apply(
  parts: ReconcilerParts,
  pass: Pass,
  plan: Plan,
  client: KubeClient,
  resource: ApiResource,
  document: KubeObject,
): Promise<KubeObject> {
  const options = { fieldManager: plan.wayOut.manager, ...plan.wayOut.subresource };
  if (plan.onConflict === "Force") return await client.apply(resource, document, { ...options, force: true });
  try {
    return await client.apply(resource, document, options);
  } catch (error) {
    const rivals = isKubeError(error, "Conflict") ? rivalsOf(error) : [];
    if (rivals.length === 0) throw error;
    const [blocker] = blockers(rivals, plan.onConflict, (manager) => yields(parts, pass, manager));
    if (blocker !== undefined) throw conflict(blocker.manager, blocker.field);
    return await client.apply(resource, document, { ...options, force: true });
  }
}

/** A JSON patch takes fields from everybody without a word: who must not be overruled is looked for first. */
function checkOwners(parts: ReconcilerParts, pass: Pass, plan: Plan, live: KubeObject, placed: TargetState["placed"]) {
  const rivals = placed.flatMap(({ path }) => {
    return managersOf(live.metadata.managedFields, path, live as unknown as Json)
      .filter(({ manager }) => manager !== plan.wayOut.manager)
      .map(({ manager, applied }) => ({ manager, applies: applied, field: formatFieldPath(path) }));
  });
  const [blocker] = blockers(rivals, plan.onConflict, (manager) => yields(parts, pass, manager));
  if (blocker !== undefined) throw conflict(blocker.manager, blocker.field);
}

/** Whether a manager is a Patch that has to give way: a younger one, or one that is gone. */
function yields({ links, patches }: ReconcilerParts, { key }: Pass, manager: string): boolean {
  if (!manager.startsWith(MANAGER_PREFIX)) return false;
  const other = manager.slice(MANAGER_PREFIX.length);
  return patches.get(other) === undefined || links.isOlder(key, other);
}

function conflict(manager: string, field: string): PatchError {
  const who = manager.startsWith(MANAGER_PREFIX)
    ? `Patch "${manager.slice(MANAGER_PREFIX.length)}"`
    : `field manager "${manager}"`;
  return new PatchError("Conflict", `${who} owns ${field}: let it release the field, or set spec.to.onConflict: Force`);
}

function remember({ memory }: Pass, { placed }: TargetState, object: KubeObject, hash: string): void {
  const known = memory.written.get(object.metadata.uid ?? "");
  const again = known?.hash === hash;
  const original = known?.seen.original;
  const seen = seenAs(object, object.metadata.resourceVersion ?? "");
  memory.written.set(seen.uid, {
    seen: original === undefined ? seen : { ...seen, original },
    hash,
    accepted: fingerprint(object, placed.map(({ path }) => path)),
    heals: again ? known.heals + 1 : 0,
    healedAt: Date.now(),
  });
}

function seenAs(
  { apiVersion, kind, metadata: { name, namespace, uid = "" } }: KubeObject,
  resourceVersion: string,
): SeenTarget {
  return { apiVersion, kind, ...(namespace && { namespace }), name, uid, resourceVersion };
}
