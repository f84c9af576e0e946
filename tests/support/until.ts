/** Waiting without sleeping: for a condition, with a deadline. */
import assert from "node:assert/strict";

/** ms until a condition counts as never coming. */
const DEADLINE = 10_000;
/** ms between two looks. */
const EVERY = 5;

/**
 * Waits until `condition` holds. `what` names it, in the failure of one that never does; a rejection of it is passed on.
 *
 * @param patience ms until it counts as never coming.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  patience: number = DEADLINE,
): Promise<void> {
  const deadline = Date.now() + patience;
  while (!await condition()) {
    assert.ok(Date.now() < deadline, `not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
}
