/** The managed-resource loop: observe, decide, act, report, until an external resource is as its object wants it. */
import {
  type ApiResource,
  type Clock,
  type EventRecorder,
  type KubeClient,
  type ObjectKey,
  type Store,
  systemClock,
} from "../kube/mod.ts";
import { type ConditionInput, rfc3339, setConditions } from "./conditions.ts";
import { parseDuration } from "./duration.ts";
import { isConflict, isOvertaken, PhaseError, rejectOnAbort } from "./_phase_error.ts";
import { mustBeCurrent, mustLead } from "./_must_be_current.ts";
import type { FleetPauses } from "./fleet_pause.ts";
import { addFinalizer, removeFinalizer } from "./finalizers.ts";
import {
  CREATE_INCOMPLETE,
  type FailedPhase,
  inhibitedMessage,
  managedEventOf,
  READY,
  SYNCED,
} from "./managed_conditions.ts";
import { decide, type Facts, factsOf, type Step } from "./managed_decide.ts";
import type { Connect, ExternalClient, Observation } from "./managed_types.ts";
import { pauseMessage } from "./pause_report.ts";
import { ANNOTATION, annotation, isPaused, pausedUntil } from "./policy.ts";
import { ProviderError } from "./provider_error.ts";
import { type Conditioned, createReporter, type Report } from "./report.ts";
import type { Reconciler, Result } from "./types.ts";

/** Options of {@linkcode managedReconciler}. Times in ms. */
export interface ManagedOptions<T extends Conditioned> {
  readonly client: KubeClient;
  readonly resource: ApiResource;
  readonly store: Pick<Store<T>, "get">;
  readonly connect: Connect<T>;
  readonly recorder?: EventRecorder;
  /** Default `finalizer.managedresource.krateo.io`. */
  readonly finalizer?: string;
  /** Between two observations of a resource at rest. Default 60,000; the annotation `krateo.io/poll-interval` overrides it. */
  readonly pollInterval?: number;
  /** Share of the interval that is random. Default 0.1. */
  readonly pollJitter?: number;
  /** The shortest `krateo.io/poll-interval` that is followed. Default 1,000. */
  readonly minPollInterval?: number;
  /** For all calls to the external system in one reconcile. Default 60,000. */
  readonly timeout?: number;
  /** How long after its creation an external resource may not be seen yet. Default 30,000. */
  readonly creationGrace?: number;
  /** The external resource is found by its object alone, so that an interrupted creation may just be observed again. */
  readonly deterministicName?: boolean;
  /** Pauses of more than one object. Whoever gives them triggers the objects when they change. */
  readonly fleet?: Pick<FleetPauses, "known" | "pauseOf"> | undefined;
  readonly clock?: Clock;
}

/** The finalizer of managed resources, as Krateo names it. */
export const MANAGED_FINALIZER = "finalizer.managedresource.krateo.io";

/** ms before an action's effect is observed for the first time, and then again. */
const AT_ONCE = 100;
const SOON = 1_000;

/**
 * A reconciler of managed resources, with Krateo's annotations, conditions and Events.
 *
 * Failures are written to `Synced` and then thrown, so that back-off and metrics see them. Conflicts are only thrown: the
 * object that was decided on is out of date, and so would be what is written about it. A `ProviderError` says when to try
 * again: see there.
 */
export function managedReconciler<T extends Conditioned>(options: ManagedOptions<T>): Reconciler {
  const { client, resource, recorder, store } = options;
  const report = createReporter<T>({ client, resource, eventOf: managedEventOf, ...(recorder && { recorder }) });
  return async (key: ObjectKey, signal: AbortSignal) => {
    const object = store.get(key);
    // Deleted since it was triggered, with our finalizer gone: nothing is left to do.
    if (object === undefined) return;
    return await new ManagedRun(options, report, object, signal).run();
  };
}

/** One reconcile of one object. */
class ManagedRun<T extends Conditioned> {
  readonly #options: ManagedOptions<T>;
  readonly #report: Report<T>;
  readonly #clock: Clock;
  readonly #finalizer: string;
  readonly #external = new AbortController();
  readonly #outer: AbortSignal;
  #object: T;
  #connection: ExternalClient<T> | undefined;
  #observation: Observation | undefined;

  constructor(options: ManagedOptions<T>, report: Report<T>, object: T, signal: AbortSignal) {
    this.#options = options;
    this.#report = report;
    this.#object = object;
    this.#outer = signal;
    this.#clock = options.clock ?? systemClock;
    this.#finalizer = options.finalizer ?? MANAGED_FINALIZER;
  }

