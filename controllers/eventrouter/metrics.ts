/** What the router measures of itself. */
import { Counter, Gauge, Histogram, type Registry } from "../../lib/deps/prom_client.ts";
import type { LookupCounts } from "./lookup.ts";

/** Why an Event was not delivered to a Registration. */
export type DropReason =
  | "Age"
  | "Deduplicated"
  | "NotMatched"
  | "QueueFull"
  | "Refused"
  | "BeforeRegistration"
  | "Malformed";

/** What one Registration's pipeline counts. */
export interface PipelineCounts {
  received: number;
  matched: number;
  delivered: number;
  retried: number;
  deadLettered: number;
  readonly dropped: Record<DropReason, number>;
}

/** Zeros. */
export function newCounts(): PipelineCounts {
  const dropped = {
    Age: 0,
    Deduplicated: 0,
    NotMatched: 0,
    QueueFull: 0,
    Refused: 0,
    BeforeRegistration: 0,
    Malformed: 0,
  };
  return { received: 0, matched: 0, delivered: 0, retried: 0, deadLettered: 0, dropped };
}

/** A pipeline as metrics see it. */
export interface Measured {
  readonly name: string;
  readonly sinkName: string;
  readonly counts: PipelineCounts;
  readonly queued: { readonly items: number; readonly bytes: number; readonly spilled: number };
  /** s. */
  readonly lag: number;
  readonly circuitOpen: boolean;
}

/** The router as metrics see it. */
export interface MeasuredRouter {
  readonly pipelines: Iterable<Measured>;
  readonly lookups: LookupCounts;
  readonly malformed: number;
}

/** Observes what cannot be read from counts. */
export interface RouterMetrics {
  sent(registration: string, sink: string, ms: number): void;
}

const SEND_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Registers the metrics; counts are read when they are asked for, so that an Event costs nothing here. */
export function createRouterMetrics(registry: Registry, router: () => MeasuredRouter | undefined): RouterMetrics {
  const registers = [registry];
  const labelNames = ["registration", "sink"] as const;
  type Labels = { readonly registration: string; readonly sink: string };
  const each = (work: (pipeline: Measured, labels: Labels) => void) => {
    for (const pipeline of router()?.pipelines ?? []) {
      work(pipeline, { registration: pipeline.name, sink: pipeline.sinkName });
    }
  };
  const counter = (name: string, help: string, read: (counts: PipelineCounts) => number) => {
    new Counter({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        each(({ counts }, labels) => this.inc(labels, read(counts)));
      },
    });
  };
  const gauge = (name: string, help: string, read: (pipeline: Measured) => number) => {
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        each((pipeline, labels) => this.set(labels, read(pipeline)));
      },
    });
  };
  counter("kco_eventrouter_received_total", "Events that a Registration was shown", ({ received }) => received);
  counter("kco_eventrouter_matched_total", "Events that its rules took", ({ matched }) => matched);
  counter("kco_eventrouter_delivered_total", "Events that its sink acknowledged", ({ delivered }) => delivered);
  counter("kco_eventrouter_retried_total", "Events that were sent again", ({ retried }) => retried);
  counter(
    "kco_eventrouter_dead_lettered_total",
    "Events that went to the dead letter",
    (counts) => counts.deadLettered,
  );
  gauge("kco_eventrouter_queue_items", "Events that wait or are on their way", ({ queued }) => queued.items);
  gauge("kco_eventrouter_queue_bytes", "Their bytes, about", ({ queued }) => queued.bytes);
  gauge("kco_eventrouter_spilled_items", "Events that wait on disk", ({ queued }) => queued.spilled);
  gauge("kco_eventrouter_lag_seconds", "Age of the oldest Event that waits", ({ lag }) => lag);
  gauge("kco_eventrouter_circuit_open", "1 while only one attempt at a time is made", (p) => p.circuitOpen ? 1 : 0);
  new Counter({
    name: "kco_eventrouter_dropped_total",
    help: "Events that were not delivered, by reason",
    labelNames: [...labelNames, "reason"],
    registers,
    collect() {
      this.reset();
      each(({ counts }, labels) => {
        for (const [reason, count] of Object.entries(counts.dropped)) this.inc({ ...labels, reason }, count);
      });
      this.inc({ registration: "", sink: "", reason: "Malformed" }, router()?.malformed ?? 0);
    },
  });
  new Counter({
    name: "kco_eventrouter_object_lookups_total",
    help: "Look-ups of involved objects: answered from memory, asked of the API server, failed",
    labelNames: ["result"],
    registers,
    collect() {
      this.reset();
      const { hits = 0, requests = 0, failures = 0 } = router()?.lookups ?? {};
      this.inc({ result: "hit" }, hits);
      this.inc({ result: "request" }, requests);
      this.inc({ result: "failure" }, failures);
    },
  });
  const send = new Histogram({
    name: "kco_eventrouter_send_seconds",
    help: "From handing a batch to the sink to its acknowledgement",
    labelNames,
    registers,
    buckets: SEND_BUCKETS,
  });
  return { sent: (registration, sink, ms) => send.observe({ registration, sink }, ms / 1_000) };
}
