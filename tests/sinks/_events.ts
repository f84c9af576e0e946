/** Events for the suites of this folder. */
import assert from "node:assert/strict";
import { type CoreEvent, type Delivery, SinkError, SINKS } from "../../sinks/mod.ts";
import type { Sink, SinkContext } from "../../sinks/mod.ts";

/** The n-th delivery: a Warning about one of three Pods, with characters that need care. */
export function delivery(n: number, changes: Partial<CoreEvent> = {}): Delivery {
  const time = new Date(Date.UTC(2026, 0, 2, 3, 4, 5) + n * 1_000).toISOString();
  const pod = `pod-${n % 3}`;
  const event: CoreEvent = {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `web.${n}`, namespace: "demo", uid: `uid-${n}`, resourceVersion: String(100 + n) },
    involvedObject: { apiVersion: "v1", kind: "Pod", namespace: "demo", name: pod, uid: pod },
    reason: "BackOff",
    message: `message ${n}: "é€😀" \u0000\u001b\n\\ ]`,
    type: "Warning",
    count: n + 1,
    source: { component: "kubelet", host: "node-1" },
    ...changes,
  };
  return { id: `uid-${n}/${100 + n}`, event, body: event, key: pod, time, compositionId: "comp-1", cluster: "prod" };
}

/** Deliveries `from` to `to`, without the latter. */
export function deliveries(from: number, to: number): Delivery[] {
  return Array.from({ length: to - from }, (_, index) => delivery(from + index));
}

/** Opens a kind of {@linkcode SINKS} by name; closed by `await using`. */
export async function openSink(name: string, settings: unknown, context: SinkContext): Promise<Sink & AsyncDisposable> {
  const kind = SINKS[name];
  assert.ok(kind !== undefined, `no sink "${name}"`);
  const sink = await kind.open(settings, context);
  return {
    send: (batch, signal) => sink.send(batch, signal),
    close: () => sink.close(),
    [Symbol.asyncDispose]: () => sink.close(),
  };
}

/** Sends as the router does: again and again while the sink says that it is unavailable. */
export async function sendAtLeastOnce(sink: Sink, batch: readonly Delivery[], limit = 20_000): Promise<void> {
  const deadline = Date.now() + limit;
  let rest = batch;
  while (rest.length > 0) {
    const error = await sink.send(rest, AbortSignal.timeout(3_000)).then(() => undefined, (error: unknown) => error);
    if (error === undefined) return;
    if (!(error instanceof SinkError) || error.reason !== "Unavailable" || Date.now() > deadline) throw error;
    const failed = error.failed && new Set(error.failed.map(({ id }) => id));
    rest = failed === undefined ? rest : rest.filter(({ id }) => failed.has(id));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The {@linkcode SinkError} of an attempt; fails where there is none. */
export async function failure(attempt: Promise<unknown>): Promise<SinkError> {
  const error = await attempt.then(() => undefined, (error: unknown) => error);
  assert.ok(error instanceof SinkError, `no SinkError but ${String(error)}`);
  return error;
}

/** A signal for what should not take long. */
export const soon = (ms = 10_000): AbortSignal => AbortSignal.timeout(ms);

/**
 * Four deliveries of which the server fails the second, by its reason `Broken`: two of one object with another one between them, and
 * the next of the first object, which must not overtake the second.
 */
export function oneBroken(): readonly [Delivery, Delivery, Delivery, Delivery] {
  return [delivery(0), delivery(3, { reason: "Broken" }), delivery(1), delivery(6)];
}

/** Asserts that of {@linkcode oneBroken} the second and the fourth were told as failed, and sends what a router would send again. */
export async function retriesInOrder(sink: Sink, mend: () => Promise<void>): Promise<void> {
  const batch = oneBroken();
  const error = await failure(sink.send(batch, soon()));
  assert.deepEqual(error.failed?.map(({ id }) => id), [batch[1].id, batch[3].id], error.message);
  await mend();
  await sink.send([batch[1], batch[3]], soon());
}