  async run(): Promise<Result | void> {
    const timer = new AbortController();
    const timeout = this.#options.timeout ?? 60_000;
    const expired = this.#clock.sleep(timeout, timer.signal).then(() => {
      if (!timer.signal.aborted) {
        this.#external.abort(new DOMException(`no answer within ${timeout} ms`, "TimeoutError"));
      }
    });
    const abort = () => this.#external.abort(this.#outer.reason);
    this.#outer.addEventListener("abort", abort);
    try {
      return await this.#steps();
    } catch (error) {
      if (!isOvertaken(error)) await this.#tellFailure(error);
      throw error;
    } finally {
      timer.abort();
      this.#outer.removeEventListener("abort", abort);
      await expired;
      await this.#disconnect();
    }
  }

  /** Takes steps until one ends the reconcile. */
  async #steps(): Promise<Result | void> {
    for (;;) {
      const step = decide(this.#facts());
      const result = await this.#take(step);
      if (result !== "again") return result;
    }
  }

  #facts(): Facts {
    const facts = factsOf(this.#object, {
      finalizer: this.#finalizer,
      deterministicName: this.#options.deterministicName ?? false,
      creationGrace: this.#options.creationGrace ?? 30_000,
      now: this.#clock.now(),
    }, this.#observation);
    return this.#options.fleet?.pauseOf(this.#object) === undefined ? facts : { ...facts, paused: true };
  }

  async #take(step: Step): Promise<Result | void | "again"> {
    const { client, resource } = this.#options;
    switch (step.type) {
      case "leave":
        return;
      case "release":
        await removeFinalizer(client, resource, this.#object, this.#finalizer);
        return;
      case "pause":
        return await this.#pause(step.deleting);
      case "refuse":
        // Trying again changes nothing; changing the annotation triggers the object.
        await this.#tell(SYNCED.error(`invalid policy: ${step.problems.join("; ")}`));
        return;
      case "hold":
        this.#object = await addFinalizer(client, resource, this.#object, this.#finalizer);
        return "again";
      case "observe":
        await this.#observe();
        return "again";
      case "await-creation":
        return { requeueAfter: SOON };
      case "incomplete":
        await this.#tell(READY.creating(), SYNCED.error(CREATE_INCOMPLETE));
        return this.#poll();
      case "missing":
        await this.#tell(READY.missing());
        throw new PhaseError("observe failed", "external resource does not exist");
      case "await-finalizers":
        await this.#tell(READY.deleting(`waiting for finalizers ${step.finalizers.join(", ")}`), SYNCED.success());
        return this.#poll();
      case "delete":
        return await this.#delete();
      case "create":
        return await this.#create();
      case "late-initialize":
        await this.#lateInitialize();
        return "again";
      case "update":
        return await this.#update();
      case "rest":
        return await this.#rest(step);
      default:
        return step satisfies never;
    }
  }

  async #observe(): Promise<void> {
    const { connect } = this.#options;
    this.#connection = await this.#phase("connect failed", (signal) => connect(this.#object, signal));
    const connection = this.#connection;
    this.#observation = await this.#phase("observe failed", (signal) => connection.observe(this.#object, signal));
  }

  async #create(): Promise<Result> {
    const { creating } = READY;
    // Carries the version that was read: whoever decided on a stale object gets a conflict instead of a second creation.
    const { resourceVersion } = this.#object.metadata;
    await this.#annotate({ [ANNOTATION.createPending]: rfc3339(this.#clock.now()) }, resourceVersion);
    mustLead(this.#options, this.#object);
    let kept: Readonly<Record<string, string>> | void;
    try {
      kept = await this.#phase("create failed", (signal) => this.#client().create(this.#object, signal));
    } catch (error) {
      await this.#tell(creating());
      // Whatever it was, a conflict too, it is known that the creation failed: the next try need not wonder.
      await this.#annotate({ [ANNOTATION.createFailed]: this.#failedAt() });
      throw error;
    }
    await this.#annotate({ ...kept, [ANNOTATION.createSucceeded]: rfc3339(this.#clock.now()) });
    this.#event("CreatedExternalResource", "CreateEvent", "Successfully requested creation of external resource");
    await this.#tell(creating(), SYNCED.success());
    return { requeueAfter: AT_ONCE };
  }

  /** Annotations have whole seconds; a failure in the second of its beginning must still count as later. */
  #failedAt(): string {
    const pending = Date.parse(annotation(this.#object, ANNOTATION.createPending) ?? "");
    return rfc3339(Math.max(this.#clock.now(), pending || 0));
  }

  async #update(): Promise<Result> {
    const observation = this.#observed();
    await mustBeCurrent(this.#options, this.#object, this.#outer);
    await this.#phase("update failed", (signal) => this.#client().update(this.#object, observation, signal));
    this.#event("UpdatedExternalResource", "UpdateEvent", "Successfully requested update of external resource");
    await this.#tell(READY.available(observation), SYNCED.success());
    return this.#poll();
  }

  async #delete(): Promise<Result> {
    await mustBeCurrent(this.#options, this.#object, this.#outer);
    try {
      await this.#phase("delete failed", (signal) => this.#client().delete(this.#object, signal));
    } catch (error) {
      await this.#tell(READY.deleting());
      throw error;
    }
    this.#event("DeletedExternalResource", "DeleteEvent", "Successfully requested deletion of external resource");
    await this.#tell(READY.deleting(), SYNCED.success());
    return { requeueAfter: SOON };
  }

  async #rest(step: Extract<Step, { type: "rest" }>): Promise<Result> {
    const observation = this.#observed();
    const ready = observation.exists ? READY.available(observation) : READY.missing();
    const message = step.inhibited && inhibitedMessage(step.inhibited, observation.diff);
    await this.#tell(ready, SYNCED.success(message));
    return this.#poll();
  }

  async #lateInitialize(): Promise<void> {
    const { lateInitialized, ...rest } = this.#observed();
    await this.#patch({ spec: lateInitialized }, "cannot update managed resource");
    this.#observation = rest;
  }

  /** `resourceVersion` makes it fail on an object that changed meanwhile. */
  async #annotate(annotations: Readonly<Record<string, string>>, resourceVersion?: string): Promise<void> {
    const metadata = { annotations, ...(resourceVersion && { resourceVersion }) };
    await this.#patch({ metadata }, "cannot update managed resource annotations");
  }

  async #patch(patch: unknown, phase: FailedPhase): Promise<void> {
    const { client, resource } = this.#options;
    const { name, namespace } = this.#object.metadata;
    try {
      this.#object = await client.patch<T>(resource, name, namespace, "merge", patch);
    } catch (error) {
      throw isConflict(error) ? error : new PhaseError(phase, error);
    }
  }

  /** Runs one call to the external system; its failure says in which phase it was. */
  async #phase<R>(phase: FailedPhase, call: (signal: AbortSignal) => Promise<R>): Promise<R> {
    const { signal } = this.#external;
    try {
      signal.throwIfAborted();
      return await Promise.race([call(signal), rejectOnAbort(signal)]);
    } catch (error) {
      const hopeless = error instanceof ProviderError && error.reason === "Terminal";
      throw hopeless ? new PhaseError(phase, error, this.#poll().requeueAfter) : new PhaseError(phase, error);
    }
  }

  async #tell(...conditions: readonly ConditionInput[]): Promise<void> {
    const { generation } = this.#object.metadata;
    const stamped = conditions.map((condition) => ({
      ...condition,
      ...(generation !== undefined && { observedGeneration: generation }),
    }));
    const token = annotation(this.#object, ANNOTATION.reconcileRequestedAt);
    this.#object = await this.#report(this.#object, {
      ...this.#object.status,
      ...this.#observation?.status,
      ...(token !== undefined && { lastHandledReconcileAt: token }),
      ...(generation !== undefined && { observedGeneration: generation }),
      conditions: setConditions(this.#object.status?.conditions, stamped, this.#clock.now()),
    });
  }

  async #tellFailure(error: unknown): Promise<void> {
    if (this.#outer.aborted) return;
    await this.#tell(SYNCED.error(error instanceof Error ? error.message : String(error)));
  }

  #event(reason: string, action: string, note: string): void {
    this.#options.recorder?.record({ regarding: this.#object, type: "Normal", reason, action, note });
  }

  #poll(): Required<Result> {
    const { pollInterval = 60_000, minPollInterval = 1_000, pollJitter = 0.1 } = this.#options;
    const asked = parseDuration(annotation(this.#object, ANNOTATION.pollInterval) ?? "");
    const interval = asked === undefined ? pollInterval : Math.max(asked, minPollInterval);
    return { requeueAfter: Math.round(interval * (1 + pollJitter * (2 * this.#clock.random() - 1))) };
  }

  async #pause(deleting: boolean): Promise<Result | void> {
    const { fleet } = this.#options;
    if (isPaused(this.#object, this.#clock.now())) await this.#tell(SYNCED.paused(pauseMessage(deleting)));
    else if (fleet?.known === false) return; // Whether it is paused at all will be known in a moment.
    else await this.#tell(SYNCED.paused(fleet?.pauseOf(this.#object) ?? pauseMessage(deleting)));
    return this.#untilResumed();
  }

  #untilResumed(): Result | void {
    const until = pausedUntil(this.#object);
    if (until !== undefined) return { requeueAfter: Math.max(until - this.#clock.now(), 0) };
  }

  async #disconnect(): Promise<void> {
    try {
      await this.#connection?.disconnect?.();
    } catch (error) {
      const note = error instanceof Error ? error.message : String(error);
      const told = { type: "Warning", reason: "CannotDisconnectFromProvider", action: "ProcessEvent", note } as const;
      this.#options.recorder?.record({ regarding: this.#object, ...told });
    }
  }

  #client(): ExternalClient<T> {
    if (this.#connection === undefined) throw new TypeError("Cannot act before the external resource was observed");
    return this.#connection;
  }

  #observed(): Observation {
    if (this.#observation === undefined) throw new TypeError("Cannot act before the external resource was observed");
    return this.#observation;
  }
}
