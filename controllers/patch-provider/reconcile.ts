/** One pass over one Patch: observe → decide → act, until there is nothing to do, then report. */
import { keyOf, type ObjectKey } from "../../lib/kube/mod.ts";
import { addFinalizer, equalJson, removeFinalizer, type Result } from "../../lib/provider-runtime/mod.ts";
import { noteTargets, undo, writeTargets } from "./act.ts";
import { type Patch, PATCH_FINALIZER } from "./api.ts";
import { decide, type MiddleStep } from "./decide.ts";
import { PatchError } from "./errors.ts";
import { discreet, isLostRace, problemIn } from "./failure.ts";
import { linkOf } from "./links.ts";
import { type Memory, plannedIn, recalled } from "./memory.ts";
import { observe, staleTargets } from "./observe.ts";
import type { Pass, ReconcilerParts } from "./pass.ts";
import { applied, isNews, notApplied, statusOf, type Verdict } from "./status.ts";

/** ms that a status may wait which tells nothing but what was written last: a burst of values writes it once. */
const STATUS_DELAY = 5_000;

/** Problems that an attempt to write brought to light, and that no watch tells the end of: they are tried again. */
const TRY_AGAIN: ReadonlySet<string> = new Set(["Forbidden", "Rejected"]);

/** Reconciles Patches of both kinds. */
export class PatchReconciler {
  readonly #parts: ReconcilerParts;
  readonly #memories = new Map<string, Memory>();

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
  }

  /** Drops what is remembered of a Patch that is gone, and has those looked at that it was in the way of. */
  forget(patch: Patch, key: ObjectKey): void {
    this.#memories.delete(patch.metadata.uid ?? key);
    this.#parts.joins.stop(key);
    this.#parts.nudge(this.#parts.links.drop(key));
  }

  /**
   * Takes in what a Patch reads and writes, before anything is done about it: after a start, a circle must be seen before its
   * first turn.
   */
  register(key: ObjectKey): void {
    const { patches, links, nudge } = this.#parts;
    const patch = patches.get(key);
    if (patch === undefined) return;
    const plan = plannedIn(this.#memory(patch), patch);
    nudge(plan instanceof PatchError ? links.drop(key) : links.put(key, linkOf(patch, plan)));
  }

  /** A reconciler for the `reconcile` stage. */
  readonly reconcile = async (key: ObjectKey, signal: AbortSignal): Promise<Result | void> => {
    const pass = this.#begin(key);
    if (pass === undefined) return;
    try {
      return await this.#settle(pass);
    } catch (error) {
      signal.throwIfAborted();
      // Somebody else was faster, and the watches will tell: nothing is wrong with the Patch.
      const problem = isLostRace(error) ? undefined : problemIn(error);
      if (problem === undefined) throw error;
      const told = discreet(problem, pass.plan);
      await this.#failed(pass, told);
      if (TRY_AGAIN.has(told.reason)) throw told;
    }
  };

  #memory(patch: Patch): Memory {
    const id = patch.metadata.uid ?? keyOf(patch);
    const memory = this.#memories.get(id) ?? recalled(patch);
    this.#memories.set(id, memory);
    return memory;
  }

  #begin(key: ObjectKey): Pass | undefined {
    const stored = this.#parts.patches.get(key);
    if (stored === undefined) return undefined;
    const memory = this.#memory(stored);
    const patch = newer(stored, memory.latest);
    if (patch === stored) delete memory.latest;
    const planned = plannedIn(memory, patch);
    const plan = planned instanceof PatchError ? undefined : planned;
    if (plan === undefined) this.#parts.joins.stop(key);
    else this.#parts.joins.start(key, plan);
    return { patch, key, memory, plan };
  }

  /** Takes step after step; the last one is told. */
  async #settle(pass: Pass): Promise<Result | void> {
    for (;;) {
      const step = decide(observe(this.#parts, pass));
      switch (step.type) {
        case "wait":
          return;
        case "letGo":
          return await this.#letGo(pass);
        case "rest":
          return await this.#applied(pass);
        case "write":
          await writeTargets(this.#parts, pass);
          return await this.#applied(pass);
        case "fail":
          return await this.#failed(pass, discreet(step.problem, pass.plan));
        case "inhibit":
          return await this.#report(pass, notApplied("Inhibited", "The management policy forbids to write the field"));
        case "contest":
          await this.#report(pass, notApplied("Conflict", CONTESTED));
          return { requeueAfter: step.after };
        default:
          await this.#perform(step, pass);
      }
    }
  }

  /** Steps after which there may be more to do. */
  async #perform(step: MiddleStep, pass: Pass): Promise<void> {
    const { patches, watches, joins } = this.#parts;
    switch (step.type) {
      case "addFinalizer": {
        const resource = patches.resourceOf(pass.patch);
        return saw(pass, await addFinalizer(watches.as(undefined), resource, pass.patch, PATCH_FINALIZER));
      }
      case "note":
        noteTargets(pass);
        // Before the first write, or the old value would be lost with this process.
        return saw(pass, await this.#parts.report(pass.patch, statusOf(pass.patch, pass.plan, pass.memory, [])));
      case "undo": {
        const joined = step.which === "stale" ? joins.of(pass.key) : undefined;
        return await undo(this.#parts, pass, joined ? staleTargets(pass, joined) : [...pass.memory.written.values()]);
      }
    }
  }

  async #letGo({ patch }: Pass): Promise<void> {
    const { patches, watches } = this.#parts;
    await removeFinalizer(watches.as(undefined), patches.resourceOf(patch), patch, PATCH_FINALIZER);
  }

  async #applied(pass: Pass): Promise<Result | void> {
    if (pass.plan !== undefined) return await this.#report(pass, applied(pass.plan, pass.memory.written.size));
  }

  async #failed(pass: Pass, { reason, message }: PatchError): Promise<void> {
    const deleting = pass.patch.metadata.deletionTimestamp !== undefined;
    await this.#report(pass, notApplied(deleting ? "Deleting" : reason, message));
  }

  async #report(pass: Pass, verdicts: readonly Verdict[]): Promise<Result | void> {
    const { patch, plan, memory } = pass;
    const status = statusOf(patch, plan, memory, verdicts);
    const now = Date.now();
    if (!equalJson(patch.status, status) && !isNews(patch.status, status)) {
      memory.statusDue ??= now + STATUS_DELAY;
      if (now < memory.statusDue) return { requeueAfter: memory.statusDue - now };
    }
    memory.statusDue = undefined;
    saw(pass, await this.#parts.report(patch, status));
  }
}

/** What a Patch says while it waits for a truce. */
const CONTESTED = "Somebody else keeps writing the field: it is written again after a while, and less and less often";

/** Goes on with a newer state of the Patch, and remembers it: the store may lag. */
function saw(pass: Pass, patch: Patch): void {
  pass.patch = patch;
  pass.memory.latest = patch;
}

/** Whichever of the two was written later. */
function newer(stored: Patch, latest: Patch | undefined): Patch {
  if (latest === undefined) return stored;
  const [a, b] = [Number(stored.metadata.resourceVersion), Number(latest.metadata.resourceVersion)];
  return b > a ? latest : stored;
}
