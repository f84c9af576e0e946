/** The pipelines of all Registrations: made, changed and ended as Registrations are. */
import type { Observable, Subscription } from "../../lib/deps/rxjs.ts";
import { getLogger } from "../../lib/deps/logtape.ts";
import type { Registration } from "./api.ts";
import type { Positions } from "./checkpoint.ts";
import { RegistrationError } from "./errors.ts";
import type { EnrichedEvent } from "./enriched_event.ts";
import type { LedgerState } from "./ledger.ts";
import { newCounts } from "./metrics.ts";
import { Pipeline, type PipelineContext } from "./pipeline.ts";
import { type Plan, type PlanDefaults, planOf } from "./plan.ts";
import type { Held } from "./resume.ts";
import type { Facts, Standing } from "./status.ts";

const log = getLogger(["kco", "eventrouter"]);

/** What is known of one Registration. */
interface Entry {
  /** As it was read last. */
  registration: Registration;
  /** Of the spec that the pipeline works by. */
  generation: number | undefined;
  pipeline: Pipeline | undefined;
  subscription: Subscription | undefined;
  /** Why it cannot work as it is written now. */
  invalid: Standing | undefined;
  /** The last change under way. */
  work: Promise<void>;
}

/** Options of {@linkcode Pipelines}. */
export interface PipelinesOptions {
  readonly context: Omit<PipelineContext, "onChange">;
  readonly defaults: PlanDefaults;
  /** What the checkpoint holds. */
  readonly before: Positions;
  /** A Registration has something new to tell; `standing`: at once. */
  readonly onChange: (uid: string, standing: boolean) => void;
}

/** By UID of their Registration. */
export class Pipelines {
  readonly #options: PipelinesOptions;
  readonly #entries = new Map<string, Entry>();
  /** How far each source has been shown to anybody. */
  readonly #shown = new Map<string, number>();
  #events$: Observable<EnrichedEvent> | undefined;

  constructor(options: PipelinesOptions) {
    this.#options = options;
  }

  /** Those that work. */
  *all(): Iterable<Pipeline> {
    for (const { pipeline } of this.#entries.values()) if (pipeline !== undefined) yield pipeline;
  }

  /** What each holds, for {@linkcode resumeFrom}. */
  *held(): Iterable<Held> {
    for (const pipeline of this.all()) yield { positions: pipeline.positions(), atLeastOnce: pipeline.atLeastOnce };
  }

  /** What a checkpoint is to keep. */
  positions(): Positions {
    const positions: Record<string, Readonly<Record<string, LedgerState>>> = {};
    for (const [uid, { pipeline }] of this.#entries) {
      // One that is invalid may be mended: what is known of it stays.
      const held = pipeline?.positions() ?? this.#options.before[uid];
      if (held !== undefined) positions[uid] = held;
    }
    return positions;
  }

  /** A Registration as it was read last, with what its status is made from. */
  report(uid: string): { readonly registration: Registration; readonly facts: Facts } | undefined {
    const entry = this.#entries.get(uid);
    if (entry === undefined) return undefined;
    const { registration, pipeline, invalid } = entry;
    const standing: Standing = invalid ?? { type: "Delivering" };
    const facts = pipeline?.facts ?? { counts: newCounts(), queued: 0, lag: 0, standing };
    return { registration, facts: invalid ? { ...facts, standing: invalid } : facts };
  }

  /** All Registrations that exist have been applied: shows them, and those to come, the Events. */
  begin(events$: Observable<EnrichedEvent>): void {
    this.#events$ = events$;
    for (const entry of this.#entries.values()) this.#subscribe(entry);
  }

  /** Takes a Registration in that came or changed. */
  apply(registration: Registration): void {
    const { uid = "", generation } = registration.metadata;
    const entry = this.#entries.get(uid);
    if (entry === undefined) return this.#add(uid, registration);
    entry.registration = registration;
    if (entry.generation === generation) return;
    entry.generation = generation;
    const plan = this.#plan(entry, registration);
    entry.work = entry.work.then(() => this.#change(entry, plan));
    this.#options.onChange(uid, true);
  }

  /** Lets a Registration go that was deleted. */
  remove(registration: Registration): void {
    const { uid = "" } = registration.metadata;
    const entry = this.#entries.get(uid);
    this.#entries.delete(uid);
    entry?.subscription?.unsubscribe();
    void entry?.pipeline?.close(true);
    // Nobody is shown anything now: who comes next begins anew.
    if (this.#entries.size === 0) this.#shown.clear();
  }

  /** @param abort Cuts attempts under way; otherwise they are awaited. */
  async close(abort: boolean): Promise<void> {
    const entries = [...this.#entries.values()];
    for (const { subscription } of entries) subscription?.unsubscribe();
    await Promise.all(entries.map(async ({ pipeline, work }) => {
      if (!abort) await work;
      await pipeline?.close(abort);
    }));
  }

  #add(uid: string, registration: Registration): void {
    const { generation } = registration.metadata;
    const idle = { pipeline: undefined, subscription: undefined, invalid: undefined, work: Promise.resolve() };
    const entry: Entry = { registration, generation, ...idle };
    this.#entries.set(uid, entry);
    const plan = this.#plan(entry, registration);
    if (plan !== undefined) this.#start(entry, plan);
    this.#options.onChange(uid, true);
  }

  #start(entry: Entry, plan: Plan): void {
    const { uid = "" } = entry.registration.metadata;
    const onChange = (standing: boolean) => this.#options.onChange(uid, standing);
    const before = this.#options.before[uid] ?? this.#fromNowOn(plan);
    entry.pipeline = new Pipeline(entry.registration, plan, { ...this.#options.context, onChange }, before);
    if (this.#events$ !== undefined) this.#subscribe(entry);
  }

  /** A Registration that joins in has no business with what others were shown before, even where that is read again. */
  #fromNowOn(plan: Plan): Record<string, LedgerState> | undefined {
    if (plan.history || this.#shown.size === 0) return undefined;
    return Object.fromEntries([...this.#shown].map(([source, seen]) => [source, { seen, pending: [] }]));
  }

  #subscribe(entry: Entry): void {
    const { pipeline } = entry;
    entry.subscription ??= pipeline && this.#events$?.subscribe((event) => {
      this.#shown.set(event.source, event.position);
      pipeline.take(event);
    });
  }

  /** The plan of a spec; `undefined` where it has none, which the entry then says. */
  #plan(entry: Entry, registration: Registration): Plan | undefined {
    try {
      const plan = planOf(registration, this.#options.defaults);
      entry.invalid = undefined;
      return plan;
    } catch (error) {
      if (!(error instanceof RegistrationError)) throw error;
      const { name } = registration.metadata;
      log.warn("Registration {name} cannot work: {error}", { name, error: error.message });
      entry.invalid = { type: error.reason, message: error.message };
      return undefined;
    }
  }

  /** Without a plan nothing is sent; what comes is queued by the rules that were valid last. */
  async #change(entry: Entry, plan: Plan | undefined): Promise<void> {
    const { pipeline, registration } = entry;
    if (this.#entries.get(registration.metadata.uid ?? "") !== entry) return;
    if (pipeline !== undefined) return await pipeline.change(plan ?? { ...pipeline.plan, paused: true });
    if (plan !== undefined) this.#start(entry, plan);
  }
}
