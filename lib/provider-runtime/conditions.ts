/** `status.conditions`, by the Kubernetes API conventions. */
import type { Condition } from "../kube/mod.ts";

/** A condition as a controller states it; times are added by {@linkcode setConditions}. */
export type ConditionInput = Omit<Condition, "lastTransitionTime">;

/** A condition that differs from what it was in more than its times and generation. */
export interface ConditionChange {
  /** Absent when the condition is new. */
  readonly before?: Condition;
  readonly after: Condition;
}

/** Finds a condition by type. */
export function findCondition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Whether a condition is there and `True`. */
export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return findCondition(conditions, type)?.status === "True";
}

/**
 * The conditions with `next` put in, in place of those of the same type; others are kept, order is kept.
 *
 * `lastTransitionTime` changes only when `status` does.
 *
 * @param now ms since the epoch.
 */
export function setConditions(
  conditions: readonly Condition[] | undefined,
  next: readonly ConditionInput[],
  now: number = Date.now(),
): Condition[] {
  const result = [...conditions ?? []];
  for (const input of next) {
    const index = result.findIndex((condition) => condition.type === input.type);
    const before = result[index];
    // Kept as it is, with fields that the server may have added: writing it again would change nothing.
    if (before !== undefined && says(before, input) && before.observedGeneration === input.observedGeneration) continue;
    const { type, status, reason, message, observedGeneration } = input;
    const condition: Condition = {
      type,
      status,
      reason,
      message,
      lastTransitionTime: before?.status === status ? before.lastTransitionTime : rfc3339(now),
      ...(observedGeneration !== undefined && { observedGeneration }),
    };
    if (before === undefined) result.push(condition);
    else result[index] = condition;
  }
  return result;
}

/** What changed, by type. A condition that went away says nothing that anybody waits for. */
export function diffConditions(
  before: readonly Condition[] | undefined,
  after: readonly Condition[] | undefined,
): ConditionChange[] {
  const changes: ConditionChange[] = [];
  for (const condition of after ?? []) {
    const known = findCondition(before, condition.type);
    if (known === undefined || !says(known, condition)) {
      changes.push({ ...(known && { before: known }), after: condition });
    }
  }
  return changes;
}

/** Whether a condition tells a reader the same as another. */
function says(condition: Condition, other: ConditionInput): boolean {
  return condition.status === other.status && condition.reason === other.reason && condition.message === other.message;
}

/** RFC 3339 with whole seconds, as Kubernetes writes `metav1.Time`. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}
