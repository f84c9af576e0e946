/** Observing: every fact about a Patch that its next step depends on. Reads what is known; asks nobody. */
import type { KubeObject } from "../../lib/kube/mod.ts";
import { hasFinalizer, policyOf } from "../../lib/provider-runtime/mod.ts";
import { type FieldPath, FieldPathError, type Json, mergeValue } from "../../lib/transform/mod.ts";
import { PATCH_FINALIZER, type SeenTarget } from "./api.ts";
import { canonical, existing, hashOf, holds } from "./compare.ts";
import type { Facts } from "./decide.ts";
import { PatchError } from "./errors.ts";
import type { Joined } from "./join.ts";
import { bornOf, type Place, placeOf } from "./links.ts";
import { plannedIn, type Result, type Written } from "./memory.ts";
import type { Pass, ReconcilerParts, TargetState, Wish } from "./pass.ts";
import type { Plan, Ref } from "./plan.ts";
import { joinedValue, transformed } from "./value.ts";
import type { Sight } from "./watches/mod.ts";
import { describe } from "./words.ts";

/** Heals of one field in a row that are done at once; further ones wait longer and longer. */
const FREE_HEALS = 3;
/** ms without a heal after which a field counts as left alone. */
const CALM = 120_000;

/** What is known of a Patch now. */
export function observe(parts: ReconcilerParts, pass: Pass): Facts {
  const { patch, memory, plan } = pass;
  const deleting = patch.metadata.deletionTimestamp !== undefined;
  const { allowed, problems } = policyOf(patch);
  const joined = parts.joins.of(pass.key);
  const problem = deleting ? undefined : problemOf(parts, pass, joined, problems);
  const targets = pass.wish?.targets ?? [];
  const outdated = targets.filter(({ current }) => !current);
  return {
    deleting,
    finalizer: hasFinalizer(patch, PATCH_FINALIZER),
    allows: { write: allowed.has("create") && allowed.has("update"), delete: allowed.has("delete") },
    known: plan === undefined || problems.length > 0 || (parts.patches.ready && joined !== undefined),
    problem,
    removes: plan?.removal === "remove",
    written: memory.written.size,
    stale: plan && joined && !deleting ? staleTargets(pass, joined).length : 0,
    outdated: outdated.length,
    unnoted: plan?.wayOut.deletion === "revert" ? outdated.filter((target) => !isNoted(pass, target)).length : 0,
    contested: Math.max(0, ...outdated.map((target) => contestedFor(writtenTo(pass, target), pass.wish?.hash))),
  };
}

/** Objects where the value stands although they are no target any more. Objects that are gone are forgotten on the way. */
export function staleTargets({ memory, plan }: Pass, { target }: Joined): Written[] {
  if (plan === undefined || target.type !== "seen") return [];
  const uids = new Set(target.objects.map(({ metadata }) => metadata.uid ?? ""));
  return [...memory.written.values()].filter((written) => {
    if (uids.has(written.seen.uid)) return false;
    if (!isSeenWhole(plan.target, written)) return true;
    memory.written.delete(written.seen.uid);
    return false;
  });
}

/** Whether the sight of the target would show the object if it still existed. */
function isSeenWhole({ which, apiVersion, kind, namespace }: Ref, { seen }: Written): boolean {
  return "name" in which && which.name === seen.name && apiVersion === seen.apiVersion && kind === seen.kind &&
    namespace === (seen.namespace ?? namespace);
}

/** Why nothing is to be written. Leaves what is to be written in `pass.wish`. */
function problemOf(
  parts: ReconcilerParts,
  pass: Pass,
  joined: Joined | undefined,
  policyProblems: readonly string[],
): PatchError | undefined {
  pass.wish = undefined;
  try {
    const plan = plannedIn(pass.memory, pass.patch);
    if (plan instanceof PatchError) return plan;
    if (policyProblems.length > 0) return new PatchError("Invalid", policyProblems.join("; "));
    if (joined === undefined || !parts.patches.ready) return undefined;
    checkScope(plan, pass, joined);
    checkLinks(parts, pass, plan, joined);
    pass.wish = wishOf(pass, plan, joined);
  } catch (error) {
    if (error instanceof PatchError) return error;
    if (error instanceof FieldPathError) return pathProblem(error, pass.plan);
    throw error;
  }
}

