/** What a Registration's spec comes to: everything compiled and with its defaults. Pure. */
import { parseDuration } from "../../lib/provider-runtime/mod.ts";
import type { SinkKind } from "../../sinks/mod.ts";
import type { QueuePolicy, Registration, RegistrationSpec, SinkChoice } from "./api.ts";
import { RegistrationError } from "./errors.ts";
import { compileLayout } from "./layout.ts";
import type { Layout } from "./presets.ts";
import type { Bounds } from "./queue.ts";
import { compileRoute, type Predicate } from "./rules.ts";

/** Kinds of sinks by name. */
export type SinkKinds = Readonly<Record<string, SinkKind<unknown>>>;

/** A kind with the settings to open it with. */
export interface ChosenSink {
  readonly kind: SinkKind<unknown>;
  readonly settings: unknown;
}

/** A compiled Registration. Times in ms, sizes in bytes. */
export interface Plan {
  readonly sink: ChosenSink;
  readonly deadLetter?: ChosenSink;
  readonly takes: Predicate;
  readonly layout: Layout;
  readonly batch: Bounds;
  readonly wait: number;
  readonly lanes: number;
  readonly queue: Bounds;
  readonly policy: QueuePolicy;
  readonly spillBytes: number;
  readonly timeout: number;
  readonly attempts: number;
  readonly breakerFailures: number;
  readonly initialDelay: number;
  readonly maxDelay: number;
  readonly rate?: { readonly perSecond: number; readonly burst: number };
  /** Below 0: updates are left out. */
  readonly dedupInterval: number;
  readonly maxAge: number;
  readonly history: boolean;
  readonly atLeastOnce: boolean;
  readonly paused: boolean;
}

/** What the process adds to every Registration. */
export interface PlanDefaults {
  readonly sinks: SinkKinds;
  /** Certificates of `spec.endpoint` are not verified. */
  readonly insecure: boolean;
  /** Events that happened longer ago, ms, are left out; 0 for none. */
  readonly maxAge: number;
  /** Whether there is a directory to spill into. */
  readonly canSpill: boolean;
}

/** Events a batch, its bytes, and ms that it waits to be filled, where neither the Registration nor the sink says so. */
const BATCH = { count: 200, bytes: 1024 * 1024, wait: 20 };
const QUEUE = { items: 10_000, bytes: 4 * 1024 * 1024, spillBytes: 1024 * 1024 * 1024 };
/** Requests at once of a sink that takes Events one by one. */
const LANES_ONE_BY_ONE = 8;

/**
 * Compiles a Registration.
 *
 * @throws {RegistrationError}
 */
export function planOf({ spec = {} }: Registration, defaults: PlanDefaults): Plan {
  const sink = chosen(spec.sink ?? endpointSink(spec, defaults.insecure), "spec.sink", defaults.sinks);
  const batch = { ...BATCH, ...sink.kind.batch, ...defined(spec.batch ?? {}) };
  const ms = (field: keyof RegistrationSpec, text: string | undefined, initial: number) => {
    return duration(`spec.${field}`, text, initial);
  };
  const { retry = {}, queue = {} } = spec;
  const oneByOne = batch.count === 1;
  return {
    sink,
    ...(spec.deadLetter && { deadLetter: chosen(spec.deadLetter.sink, "spec.deadLetter.sink", defaults.sinks) }),
    takes: compileRoute(spec, "spec"),
    layout: compileLayout(spec.layout),
    batch: { items: batch.count, bytes: batch.bytes },
    wait: oneByOne ? 0 : typeof batch.wait === "number" ? batch.wait : ms("batch", batch.wait, BATCH.wait),
    lanes: spec.concurrency ?? (oneByOne ? LANES_ONE_BY_ONE : 1),
    queue: { items: queue.items ?? QUEUE.items, bytes: queue.bytes ?? QUEUE.bytes },
    policy: queue.policy ?? (defaults.canSpill ? "Spill" : "DropOldest"),
    spillBytes: queue.spillBytes ?? QUEUE.spillBytes,
    timeout: ms("retry", retry.timeout, 20_000),
    attempts: retry.attempts ?? 0,
    breakerFailures: retry.breakerFailures ?? 5,
    initialDelay: ms("retry", retry.initialDelay, 200),
    maxDelay: ms("retry", retry.maxDelay, 30_000),
    ...(spec.rateLimit && {
      rate: { perSecond: spec.rateLimit.perSecond, burst: spec.rateLimit.burst ?? Math.ceil(spec.rateLimit.perSecond) },
    }),
    dedupInterval: spec.dedupInterval?.startsWith("-") ? -1 : ms("dedupInterval", spec.dedupInterval, 0),
    maxAge: ms("maxAge", spec.maxAge, defaults.maxAge),
    history: spec.history === "All",
    atLeastOnce: spec.atLeastOnce ?? sink.kind.acknowledges,
    paused: spec.paused ?? false,
  };
}

/** The original's two fields as a sink. */
function endpointSink({ endpoint }: RegistrationSpec, insecure: boolean): SinkChoice {
  if (!endpoint) {
    throw new RegistrationError("InvalidSettings", "Cannot deliver anywhere: give spec.sink or spec.endpoint");
  }
  return { webhook: { url: endpoint, ...(insecure && { tls: { insecureSkipVerify: true } }) } };
}

function chosen(choice: SinkChoice, at: string, sinks: SinkKinds): ChosenSink {
  const names = Object.keys(choice);
  const [name = ""] = names;
  if (names.length !== 1) {
    throw new RegistrationError(
      "InvalidSettings",
      `Cannot use ${at}: it names ${names.length} kinds of sinks: give one`,
    );
  }
  const kind = Object.hasOwn(sinks, name) ? sinks[name] : undefined;
  if (kind === undefined) {
    const known = Object.keys(sinks).join(", ");
    throw new RegistrationError("InvalidSettings", `Cannot use ${at}: there is no sink "${name}": use one of ${known}`);
  }
  return { kind, settings: choice[name] };
}

function duration(at: string, text: string | undefined, initial: number): number {
  if (text === undefined) return initial;
  const ms = parseDuration(text);
  if (ms === undefined) {
    throw new RegistrationError(
      "InvalidSettings",
      `Cannot use ${at}: "${text}" is no duration: write 500ms, 30s or 1m30s`,
    );
  }
  return ms;
}

/** Without the fields that are `undefined`, which would hide a default. */
function defined<T extends object>(object: T): Partial<T> {
  // What is left of an object of type T has fields of T.
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>;
}
