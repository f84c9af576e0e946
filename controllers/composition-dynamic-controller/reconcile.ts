/** One pass over one composition: observe → decide → act, until there is nothing to do, then report. */
import { type Capabilities, type Values, withGlobal } from "../../lib/helm/mod.ts";
import type { EventRecorder, KubeClient, ObjectKey, Store } from "../../lib/kube/mod.ts";
import {
  fingerprint,
  HELM_MANAGER,
  type LoadedChart,
  objectId,
  ReleaseError,
  type ReleaseObject,
  uninstall,
} from "../../lib/release/mod.ts";
import {
  hasFinalizer,
  isPaused,
  policyOf,
  removeFinalizer,
  type Report,
  type Result,
} from "../../lib/provider-runtime/mod.ts";
import { type ChartRenderer, describeHealing, heal, hold, mark, marksOf, renderAndDeploy } from "./act.ts";
import { ANNOTATION, type Blueprint, type Blueprints, type Composition, FINALIZER, LABEL } from "./api.ts";
import type { Children } from "./children.ts";
import { verdicts } from "./conditions.ts";
import { decide, type Facts, type Step } from "./decide.ts";
import { backoff, failureOf, NoBlueprintError } from "./failure.ts";
import { inputsDigest } from "./inputs.ts";
import { blank, type Failure, type Memory } from "./memory.ts";
import { releaseName } from "./release_name.ts";
import { moveTo } from "./move.ts";
import { readHistory, releaseAfter, releaseOf } from "./release_state.ts";
import { statusOf } from "./status.ts";
import { childLabels, injectedGlobal, type KindContext } from "./values.ts";

/** What the reconciler works with. */
export interface ReconcilerParts {
  readonly client: KubeClient;
  readonly kind: KindContext;
  readonly compositions: Store<Composition>;
  readonly blueprints: Blueprints;
  readonly children: Children;
  readonly renderer: ChartRenderer;
  readonly report: Report<Composition>;
  readonly recorder: EventRecorder;
}

/** What a release is to be made from, now. */
interface Wish {
  readonly blueprint: Blueprint;
  readonly loaded: LoadedChart;
  readonly values: Values;
  readonly global: Values;
  readonly labels: Readonly<Record<string, string>>;
  readonly capabilities: Capabilities;
  readonly inputs: string;
}

