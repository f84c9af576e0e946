/** The policy of the managed-resource loop: facts in, one step out. Pure. */
import type { KubeObject } from "../kube/mod.ts";
import type { Observation } from "./managed_types.ts";
import { type Action, ANNOTATION, annotation, isPaused, type Policy, policyOf } from "./policy.ts";

/** What is known of how the external resource was created. */
export type Creation =
  /** Nothing, or it failed, or it succeeded long ago. */
  | "settled"
  /** It succeeded so recently that it may not be seen yet. */
  | "recent"
  /** It began, and nobody wrote down how it ended. */
  | "incomplete";

/** Everything that a decision depends on. */
export interface Facts {
  readonly deleting: boolean;
  readonly paused: boolean;
  readonly policy: Policy;
  readonly creation: Creation;
  /** Finding the external resource needs nothing that only its creation tells: observing it again is always right. */
  readonly deterministicName: boolean;
  /** Our finalizer is on the object. */
  readonly held: boolean;
  /** Finalizers of others. */
  readonly foreignFinalizers: readonly string[];
  /** Absent until the external resource was observed. */
  readonly observation?: Observation;
}

/** One step. */
export type Step =
  /** Do nothing, and say so. */
  | { readonly type: "pause"; readonly deleting: boolean }
  /** Do nothing, because of what an annotation says. */
  | { readonly type: "refuse"; readonly problems: readonly string[] }
  | { readonly type: "hold" }
  | { readonly type: "observe" }
  /** Remove our finalizer; the external resource is gone, or not ours to delete. */
  | { readonly type: "release" }
  /** The object is on its way out, and nothing of it concerns us. */
  | { readonly type: "leave" }
  | { readonly type: "await-finalizers"; readonly finalizers: readonly string[] }
  | { readonly type: "delete" }
  /** It was created a moment ago and is not seen yet. */
  | { readonly type: "await-creation" }
  /** Nobody knows whether it was created. */
  | { readonly type: "incomplete" }
  /** It is to be observed only, and is not there. */
  | { readonly type: "missing" }
  | { readonly type: "create" }
  | { readonly type: "late-initialize" }
  | { readonly type: "update" }
  /** All is well, or `inhibited` is what the policy keeps from being done. */
  | { readonly type: "rest"; readonly inhibited?: Action };

/**
 * Decides the next step of a managed resource.
 *
 * A paused object that is being deleted waits, except where its policy leaves the external resource alone anyway: letting
 * it go then touches nothing that pausing protects.
 */
export function decide(facts: Facts): Step {
  const { policy, deleting } = facts;
  if (deleting && !facts.held) return { type: "leave" };
  const orphans = deleting && policy.problems.length === 0 && !policy.allowed.has("delete");
  if (facts.paused) return orphans ? { type: "release" } : { type: "pause", deleting };
  if (policy.problems.length > 0) return { type: "refuse", problems: policy.problems };
  if (orphans) return { type: "release" };
  if (!deleting && !facts.held) return { type: "hold" };
  if (facts.observation === undefined) return { type: "observe" };
  return deleting ? decideDeleting(facts, facts.observation) : decideLiving(facts, facts.observation);
}

function decideDeleting(facts: Facts, observation: Observation): Step {
  if (!observation.exists) {
    // What may exist under a name that nobody knows must not be forgotten silently.
    if (facts.creation === "incomplete" && !facts.deterministicName) return { type: "incomplete" };
    return { type: "release" };
  }
  const finalizers = facts.foreignFinalizers;
  return finalizers.length > 0 ? { type: "await-finalizers", finalizers } : { type: "delete" };
}

function decideLiving(facts: Facts, observation: Observation): Step {
  const { allowed, onlyObserve } = facts.policy;
  if (!observation.exists) {
    if (onlyObserve) return { type: "missing" };
    if (facts.creation === "recent") return { type: "await-creation" };
    if (facts.creation === "incomplete" && !facts.deterministicName) return { type: "incomplete" };
    return allowed.has("create") ? { type: "create" } : { type: "rest", inhibited: "create" };
  }
  if (observation.lateInitialized !== undefined && allowed.has("late-initialize")) return { type: "late-initialize" };
  if (observation.upToDate ?? true) return { type: "rest" };
  return allowed.has("update") ? { type: "update" } : { type: "rest", inhibited: "update" };
}

/** What `factsOf` must be told besides the object. Times in ms. */
export interface FactsOptions {
  readonly finalizer: string;
  readonly deterministicName: boolean;
  /** How long after its creation an external resource may not be seen yet. */
  readonly creationGrace: number;
  /** Since the epoch. */
  readonly now: number;
}

/** The facts of an object. */
export function factsOf(object: KubeObject, options: FactsOptions, observation?: Observation): Facts {
  const finalizers = object.metadata.finalizers ?? [];
  return {
    deleting: object.metadata.deletionTimestamp !== undefined,
    paused: isPaused(object, options.now),
    policy: policyOf(object),
    creation: creationOf(object, options.creationGrace, options.now),
    deterministicName: options.deterministicName,
    held: finalizers.includes(options.finalizer),
    foreignFinalizers: finalizers.filter((name) => name !== options.finalizer),
    ...(observation && { observation }),
  };
}

/** Reads the creation annotations: pending after both succeeded and failed means that nobody knows. */
export function creationOf(object: KubeObject, grace: number, now: number): Creation {
  const time = (key: string) => Date.parse(annotation(object, key) ?? "") || 0;
  const pending = time(ANNOTATION.createPending);
  const succeeded = time(ANNOTATION.createSucceeded);
  const failed = time(ANNOTATION.createFailed);
  if (pending > Math.max(succeeded, failed)) return "incomplete";
  return succeeded > 0 && now - succeeded < grace ? "recent" : "settled";
}
