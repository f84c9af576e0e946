/** Prometheus metrics of the streams. */
import { Counter, Gauge, Registry } from "../../lib/deps/prom_client.ts";
import type { Hub, HubStats } from "../../lib/sse/mod.ts";
import type { StreamEntry } from "./entry.ts";
import type { History } from "./history.ts";

/** What is fed with events and asked for metrics. */
export interface StreamMetrics {
  readonly registry: Registry;
  /** `GET /metrics` */
  readonly response: () => Promise<Response>;
  /** Counts publications, those among them that repeated an earlier one. */
  readonly published: (count: number, repeated: number) => void;
}

/** Names and meanings of what the hub counts. */
const COUNTERS: Readonly<Record<string, readonly [help: string, value: (stats: HubStats) => number]>> = {
  eventsse_frames_total: ["Events written to clients", ({ frames }) => frames],
  eventsse_bytes_total: ["Bytes of events written to clients", ({ bytes }) => bytes],
  eventsse_replayed_total: ["Events written to clients that had missed them", ({ replayed }) => replayed],
  eventsse_resets_total: ["Clients told that events may be lost", ({ resets }) => resets],
};

/** Reads hub and history whenever it is scraped: nothing is counted twice on the hot path. */
export function createStreamMetrics(
  hub: Hub<StreamEntry>,
  history: Pick<History, "size">,
  registry: Registry = new Registry(),
): StreamMetrics {
  const registers = [registry];
  gauge("eventsse_clients", "Open streams", () => hub.stats.clients);
  gauge("eventsse_filters", "Distinct filters in use", () => hub.stats.groups);
  gauge("eventsse_buffer_bytes", "Bytes of the events in memory", () => history.size.bytes);
  gauge("eventsse_buffer_events", "Events in memory", () => history.size.entries);
  for (const [name, [help, value]] of Object.entries(COUNTERS)) {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value(hub.stats));
      },
    });
  }
  new Counter({
    name: "eventsse_closed_total",
    help: "Streams that ended, by reason: slow and stalled are clients that were dropped",
    labelNames: ["reason"] as const,
    registers,
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(hub.stats.closed)) this.inc({ reason }, count);
    },
  });
  const published = new Counter({
    name: "eventsse_published_total",
    help: "Events taken in, by whether they were new",
    labelNames: ["result"] as const,
    registers,
  });
  for (const result of ["kept", "repeated"]) published.inc({ result }, 0);
  return {
    registry,
    response: async () => new Response(await registry.metrics(), { headers: { "Content-Type": registry.contentType } }),
    published(count, repeated) {
      published.inc({ result: "kept" }, count - repeated);
      published.inc({ result: "repeated" }, repeated);
    },
  };

  function gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  }
}
