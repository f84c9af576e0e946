import { deepEqual, rejects } from "node:assert/strict";
import { fc } from "../lib/deps/fast_check.ts";
import type { Failed } from "./_batch.ts";
import { sendInTurns } from "./_turns.ts";
import { type Delivery, SinkError, type SinkErrorReason } from "./types.ts";

/** Deliveries named `<object><number>`. */
function named(...ids: readonly string[]): Delivery[] {
  return ids.map((id) => {
    const event = { apiVersion: "v1", kind: "Event", metadata: { name: id }, involvedObject: {} };
    return { id, key: id.slice(0, 1), event, body: event, time: "", compositionId: "" };
  });
}

/** A server that answers to each message by itself. */
function server(failures: Readonly<Record<string, SinkErrorReason>>) {
  const turns: string[][] = [];
  const turn = (deliveries: readonly Delivery[]): Promise<Failed[]> => {
    turns.push(deliveries.map(({ id }) => id));
    return Promise.resolve(deliveries.flatMap(({ id }) => {
      const reason = failures[id];
      return reason === undefined ? [] : [{ id, reason, message: `no ${id}` }];
    }));
  };
  return { turns, turn };
}

const ids = (error: unknown) => error instanceof SinkError && error.failed?.map(({ id, reason }) => [id, reason]);

Deno.test("sendInTurns() sends one of each object at a time, in the order of the batch", async () => {
  const { turns, turn } = server({});
  await sendInTurns(named("a1", "b1", "a2", "c1", "b2", "a3"), turn);
  deepEqual(turns, [["a1", "b1", "c1"], ["a2", "b2"], ["a3"]]);
});

Deno.test("sendInTurns() leaves an object out once one of it failed, and goes on with it after a refusal", async () => {
  const { turns, turn } = server({ a1: "Unavailable", b1: "Refused" });
  await rejects(sendInTurns(named("a1", "b1", "a2", "b2", "a3"), turn), (error) => {
    deepEqual(ids(error), [["a1", "Unavailable"], ["b1", "Refused"], ["a2", "Unavailable"], ["a3", "Unavailable"]]);
    return true;
  });
  deepEqual(turns, [["a1", "b1"], ["b2"]]);
});

Deno.test("sendInTurns() tells of a turn that failed as a whole: as it is while nothing was taken, else by its deliveries", async () => {
  const refusal = new SinkError("Refused", "too large");
  await rejects(sendInTurns(named("a1", "a2"), () => Promise.reject(refusal)), refusal);
  const turns = [() => Promise.resolve([]), () => Promise.reject(refusal)];
  await rejects(sendInTurns(named("a1", "b1", "a2"), () => turns.shift()!()), (error) => {
    deepEqual(ids(error), [["a2", "Unavailable"]]);
    return true;
  });
});

Deno.test("sendInTurns() keeps each object's order over any failures and retries", async () => {
  const deliveries = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });
  await fc.assert(fc.asyncProperty(deliveries, fc.array(fc.boolean(), { maxLength: 30 }), async (keys, failures) => {
    const batch = named(...keys.map((key, index) => `${key}${index}`));
    const stored: string[] = [];
    let rest = batch;
    while (rest.length > 0) {
      const turn = (turn: readonly Delivery[]) => {
        const failed = turn.filter(() => failures.shift() ?? false);
        stored.push(...turn.filter((one) => !failed.includes(one)).map(({ id }) => id));
        return Promise.resolve(failed.map(({ id }): Failed => ({ id, reason: "Unavailable", message: "away" })));
      };
      const error = await sendInTurns(rest, turn).then(() => undefined, (error: SinkError) => error);
      const left = new Set(error?.failed?.map(({ id }) => id));
      rest = error === undefined ? [] : error.failed === undefined ? rest : rest.filter(({ id }) => left.has(id));
    }
    for (const key of ["a", "b", "c"]) {
      const of = (all: readonly string[]) => all.filter((id) => id.startsWith(key));
      deepEqual(of(stored), of(batch.map(({ id }) => id)));
    }
  }));
});
