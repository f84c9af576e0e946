/** Where to begin to read, from what the checkpoint holds. */
import { fromStatus, fromThrown, isFailureStatus, type KubeClient, resourcePath } from "../../lib/kube/mod.ts";
import type { Positions } from "./checkpoint.ts";
import { Ledger, type LedgerState } from "./ledger.ts";
import { type EventApi, eventResource, type Resume } from "./source.ts";

/** What one Registration holds of each source. */
export interface Held {
  readonly positions: Readonly<Record<string, LedgerState>>;
  /** What it took and did not deliver holds the others' resumption back. */
  readonly atLeastOnce: boolean;
}

/** By source where to begin for nothing to be lost for anybody; a source that nobody knows is missing. Pure. */
export function resumeFrom(held: Iterable<Held>): Map<string, Resume> {
  const resume = new Map<string, Resume>();
  for (const { positions, atLeastOnce } of held) {
    for (const [source, state] of Object.entries(positions)) {
      const before = resume.get(source);
      const after = Math.min(before?.after ?? Infinity, atLeastOnce ? new Ledger(state).low : state.seen);
      const listUntil = Math.max(before?.listUntil ?? 0, atLeastOnce && state.coarse ? state.seen : 0);
      resume.set(source, { after, ...(listUntil > 0 && { listUntil }) });
    }
  }
  // What was acknowledged is known, but not how far anybody had come: only a list tells all that is there.
  for (const [source, { after }] of resume) if (after === 0) resume.delete(source);
  return resume;
}

/**
 * The positions, or none where they are of another history: an API server that was restored from a backup, or that keeps nothing,
 * counts anew. A watch from a position that it has not reached would be silent until then.
 *
 * @param timeout ms for each question: a server that never answers would hold the router back for good.
 * @throws {KubeError}
 */
export async function ofThisHistory(
  client: KubeClient,
  api: EventApi,
  positions: Positions,
  timeout = 10_000,
): Promise<{ readonly positions: Positions; readonly discarded: boolean }> {
  const latest = new Map<string, number>();
  for (const sources of Object.values(positions)) {
    for (const [source, { seen }] of Object.entries(sources)) {
      latest.set(source, Math.max(latest.get(source) ?? 0, seen));
    }
  }
  for (const [source, seen] of latest) {
    if (await currentPosition(client, api, source, timeout) < seen) return { positions: {}, discarded: true };
  }
  return { positions, discarded: false };
}

/** `resourceVersion` of a list of one item. */
async function currentPosition(
  { transport }: KubeClient,
  api: EventApi,
  namespace: string,
  timeout: number,
): Promise<number> {
  const call = new AbortController();
  const timer = setTimeout(() => call.abort(new DOMException("deadline", "TimeoutError")), timeout);
  try {
    const bytes = await transport.performRequest({
      method: "GET",
      path: resourcePath(eventResource(api), namespace || undefined),
      querystring: new URLSearchParams({ limit: "1" }),
      accept: "application/json",
      abortSignal: call.signal,
    });
    // The seam where bytes become types.
    const list = JSON.parse(new TextDecoder().decode(bytes)) as { metadata?: { resourceVersion?: string } };
    if (isFailureStatus(list)) throw fromStatus("list events", list, 0);
    return Number(list.metadata?.resourceVersion ?? 0);
  } catch (error) {
    throw fromThrown("list events", error, call.signal);
  } finally {
    clearTimeout(timer);
  }
}
