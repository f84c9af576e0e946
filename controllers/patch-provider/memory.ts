/** What the controller remembers of a Patch between two passes; its status tells most of it after a restart. */
import { keyOf } from "../../lib/kube/mod.ts";
import type { Json } from "../../lib/transform/mod.ts";
import type { Patch, SeenTarget } from "./api.ts";
import { PatchError } from "./errors.ts";
import { type Plan, planOf } from "./plan.ts";

/** An object where the value was written. */
export interface Written {
  seen: SeenTarget;
  /** Identifies what was written. */
  hash: string | undefined;
  /** The target's places as the server answered: it may have put the value into its own words. */
  accepted?: string;
  /** Writes of the same value in a row, and when the last was, in ms since the epoch. */
  heals: number;
  healedAt: number;
}

/** A transformed value. */
export interface Result {
  readonly value: Json;
  /** Identifies the value and where it goes. */
  readonly hash: string;
}

/** Memory of one Patch. */
export interface Memory {
  /** The newest state of the object that was seen; a store can lag behind our own writes. */
  latest?: Patch;
  /** The spec as compiled, or why it cannot be, by uid and generation. */
  plan?: { readonly of: string; readonly result: Plan | PatchError };
  /** The transformed value, or why there is none, by the sources that it was made from. */
  value?: { readonly of: string; readonly result: Result | PatchError };
  /** By uid of the target. */
  readonly written: Map<string, Written>;
  /** The sources as they were at the last write. */
  sources: readonly { readonly as?: string; readonly resourceVersion: string }[];
  /** Hash of what was written last. */
  hash: string | undefined;
  /** When a status that says nothing new about the conditions began to wait, in ms since the epoch. */
  statusDue: number | undefined;
}

/** What a Patch's status tells of earlier runs. */
export function recalled({ status }: Patch): Memory {
  const hash = status?.lastAppliedHash;
  const written = (status?.targets ?? []).map((seen): [string, Written] => {
    return [seen.uid, { seen, hash: isStanding(seen) ? hash : undefined, heals: 0, healedAt: 0 }];
  });
  return { written: new Map(written), hash, sources: status?.sources ?? [], statusDue: undefined };
}

/** A target that was noted, but not yet written, has no resourceVersion. */
function isStanding({ resourceVersion }: SeenTarget): boolean {
  return resourceVersion !== "";
}

/** The compiled spec of a Patch; an error where it cannot be compiled. */
export function plannedIn(memory: Memory, patch: Patch): Plan | PatchError {
  const of = `${patch.metadata.uid}/${patch.metadata.generation}/${keyOf(patch)}`;
  if (memory.plan?.of !== of) memory.plan = { of, result: compiled(patch) };
  return memory.plan.result;
}

function compiled(patch: Patch): Plan | PatchError {
  try {
    return planOf(patch);
  } catch (error) {
    if (error instanceof PatchError) return error;
    throw error;
  }
}