/** One composition during one pass. */
interface Pass {
  composition: Composition;
  readonly name: string;
  readonly namespace: string;
  readonly memory: Memory;
  readonly signal: AbortSignal;
  wish?: Wish;
}

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
    this.#parts.children.use(uid, []);
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
      await this.#report(pass, undefined);
    } catch (error) {
      signal.throwIfAborted();
      await this.#failed(pass, error);
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

  /** ms until a failed wish may be tried again; `undefined` where it may now, or where the wish is another. */
  async #shielded(pass: Pass): Promise<number | undefined> {
    const { failure } = pass.memory;
    const wait = failure ? failure.until - Date.now() : 0;
    if (!failure || wait <= 0 || pass.composition.metadata.deletionTimestamp) return undefined;
    const inputs = await this.#wish(pass).then((wish) => wish.inputs, () => undefined);
    if (inputs !== failure.inputs) return undefined;
    await this.#report(pass, failure);
    return wait;
  }

  /** Takes step after step until there is none left. */
  async #settle(pass: Pass): Promise<"gone" | "settled"> {
    for (;;) {
      const step = decide(await this.#observe(pass));
      if (step.type === "rest") return "settled";
      await this.#perform(step, pass);
      if (step.type === "letGo") return "gone";
      if (step.type === "move" && !pass.memory.unmovable) return "gone";
      if (step.type === "uninstall" && !pass.memory.uninstalled) return "settled";
    }
  }

  async #observe(pass: Pass): Promise<Facts> {
    const { composition, memory } = pass;
    const deleting = composition.metadata.deletionTimestamp !== undefined;
    const { allowed } = policyOf(composition);
    const move = deleting ? "no" : this.#move(pass);
    // A move needs no chart: it must not wait for the server of the old one.
    const wish = deleting || move === "wanted" ? undefined : await this.#wish(pass);
    if (!memory.release && !deleting) await this.#recall(pass);
    return {
      deleting,
      finalizer: hasFinalizer(composition, FINALIZER),
      marked: wish !== undefined && this.#isMarked(pass, wish.blueprint),
      allows: { create: allowed.has("create"), update: allowed.has("update"), delete: allowed.has("delete") },
      move,
      gracefulPause: gracefulPause(composition),
      installed: memory.release?.installed ?? false,
      current: wish !== undefined && memory.release?.inputs === wish.inputs,
      suspects: this.#suspects(memory).length > 0,
      uninstalled: memory.uninstalled,
    };
  }

  async #perform(step: Exclude<Step, { type: "rest" }>, pass: Pass): Promise<void> {
    const { client, kind } = this.#parts;
    switch (step.type) {
      case "move":
        return await this.#moveOn(pass);
      case "mark": {
        const { blueprint } = await this.#wish(pass);
        this.#saw(
          pass,
          await mark(client, kind.resource, pass.composition, marksOf(pass.composition, blueprint, pass.name)),
        );
        return;
      }
      case "install":
      case "upgrade":
        return await this.#deploy(pass);
      case "heal":
        return await this.#heal(pass);
      case "hold":
        this.#saw(pass, await hold(client, kind.resource, pass.composition));
        return;
      case "uninstall":
        return await this.#uninstall(pass);
      case "letGo": {
        await removeFinalizer(client, kind.resource, pass.composition, FINALIZER);
        this.forget(pass.composition.metadata.uid ?? "");
      }
    }
  }

  async #deploy(pass: Pass): Promise<void> {
    const { client, renderer, children, recorder } = this.#parts;
    const { composition, memory, name, namespace, signal } = pass;
    const wish = await this.#wish(pass);
    const history = await readHistory(client, namespace, name, signal);
    try {
      const deployment = await renderAndDeploy(client, renderer, { ...wish, composition, name, history, signal });
      memory.missing = [];
      const first = !memory.release?.installed;
      memory.release = releaseAfter(deployment, wish.inputs);
      memory.accepted.clear();
      children.use(composition.metadata.uid ?? "", deployment.applied.map((a) => a.target.resource));
      for (const { target, live } of deployment.applied) {
        children.put(target, live);
        memory.accepted.set(objectId(target), fingerprint(live, HELM_MANAGER));
      }
      for (const { target, ignored } of deployment.applied) {
        if (ignored.length === 0) continue;
        const note = `The API server does not know ${
          ignored.join(", ")
        } of ${target.resource.kind} ${target.name}: left out`;
        recorder.record({ regarding: composition, type: "Warning", reason: "FieldsIgnored", action: "Apply", note });
      }
      recorder.record({
        regarding: composition,
        type: "Normal",
        reason: first ? "CompositionCreated" : "CompositionUpdated",
        action: first ? "Create" : "Update",
        note: `Composition ${first ? "created" : "updated"}: ${composition.metadata.name} (release ${name}, ` +
          `revision ${deployment.record.version})`,
      });
    } catch (error) {
      memory.missing = error instanceof ReleaseError && error.reason === "MissingKinds" ? error.missing : [];
      // A failed revision is on record now, and objects of it may be in the cluster.
      delete memory.release;
      throw error;
    }
  }

  async #heal(pass: Pass): Promise<void> {
    const { client, children, recorder } = this.#parts;
    const { composition, memory, name, namespace, signal } = pass;
    for (const target of this.#suspects(memory)) {
      const healed = await heal(client, target, { name, namespace }, signal);
      children.put(target, healed.live);
      memory.accepted.set(objectId(target), fingerprint(healed.live, HELM_MANAGER));
      if (!healed.recreated && healed.fields.length === 0) continue;
      const note = describeHealing(healed);
      recorder.record({ regarding: composition, type: "Warning", reason: "DriftCorrected", action: "Heal", note });
    }
  }

  async #uninstall(pass: Pass): Promise<void> {
    const { client, recorder } = this.#parts;
    const { composition, memory, name, namespace, signal } = pass;
    const progress = await uninstall(client, { name, namespace, signal });
    memory.uninstalled = progress.done;
    memory.remaining = progress.done ? [] : progress.remaining;
    if (!progress.done) return;
    const kept = progress.kept.length > 0 ? `; kept by their own wish: ${progress.kept.join(", ")}` : "";
    recorder.record({
      regarding: composition,
      type: "Normal",
      reason: "CompositionDeleted",
      action: "Delete",
      note: `Composition deleted: ${composition.metadata.name} (release ${name})${kept}`,
    });
  }

  /** Reads the release's records, once after a start and after each failure. */
  async #recall(pass: Pass): Promise<void> {
    const { client, children } = this.#parts;
    const { memory, name, namespace, composition } = pass;
    const history = await readHistory(client, namespace, name, pass.signal);
    memory.release = await releaseOf(client, namespace, name, history);
    children.use(composition.metadata.uid ?? "", memory.release.targets.map((t) => t.resource));
  }

  /** What the release is to be made from. Computed once a pass. */
  async #wish(pass: Pass): Promise<Wish> {
    if (pass.wish) return pass.wish;
    const { client, kind } = this.#parts;
    const { composition } = pass;
    const blueprint = this.#blueprint(pass);
    const loaded = await blueprint.chart();
    const [version, apiVersions] = await Promise.all([
      client.discovery.serverVersion(),
      client.discovery.apiVersions(),
    ]);
    const capabilities = { kubeVersion: version.gitVersion, apiVersions };
    const values = composition.spec ?? {};
    const global = injectedGlobal(composition, kind, gracefulPause(composition) !== "no");
    const labels = childLabels(composition, kind);
    const inputs = inputsDigest({
      chartDigest: loaded.digest,
      values: withGlobal(values, global),
      labels,
      releaseName: pass.name,
      kubeVersion: version.gitVersion,
    });
    pass.wish = { blueprint, loaded, values, global, labels, capabilities, inputs };
    return pass.wish;
  }

  /** Children that are missing, or whose fields of ours look changed; none before they have all been listed. */
  #suspects(memory: Memory): ReleaseObject[] {
    const { children } = this.#parts;
    const targets = memory.release?.targets ?? [];
    if (!children.synced(targets.map((t) => t.resource))) return [];
    return targets.filter((target) => {
      const state = children.state(target);
      return !state || state.fingerprint !== memory.accepted.get(objectId(target));
    });
  }

  /** The blueprint of a composition; an error says why there is none. */
  #blueprint({ composition }: Pass): Blueprint {
    const blueprint = this.#parts.blueprints.of(this.#parts.kind.resource, composition);
    if (typeof blueprint === "string") throw new NoBlueprintError(blueprint);
    return blueprint;
  }

  #move(pass: Pass): Facts["move"] {
    const { composition, memory } = pass;
    const to = this.#blueprint(pass).currentVersion;
    if (to === this.#parts.kind.resource.version) {
      delete memory.unmovable;
      return "no";
    }
    const { unmovable } = memory;
    return unmovable?.to === to && unmovable.generation === composition.metadata.generation ? "refused" : "wanted";
  }

  async #moveOn(pass: Pass): Promise<void> {
    const { client, kind } = this.#parts;
    const { composition, memory } = pass;
    const to = this.#blueprint(pass).currentVersion;
    const message = await moveTo(client, kind.resource, composition, to);
    if (message === undefined) delete memory.unmovable;
    else memory.unmovable = { to, generation: composition.metadata.generation, message };
  }

  #isMarked(pass: Pass, blueprint: Blueprint): boolean {
    const { composition } = pass;
    const { labels = {} } = composition.metadata;
    const wanted = Object.entries(marksOf(composition, blueprint, pass.name));
    return hasFinalizer(composition, FINALIZER) && wanted.every(([key, value]) => labels[key] === value);
  }

  #saw(pass: Pass, composition: Composition): void {
    pass.composition = composition;
    pass.memory.latest = composition;
  }

  async #failed(pass: Pass, error: unknown): Promise<void> {
    const { memory } = pass;
    const inputs = pass.wish?.inputs;
    const count = memory.failure?.inputs === inputs ? (memory.failure?.count ?? -1) + 1 : 0;
    const failure = failureOf(error);
    memory.failure = { ...failure, inputs, count, until: Date.now() + backoff(count) };
    await this.#report(pass, failure);
  }

  async #report(pass: Pass, failure: Failure | undefined): Promise<void> {
    const { children, report } = this.#parts;
    const { composition, memory } = pass;
    const release = memory.release;
    const paused = isPaused(composition) ? "paused" : gracefulPause(composition) === "held" ? "gracefully" : "no";
    const status = statusOf(
      composition,
      release,
      pass.wish?.blueprint.chartSpec.url,
      verdicts({
        deleting: composition.metadata.deletionTimestamp !== undefined,
        remaining: memory.remaining,
        failure,
        paused,
        unmovable: memory.unmovable?.message,
        installed: release?.revision !== undefined,
        wasReady: composition.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") ?? false,
        children: (release?.targets ?? []).map((target) => ({ target, health: children.state(target)?.health })),
      }),
    );
    this.#saw(pass, await report(composition, status));
  }
}

/** Whichever of the two was written later. */
function newer(stored: Composition, latest: Composition | undefined): Composition {
  if (!latest || latest.metadata.uid !== stored.metadata.uid) return stored;
  const [a, b] = [Number(stored.metadata.resourceVersion), Number(latest.metadata.resourceVersion)];
  return b > a ? latest : stored;
}

function gracefulPause(composition: Composition): Facts["gracefulPause"] {
  const annotations = composition.metadata.annotations ?? {};
  if (annotations[ANNOTATION.gracefullyPaused] !== "true") return "no";
  return annotations[ANNOTATION.gracefullyPausedTime] === undefined ? "asked" : "held";
}
