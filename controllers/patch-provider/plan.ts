/** From the spec of a Patch to what can be carried out; pure. */
import { createHash } from "node:crypto";
import { keyOf, parseApiVersion } from "../../lib/kube/mod.ts";
import {
  compilePath,
  compileTransform,
  FieldPathError,
  type Locator,
  type MergeOptions,
  type Transform,
  TransformError,
  type TransformLimits,
} from "../../lib/transform/mod.ts";
import type { ConflictPolicy, DeletionPolicy, Patch, PatchSpec, ReferenceSpec, SourceSpec, TargetSpec } from "./api.ts";
import { PatchError } from "./errors.ts";
import { compileGuard, type Guard } from "./guard.ts";
import { selectorText } from "./label_selector.ts";

/** Objects that a Patch reads or writes. */
export interface Ref {
  readonly apiVersion: string;
  readonly kind: string;
  /** Ignored where the kind turns out to be cluster-scoped. */
  readonly namespace: string;
  /** One object by name, or all with certain labels. */
  readonly which: { readonly name: string } | { readonly labels: string };
}

/** A source, compiled. */
export interface SourcePlan {
  /** `undefined`: its value is the value. */
  readonly as: string | undefined;
  readonly ref: Ref;
  readonly locator: Locator;
  readonly decode: boolean;
}

/** A Patch, compiled. */
export interface Plan {
  readonly sources: readonly SourcePlan[];
  readonly target: Ref;
  readonly locator: Locator;
  readonly transform: Transform;
  readonly encode: boolean;
  readonly when: Guard | undefined;
  readonly merge: MergeOptions | undefined;
  readonly onConflict: ConflictPolicy;
  readonly removal: "keep" | "remove";
  readonly wayOut: WayOut;
}

/** How a value is written and gets out of an object again: it must be known even of a Patch that cannot be compiled any more. */
export interface WayOut {
  /** User to act as; `undefined`: kco itself. */
  readonly user: string | undefined;
  /** Manager of the written fields. */
  readonly manager: string;
  readonly deletion: "release" | "revert" | "keep";
  /** `status` is written through its own door. */
  readonly subresource: { readonly subresource?: "status" };
}

/** Transforms run in the thread of all controllers: one that does not end must end soon. */
const LIMITS: TransformLimits = { jq: { steps: 250_000 }, template: { timeout: 500 } };

/** What begins the field manager of every Patch. */
export const MANAGER_PREFIX = "patch.krateo.io/";

/** Characters of a field manager that the API server takes. */
const MANAGER_LENGTH = 128;

const DELETION: Readonly<Record<DeletionPolicy, WayOut["deletion"]>> = {
  Delete: "release",
  Release: "release",
  Revert: "revert",
  Orphan: "keep",
  Keep: "keep",
};

/**
 * Compiles a Patch.
 *
 * @throws {PatchError} `Invalid`: no change of another object could help.
 */
export function planOf(patch: Patch): Plan {
  const spec = patch.spec ?? {};
  const to = spec.to ?? {};
  const sources = sourcesOf(spec).map((source, _, all) => sourcePlan(source, all.length, patch));
  const target = targetRef(to, patch);
  const locator = explained("spec.to", () => compilePath(targetPath(to, spec)));
  checkWritable(locator);
  return {
    sources,
    target,
    locator,
    transform: explained("spec.to", () => compileTransform(to, LIMITS)),
    encode: to.encode === "base64",
    when: spec.when ? compileGuard(spec.when) : undefined,
    merge: spec.mergeOptions,
    onConflict: to.onConflict ?? "TakeEdits",
    removal: spec.removalPolicy === "Remove" ? "remove" : "keep",
    wayOut: checkedWayOut(patch, target),
  };
}

/** How the value of a Patch gets out of its target, whatever else is wrong with the Patch. */
export function wayOutOf(patch: Patch): WayOut {
  const { deletionPolicy = "Delete", to } = patch.spec ?? {};
  const intoStatus = /^(\$\.)?status\b/.test(to?.fieldPath ?? "");
  return {
    user: userOf(patch),
    manager: managerOf(patch),
    deletion: DELETION[deletionPolicy] ?? "keep",
    subresource: intoStatus ? { subresource: "status" } : {},
  };
}

/** The field manager of a Patch: its key, cut where it would be too long. */
export function managerOf(patch: Patch): string {
  const whole = MANAGER_PREFIX + keyOf(patch);
  if (whole.length <= MANAGER_LENGTH) return whole;
  const digest = createHash("sha256").update(whole).digest("hex").slice(0, 16);
  return `${whole.slice(0, MANAGER_LENGTH - digest.length - 1)}~${digest}`;
}

