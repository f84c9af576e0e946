/** For servers that answer to each message of a batch by itself: the order of each object through failures of some. */
import { type Failed, throwFailed, toSinkError } from "./_batch.ts";
import { type Delivery, SinkError } from "./types.ts";

/**
 * Sends a batch in turns: the first delivery of each object, then the second of each, and so on. An object of which one failed
 * has no further turn in this attempt, so that what is tried again is not overtaken.
 *
 *     batch:  a1 b1 a2 c1 b2 a3
 *     turns:  (a1 b1 c1) (a2 b2) (a3)
 *     b1 failed: b2 is not sent, and both are told as failed
 *
 * @param turn Sends deliveries of different objects, all at once; resolves to those that failed.
 * @throws {SinkError} With `failed` where some were taken.
 */
export async function sendInTurns(
  batch: readonly Delivery[],
  turn: (deliveries: readonly Delivery[]) => Promise<readonly Failed[]>,
): Promise<void> {
  const failed: Failed[] = [];
  const held = new Map<string, Failed>();
  let rest = batch;
  while (rest.length > 0) {
    const [now, later] = firstOfEach(rest);
    const outcome = await turn(now).catch(toSinkError);
    if (outcome instanceof SinkError) {
      // Which one is to blame is found in halves of a batch: only one of which nothing was taken can be halved.
      if (rest.length === batch.length) throw outcome;
      const reason = outcome.reason === "Refused" ? "Unavailable" : outcome.reason;
      const stopped = new SinkError(reason, outcome.message, { cause: outcome });
      return throwFailed(
        batch,
        [...failed, ...rest.map(({ id }) => ({ id, reason, message: outcome.message }))],
        stopped,
      );
    }
    failed.push(...outcome);
    const keys = new Map(now.map(({ id, key }) => [id, key]));
    for (const one of outcome) if (one.reason !== "Refused") held.set(keys.get(one.id) ?? "", one);
    failed.push(...later.flatMap(({ id, key }) => {
      const before = held.get(key);
      return before === undefined ? [] : [{ ...before, id }];
    }));
    rest = later.filter(({ key }) => !held.has(key));
  }
  throwFailed(batch, failed);
}

/** The first delivery of each object, and the others. */
function firstOfEach(batch: readonly Delivery[]): readonly [first: Delivery[], others: Delivery[]] {
  const first = new Map<string, Delivery>();
  const others: Delivery[] = [];
  for (const delivery of batch) {
    if (first.has(delivery.key)) others.push(delivery);
    else first.set(delivery.key, delivery);
  }
  return [[...first.values()], others];
}
