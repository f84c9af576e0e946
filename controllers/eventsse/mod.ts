/**
 * eventsse: a live, resumable stream of platform events over HTTP.
 *
 *     POST /handle, /publish ─► message ─► history (memory | SQLite | JetStream) ─ entries$ ─► hub ─► GET /notifications
 *                                                   └─ page ─► GET /events
 *
 * A publication is answered when the history has it. The history is also the only buffer of the hub: a client is a place in it.
 */
import { getLogger } from "../../lib/deps/logtape.ts";
import { Hub } from "../../lib/sse/mod.ts";
import { eventSseApp } from "./app.ts";
import { openAccess, openHistory } from "./backends.ts";
import { viewOf } from "./entry.ts";
import { StreamLimits } from "./limits.ts";
import { createStreamMetrics } from "./metrics.ts";
import type { EventSseOptions } from "./options.ts";
import { DIMENSIONS } from "./query.ts";
import { admit, type StreamContext } from "./stream.ts";
import { serve } from "./server/mod.ts";

export type { JwtOptions, ReviewedObject, TokenReviewOptions } from "./access/mod.ts";
export { EventSseError, type EventSseErrorReason } from "./errors.ts";
export type { AccessOptions, EventSseOptions } from "./options.ts";
export { type Catalogue, watchCatalogue } from "./page/mod.ts";

const log = getLogger(["kco", "eventsse"]);

/** A server that listens. */
export interface EventSse {
  /** `http://127.0.0.1:8181` */
  readonly url: string;
  readonly port: number;
  /** Tells clients to connect elsewhere, ends their streams and waits for requests under way. */
  close(): Promise<void>;
}

/** Starts the server; resolves when it listens. */
export async function startEventSse(options: EventSseOptions = {}): Promise<EventSse> {
  // Refused before anything is opened.
  const access = openAccess(options);
  const history = await openHistory(options);
  const hub = new Hub({ journal: history, view: viewOf, dimensions: DIMENSIONS, ...options.stream });
  const feed = history.entries$.subscribe((entry) => hub.publish(entry));
  const metrics = createStreamMetrics(hub, history);
  let accepting = true;
  const origins = options.origins ?? [];
  const stream: StreamContext = {
    hub,
    access,
    origins,
    limits: new StreamLimits(options.limits),
    accepting: () => accepting,
    onClose: (reason, resumeId, address) =>
      log.debug("Stream of {address} ended: {reason}; it resumes after {resumeId}", { address, reason, resumeId }),
  };
  const onError = (error: unknown) => log.error("Request failed: {error}", { error });
  const app = eventSseApp({
    history,
    access,
    origins,
    stream,
    maxLimit: options.maxLimit ?? 100,
    emptyIs204: options.emptyIs204 ?? false,
    ...(options.catalogue === undefined ? {} : { catalogue: options.catalogue }),
    metrics: metrics.response,
    now: Date.now,
    onPublish: metrics.published,
    onError,
  });
  const server = serve({
    app,
    onError,
    streamPath: "/notifications",
    admit: (request, address) => admit(request, address, stream),
    port: options.port ?? 8181,
    hostname: options.hostname ?? "127.0.0.1",
  });
  return {
    url: server.url,
    port: server.port,
    async close() {
      accepting = false;
      hub.drain();
      await server.close();
      feed.unsubscribe();
      await history.close();
    },
  };
}
