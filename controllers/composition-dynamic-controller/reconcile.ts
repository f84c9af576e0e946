/** One pass over one composition: observe → decide → act, until there is nothing to do, then report. */
import { isKubeError, type ObjectKey } from "../../lib/kube/mod.ts";
import type { Result } from "../../lib/provider-runtime/mod.ts";
import type { Composition } from "./api.ts";
import { decide } from "./decide.ts";
import { backoff, failureOf } from "./failure.ts";
import { blank, type Memory } from "./memory.ts";
import { observe, wishOf } from "./observe.ts";
import type { Pass, ReconcilerParts } from "./pass.ts";
import { perform } from "./perform.ts";
import { releaseName } from "./release_name.ts";
import { reportOn } from "./report.ts";

/** ms between two looks at objects that hold up a deletion and send no event (their kind is not watched). */
const DELETION_POLL = 5_000;

/** Reconciles the compositions of one kind and version. */
export class CompositionReconciler {
  readonly #parts: ReconcilerParts;
  readonly #memories = new Map<string, Memory>();

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
  }

  /** Compositions that wait for kinds that the server does not serve. */
  waiting(): ObjectKey[] {
    const { compositions } = this.#parts;
    return [...compositions.keys()].filter((key) => {
      const uid = compositions.get(key)?.metadata.uid ?? "";
      return (this.#memories.get(uid)?.missing.length ?? 0) > 0;
    });
  }

  /** Drops what is remembered of compositions that are gone. */
  forget(uid: string): void {
    this.#memories.delete(uid);
    this.#parts.children.use(uid, this.#parts.kind.resource.version, []);
  }

  /** A reconciler for the `reconcile` stage. */
  readonly reconcile = async (key: ObjectKey, signal: AbortSignal): Promise<Result | void> => {
    const pass = this.#begin(key, signal);
    if (!pass) return;
    const shielded = await this.#shielded(pass);
    if (shielded !== undefined) return { requeueAfter: shielded };
    try {
      if (await this.#settle(pass) === "gone") return;
      delete pass.memory.failure;
      await reportOn(this.#parts, pass, undefined);
    } catch (error) {
      signal.throwIfAborted();
      // Somebody else was faster, and the store will tell: nothing is wrong with the composition.
      if (!isKubeError(error, "Conflict")) await this.#failed(pass, error);
      throw error;
    }
    if (pass.memory.remaining.length > 0) return { requeueAfter: DELETION_POLL };
  };

  #begin(key: ObjectKey, signal: AbortSignal): Pass | undefined {
    const stored = this.#parts.compositions.get(key);
    if (!stored) return undefined;
    const uid = stored.metadata.uid ?? key;
    const memory = this.#memories.get(uid) ?? blank();
    this.#memories.set(uid, memory);
    const composition = newer(stored, memory.latest);
    if (composition === stored) delete memory.latest;
    const namespace = composition.metadata.namespace ?? "default";
    return { composition, name: releaseName(composition), namespace, memory, signal };
  }

  /** ms until what failed may be tried again; `undefined` where it may now, or where something else is asked for. */
  async #shielded(pass: Pass): Promise<number | undefined> {
    const { failure, missing } = pass.memory;
    const wait = failure ? failure.until - Date.now() : 0;
    if (!failure || wait <= 0) return undefined;
    if (await this.#attempt(pass) !== failure.attempt) return undefined;
    if (missing.length > 0 && await this.#served(pass.memory)) return undefined;
    await reportOn(this.#parts, pass, failure);
    return wait;
  }

  /** What a pass is about to try: to delete, or to make the release of certain inputs. */
  async #attempt(pass: Pass): Promise<string | undefined> {
    if (pass.composition.metadata.deletionTimestamp) return "delete";
    return await wishOf(this.#parts, pass).then((wish) => wish.inputs, () => undefined);
  }

  /** Whether the server has come to serve all kinds that were missing. */
  async #served({ missing }: Memory): Promise<boolean> {
    const { discovery } = this.#parts.client;
    const found = await Promise.all(missing.map((m) => discovery.resourceFor(m.apiVersion, m.kind)));
    return found.every((resource) => resource !== undefined);
  }

  /** Takes step after step until there is none left. */
  async #settle(pass: Pass): Promise<"gone" | "settled"> {
    for (;;) {
      const step = decide(await observe(this.#parts, pass));
      if (step.type === "rest") return "settled";
      await perform(step, this.#parts, pass);
      if (step.type === "move" && !pass.memory.unmovable) return "gone";
      if (step.type === "uninstall" && !pass.memory.uninstalled) return "settled";
      if (step.type !== "letGo") continue;
      this.forget(pass.composition.metadata.uid ?? "");
      return "gone";
    }
  }

  async #failed(pass: Pass, error: unknown): Promise<void> {
    const { memory } = pass;
    const attempt = await this.#attempt(pass);
    const count = memory.failure?.attempt === attempt ? (memory.failure?.count ?? -1) + 1 : 0;
    const failure = failureOf(error);
    memory.failure = { ...failure, attempt, count, until: Date.now() + backoff(count) };
    await reportOn(this.#parts, pass, failure);
  }
}

/** Whichever of the two was written later. */
function newer(stored: Composition, latest: Composition | undefined): Composition {
  if (!latest || latest.metadata.uid !== stored.metadata.uid) return stored;
  const [a, b] = [Number(stored.metadata.resourceVersion), Number(latest.metadata.resourceVersion)];
  return b > a ? latest : stored;
}