function pathProblem(error: FieldPathError, plan: Plan | undefined): PatchError {
  const what = plan ? `${describe(plan.target)}: ` : "";
  const reason = error.reason === "NotWritable" || error.reason === "NotFound" ? "TargetNotFound" : "Rejected";
  return new PatchError(reason, `Cannot write there: ${what}${error.message}`, { cause: error });
}

/** A NamespacedPatch must not touch what belongs to no namespace. */
function checkScope({ sources, target }: Plan, { patch }: Pass, joined: Joined): void {
  if (patch.metadata.namespace === undefined) return;
  const sights = [...joined.sources, joined.target];
  [...sources.map(({ ref }) => ref), target].forEach((ref, i) => {
    const sight = sights[i];
    if (sight?.type !== "seen" || sight.resource.namespaced) return;
    throw new PatchError("Invalid", `${ref.kind} is cluster-scoped: a NamespacedPatch stays in its own namespace`);
  });
}

/** Tells everybody what this Patch reads and writes, and minds its elders. */
function checkLinks({ links, nudge }: ReconcilerParts, { key, patch }: Pass, plan: Plan, joined: Joined): void {
  const reads = plan.sources.flatMap(({ ref, locator }, i) => places(ref, joined.sources[i], locator.path));
  const writes = places(plan.target, joined.target, plan.locator.path);
  nudge(links.put(key, { born: bornOf(patch), reads, writes }));
  const cycle = links.cycle(key);
  if (cycle !== undefined) {
    throw new PatchError(
      "Cycle",
      `The value would come back to where it is from: ${cycle.join(" -> ")}: narrow a fieldPath, or remove a Patch`,
    );
  }
  const elder = links.elder(key);
  if (elder === undefined) return;
  throw new PatchError(
    "Conflict",
    `Patch "${elder}" is older and writes ${plan.locator.text} of ${describe(plan.target)} as well: remove one of them`,
  );
}

function places(ref: Ref, sight: Sight | undefined, path: FieldPath | undefined): Place[] {
  if (sight?.type !== "seen") return [];
  const { group, kind, namespaced } = sight.resource;
  const metadata = { name: "name" in ref.which ? ref.which.name : "", ...(namespaced && { namespace: ref.namespace }) };
  const objects = "name" in ref.which ? [{ metadata }] : sight.objects;
  return objects.map((object) => ({ object: placeOf(group, kind, object), path }));
}

function wishOf(pass: Pass, plan: Plan, joined: Joined): Wish {
  const sources = plan.sources.map(({ ref }, i) => sourceOf(ref, joined.sources[i]));
  const value = joinedValue(plan, sources);
  const { resource, objects } = targetsOf(plan.target, joined.target);
  checkGuard(plan, value, sources, objects);
  const { value: result, hash } = resultIn(pass, plan, sources, value);
  return {
    targets: objects.map((object) => targetState(pass, plan, { resource, object }, result, hash)),
    hash,
    sources: sources.map(({ metadata }, i) => {
      const as = plan.sources[i]?.as;
      return { ...(as === undefined ? {} : { as }), resourceVersion: metadata.resourceVersion ?? "" };
    }),
  };
}

function sourceOf(ref: Ref, sight: Sight | undefined): KubeObject {
  const [object] = seen("SourceNotFound", ref, sight).objects;
  if (object !== undefined) return object;
  throw new PatchError("SourceNotFound", `${describe(ref)} does not exist: the Patch waits for it`);
}

function targetsOf(ref: Ref, sight: Sight) {
  const found = seen("TargetNotFound", ref, sight);
  const objects = found.objects.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  if (objects.length > 0) return { resource: found.resource, objects };
  throw new PatchError("TargetNotFound", `${describe(ref)} does not exist: the Patch waits for it`);
}

