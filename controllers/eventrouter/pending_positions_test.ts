import { deepEqual, equal } from "node:assert/strict";
import { fc } from "../../lib/deps/fast_check.ts";
import { PendingPositions } from "./pending_positions.ts";

function all(pending: PendingPositions): [number, number][] {
  const found: [number, number][] = [];
  pending.forEach((position, ordinal) => found.push([position, ordinal]));
  return found;
}

Deno.test("PendingPositions holds what was added and not deleted, in order, as a Map does", () => {
  const step = fc.oneof(fc.record({ add: fc.integer({ min: 1, max: 3 }) }), fc.record({ delete: fc.nat(40) }));
  fc.assert(fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
    const pending = new PendingPositions();
    const model = new Map<number, number>();
    let position = 0;
    for (const [ordinal, step] of steps.entries()) {
      if ("add" in step) {
        position += step.add;
        pending.add(position, ordinal);
        model.set(position, ordinal);
      } else equal(pending.delete(step.delete), model.delete(step.delete));
    }
    deepEqual(all(pending), [...model]);
  }));
});

Deno.test("PendingPositions keeps what waits for long while thousands pass it", () => {
  const pending = new PendingPositions();
  pending.add(1, 0);
  for (let position = 2; position < 20_000; position++) {
    pending.add(position, position);
    if (position > 10) equal(pending.delete(position - 5), true);
  }
  deepEqual(all(pending).map(([position]) => position), [1, 2, 3, 4, 5, 19_995, 19_996, 19_997, 19_998, 19_999]);
});