function sourcesOf({ from }: PatchSpec): readonly SourceSpec[] {
  if (!from) throw new PatchError("Invalid", "The Patch has no source: set spec.from");
  const sources = Array.isArray(from) ? from : [from];
  if (sources.length === 0) throw new PatchError("Invalid", "The Patch has no source: spec.from is an empty list");
  const names = sources.map(({ as }) => as ?? "");
  if (sources.length > 1 && (names.includes("") || new Set(names).size < names.length)) {
    throw new PatchError("Invalid", "Several sources need names of their own: set spec.from[].as");
  }
  return sources;
}

function sourcePlan(source: SourceSpec, count: number, patch: Patch): SourcePlan {
  const where = count > 1 ? `spec.from "${source.as}"` : "spec.from";
  const reference = referenceOf(source.objectReference, where, patch);
  if (!reference.name) throw new PatchError("Invalid", `${where} names no object: set objectReference.name`);
  if (!source.fieldPath) throw new PatchError("Invalid", `${where}.fieldPath is required`);
  return {
    as: source.as,
    ref: { ...reference.ref, which: { name: reference.name } },
    locator: explained(where, () => compilePath(source.fieldPath ?? "")),
    decode: source.decode === "base64",
  };
}

function targetRef(to: TargetSpec, patch: Patch): Ref {
  const { ref, name } = referenceOf(to.objectReference, "spec.to", patch);
  const labels = to.selector === undefined ? undefined : selectorText(to.selector);
  if (name && labels !== undefined) {
    throw new PatchError("Invalid", "spec.to names an object and has a selector: remove one of them");
  }
  if (labels !== undefined) return { ...ref, which: { labels } };
  if (!name) throw new PatchError("Invalid", "spec.to names no object: set objectReference.name, or selector");
  return { ...ref, which: { name } };
}

function referenceOf(reference: ReferenceSpec | undefined, where: string, patch: Patch) {
  if (!reference) throw new PatchError("Invalid", `${where}.objectReference is required`);
  const { apiVersion = "v1", kind = "", name = "", namespace } = reference;
  if (kind === "") throw new PatchError("Invalid", `${where}.objectReference.kind is required`);
  const own = patch.metadata.namespace;
  if (own !== undefined && namespace !== undefined && namespace !== own) {
    throw new PatchError("Invalid", `${where} names namespace "${namespace}": a NamespacedPatch stays in its own`);
  }
  return { ref: { apiVersion: apiVersion || "v1", kind, namespace: own ?? (namespace || "default") }, name };
}

/** The original's default: the path of the source, where there is just one. */
function targetPath({ fieldPath }: TargetSpec, { from }: PatchSpec): string {
  if (fieldPath) return fieldPath;
  const sources = Array.isArray(from) ? from : [from];
  if (sources.length > 1) throw new PatchError("Invalid", "spec.to.fieldPath is required with several sources");
  return sources[0]?.fieldPath ?? "";
}

/** Fields of `metadata` that belong to the user; the others make an object what it is. */
const OWN_METADATA = new Set(["labels", "annotations", "finalizers", "ownerReferences"]);
const IDENTITY = new Set(["apiVersion", "kind"]);

function checkWritable({ path, text }: Locator): void {
  const [first, second] = path ?? [];
  if (path === undefined) return;
  const name = first?.kind === "field" ? first.name : undefined;
  const inMetadata = second?.kind === "field" ? second.name : "";
  if (name !== undefined && !IDENTITY.has(name) && (name !== "metadata" || OWN_METADATA.has(inMetadata))) return;
  throw new PatchError(
    "Invalid",
    `spec.to.fieldPath "${text}" cannot be written: name a field of the object's content`,
  );
}

function checkedWayOut(patch: Patch, target: Ref): WayOut {
  const wayOut = wayOutOf(patch);
  const { deletionPolicy = "Delete" } = patch.spec ?? {};
  if (DELETION[deletionPolicy] === undefined) {
    throw new PatchError("Invalid", `spec.deletionPolicy "${deletionPolicy}" is unknown: use Release, Revert or Keep`);
  }
  if (wayOut.deletion === "revert" && target.kind === "Secret" && parseApiVersion(target.apiVersion).group === "") {
    throw new PatchError(
      "Invalid",
      "A Secret cannot be reverted, its old value would stand in the status: use Release",
    );
  }
  return wayOut;
}

function userOf({ spec, metadata }: Patch): string | undefined {
  if (!spec?.serviceAccountName) return undefined;
  const namespace = metadata.namespace ?? spec.serviceAccountNamespace ?? "default";
  return `system:serviceaccount:${namespace}:${spec.serviceAccountName}`;
}

function explained<T>(where: string, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof FieldPathError || error instanceof TransformError)) throw error;
    throw new PatchError("Invalid", `${where}: ${error.message}`, { cause: error });
  }
}