function seen(reason: "SourceNotFound" | "TargetNotFound", ref: Ref, sight: Sight | undefined) {
  if (sight?.type === "refused") throw new PatchError("Forbidden", sight.error.message, { cause: sight.error });
  if (sight?.type === "seen") return sight;
  const { apiVersion, kind } = ref;
  throw new PatchError(reason, `The server does not serve ${kind} of ${apiVersion}: the Patch waits for its CRD`);
}

function checkGuard(plan: Plan, value: Json, sources: readonly KubeObject[], objects: readonly KubeObject[]): void {
  if (plan.when === undefined) return;
  const named = Object.fromEntries(sources.map((object, i) => [plan.sources[i]?.as ?? "source", object]));
  const open = objects.every((target) => plan.when?.({ value, sources: named, target }));
  if (!open) throw new PatchError("Waiting", "spec.when is false: the Patch waits until it is true");
}

/**
 * Transforms once for each state of the sources, whatever comes of it: chance and the clock in a transform do not cause writes,
 * and one that takes long is not run again and again.
 */
function resultIn({ memory }: Pass, plan: Plan, sources: readonly KubeObject[], value: Json): Result {
  const versions = sources.map(({ metadata: { uid, resourceVersion } }) => `${uid} ${resourceVersion}`);
  const of = `${memory.plan?.of} ${versions.join(" ")}`;
  if (memory.value?.of !== of) memory.value = { of, result: resultOrNot(plan, sources, value) };
  const { result } = memory.value;
  if (result instanceof PatchError) throw result;
  return result;
}

function resultOrNot(plan: Plan, sources: readonly KubeObject[], value: Json): Result | PatchError {
  try {
    const result = transformed(plan, value);
    return { value: result, hash: hashOf([plan.locator.text, result, { ...plan.merge }], secretKey(sources)) };
  } catch (error) {
    if (error instanceof PatchError) return error;
    throw error;
  }
}

/** Only who may read the Secrets knows their uids. */
function secretKey(sources: readonly KubeObject[]): string {
  return sources.filter(({ kind }) => kind === "Secret").map(({ metadata }) => metadata.uid).join();
}

function targetState(
  pass: Pass,
  plan: Plan,
  { resource, object }: Pick<TargetState, "resource" | "object">,
  value: Json,
  hash: string,
): TargetState {
  const content = object as unknown as Json;
  const paths = plan.locator.places(content);
  if (paths.length === 0) {
    throw new PatchError("TargetNotFound", `${describe(plan.target)}: ${plan.locator.text} names no place yet`);
  }
  const placed = paths.map((path) => ({ path, value: mergeValue(existing(content, path), value, plan.merge) }));
  const written = pass.memory.written.get(object.metadata.uid ?? "");
  const stands = placed.every(({ path, value }) => holds(existing(content, path), value));
  const accepted = written?.accepted !== undefined && written.accepted === fingerprint(object, paths);
  const current = written?.hash === hash && (stands || accepted || isOlder(object, written.seen));
  return { resource, object, placed, current };
}

/** Whether the watch has not yet shown what was written last. */
function isOlder({ metadata }: KubeObject, { resourceVersion }: SeenTarget): boolean {
  return Number(metadata.resourceVersion) < Number(resourceVersion);
}

/** What stands at some places of an object, as text that can be compared. */
export function fingerprint(object: KubeObject, paths: readonly FieldPath[]): string {
  return canonical(paths.map((path) => [existing(object as unknown as Json, path) ?? null]));
}

function writtenTo({ memory }: Pass, { object }: TargetState): Written | undefined {
  return memory.written.get(object.metadata.uid ?? "");
}

function isNoted(pass: Pass, target: TargetState): boolean {
  return writtenTo(pass, target)?.seen.original !== undefined;
}

/** ms until a field that somebody else keeps writing may be healed: 0 for the first few times, then longer and longer. */
function contestedFor(written: Written | undefined, hash: string | undefined): number {
  if (written === undefined || written.hash !== hash || written.heals < FREE_HEALS) return 0;
  const since = Date.now() - written.healedAt;
  if (since > CALM) return 0;
  return Math.max(0, Math.min(1_000 * 2 ** (written.heals - FREE_HEALS), 60_000) - since);
}
