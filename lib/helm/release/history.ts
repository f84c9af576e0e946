import type { ReleaseRecord, ReleaseStatus } from "../types.ts";

/** What the rules need to know of a revision. */
export type Revision = Pick<ReleaseRecord, "version"> & { readonly info: Pick<ReleaseRecord["info"], "status"> };

/** Statuses of an operation that is under way; the last revision in one of them blocks the next operation. */
const PENDING: ReadonlySet<ReleaseStatus> = new Set<ReleaseStatus>([
  "pending-install",
  "pending-upgrade",
  "pending-rollback",
]);

/** The newest revision; undefined where there is none. */
export function lastRevision<R extends Revision>(revisions: readonly R[]): R | undefined {
  return byVersion(revisions).at(-1);
}

/** The newest deployed revision; undefined where there is none. */
export function deployedRevision<R extends Revision>(revisions: readonly R[]): R | undefined {
  return byVersion(revisions).findLast(({ info }) => info.status === "deployed");
}

/** Whether an operation is under way: Helm then refuses to begin another. */
export function isPending(revision: Revision | undefined): boolean {
  return revision !== undefined && PENDING.has(revision.info.status);
}

/** What a failed upgrade goes back to: the newest revision that was ever good, before the last. */
export function rollbackTarget<R extends Revision>(revisions: readonly R[]): R | undefined {
  return byVersion(revisions).slice(0, -1).findLast(({ info }) =>
    info.status === "superseded" || info.status === "deployed"
  );
}

/**
 * The revisions to delete before another is stored, by Helm's rule: the oldest, until one less than `most` is left; the
 * deployed one stays.
 *
 * @param most Revisions to keep, the new one included; 0 keeps all.
 */
export function revisionsToPrune<R extends Revision>(revisions: readonly R[], most: number): R[] {
  if (most <= 0) return [];
  const deployed = deployedRevision(revisions);
  const excess = revisions.length - (most - 1);
  return byVersion(revisions).filter((revision) => revision !== deployed).slice(0, Math.max(excess, 0));
}

function byVersion<R extends Revision>(revisions: readonly R[]): R[] {
  return revisions.toSorted((a, b) => a.version - b.version);
}
