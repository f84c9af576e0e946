/** One pass over one definition: observe → decide → act, until there is nothing to do, then report. */
import { isKubeError, type KubeClient, type KubeObject, type ObjectKey, type Store } from "../../lib/kube/mod.ts";
import type { ChartLibrary, LoadedChart } from "../../lib/release/mod.ts";
import { type CompiledSchema, compileSchema, SchemaError } from "../../lib/schema/mod.ts";
import {
  addFinalizer,
  hasFinalizer,
  isPaused,
  policyOf,
  removeFinalizer,
  type Report,
  type Result,
} from "../../lib/provider-runtime/mod.ts";
import { type CompositionDefinition, CRDS, DEFINITION_FINALIZER, DEFINITIONS } from "./api.ts";
import { compositionsOf, deleteCompositions, type FoundComposition } from "./compositions.ts";
import { compositionNames, schemaInputOf } from "./crd/mod.ts";
import { crdState, desiredCrd } from "./crd_state.ts";
import { type CrdState, decide, type Facts, type Step } from "./decide.ts";
import { DefinitionError } from "./errors.ts";
import { failureOf } from "./failure.ts";
import { type Blueprint, schemaVerdict, statusOf, type Verdict } from "./status.ts";

/** What the reconciler works with. */
export interface ReconcilerParts {
  readonly client: KubeClient;
  readonly definitions: Store<CompositionDefinition>;
  readonly crds: Store<KubeObject>;
  readonly charts: ChartLibrary;
  readonly report: Report<CompositionDefinition>;
}

/** One definition during one pass. */
interface Pass {
  definition: CompositionDefinition;
  readonly signal: AbortSignal;
  blueprint?: Blueprint;
  /** The CRD as this pass left it; the store may lag. */
  crd?: KubeObject | undefined;
  compositions: readonly FoundComposition[];
}

/** ms between two looks at compositions that are being deleted. */
const DELETION_POLL = 1_000;

/** Reconciles definitions. */
export class DefinitionReconciler {
  readonly #parts: ReconcilerParts;
  /** By digest of the chart: compiling is pure. */
  readonly #compiled = new Map<string, CompiledSchema>();

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
  }

  /** A reconciler for the `reconcile` stage. */
  readonly reconcile = async (key: ObjectKey, signal: AbortSignal): Promise<Result | void> => {
    const definition = this.#parts.definitions.get(key);
    if (!definition) return;
    const pass: Pass = { definition, signal, compositions: [] };
    try {
      const last = await this.#settle(pass);
      if (last === "letGo") return;
      await this.#report(pass, last === "wait" ? waiting(pass) : done(pass));
    } catch (error) {
      signal.throwIfAborted();
      // Somebody else was faster, and the stores will tell: nothing is wrong with the definition.
      if (isKubeError(error, "Conflict")) throw error;
      const { reason, message } = failureOf(error);
      await this.#report(pass, [
        { type: "Ready", status: "False", reason, message },
        { type: "Synced", status: "False", reason: "ReconcileError", message },
      ]);
      throw error;
    }
    if (pass.compositions.length > 0) return { requeueAfter: DELETION_POLL };
  };

  /** Takes step after step; the last one tells how it ended. */
  async #settle(pass: Pass): Promise<"rest" | "wait" | "letGo"> {
    for (;;) {
      const step = decide(await this.#observe(pass));
      if (step.type === "rest" || step.type === "wait") return step.type;
      await this.#perform(step, pass);
      if (step.type === "letGo") return "letGo";
      if (step.type === "deleteCompositions" || step.type === "deleteCrd") return "wait";
    }
  }

  async #observe(pass: Pass): Promise<Facts> {
    const { definition } = pass;
    const deleting = definition.metadata.deletionTimestamp !== undefined;
    const { allowed } = policyOf(definition);
    const shared = deleting && this.#isShared(definition);
    pass.compositions = deleting ? await compositionsOf(this.#parts.client, definition, shared) : [];
    const crd = deleting ? await this.#crdState(pass, crdNameOf(definition)) : await this.#wanted(pass);
    return {
      deleting,
      finalizer: hasFinalizer(definition, DEFINITION_FINALIZER),
      allows: { apply: allowed.has("create") && allowed.has("update"), delete: allowed.has("delete") },
      compositions: pass.compositions.length,
      shared,
      crdExists: pass.crd !== undefined,
      crd,
    };
  }

  async #perform(step: Exclude<Step, { type: "rest" | "wait" }>, pass: Pass): Promise<void> {
    const { client } = this.#parts;
    switch (step.type) {
      case "addFinalizer":
        pass.definition = await addFinalizer(client, DEFINITIONS, pass.definition, DEFINITION_FINALIZER);
        return;
      case "applyCrd":
        return await this.#applyCrd(pass);
      case "deleteCompositions":
        return await deleteCompositions(client, pass.definition, pass.compositions);
      case "deleteCrd":
        await client.delete(CRDS, crdNameOf(pass.definition));
        return;
      case "letGo":
        await removeFinalizer(client, DEFINITIONS, pass.definition, DEFINITION_FINALIZER);
    }
  }

  /** What the CRD is in respect of the chart that the definition names. */
  async #wanted(pass: Pass): Promise<CrdState> {
    const blueprint = await this.#blueprint(pass);
    return await this.#crdState(pass, blueprint.names.crdName, blueprint);
  }

  async #crdState(pass: Pass, name: string, blueprint?: Blueprint): Promise<CrdState> {
    const stored = this.#parts.crds.get(name);
    if (!pass.crd || Number(stored?.metadata.resourceVersion) > Number(pass.crd.metadata.resourceVersion)) {
      pass.crd = stored;
    }
    return crdState(pass.crd, blueprint);
  }

  async #applyCrd(pass: Pass): Promise<void> {
    const { client } = this.#parts;
    const blueprint = await this.#blueprint(pass);
    const live = await client.find<KubeObject>(CRDS, blueprint.names.crdName);
    const desired = desiredCrd(live, blueprint);
    pass.crd = live ? await client.replace(CRDS, desired) : await client.create(CRDS, desired);
    client.discovery.invalidate();
  }

  async #blueprint(pass: Pass): Promise<Blueprint> {
    if (pass.blueprint) return pass.blueprint;
    const spec = pass.definition.spec?.chart;
    if (!spec?.url) throw new DefinitionError("NoChart", "The definition names no chart: set spec.chart.url");
    const loaded = await this.#parts.charts.get(spec);
    pass.blueprint = { loaded, names: compositionNames(loaded.chart.metadata), compiled: this.#compile(loaded) };
    return pass.blueprint;
  }

  #compile(loaded: LoadedChart): CompiledSchema {
    const known = this.#compiled.get(loaded.digest);
    if (known) return known;
    const compiled = compiledSchemaOf(loaded);
    this.#compiled.set(loaded.digest, compiled);
    return compiled;
  }

  #isShared(definition: CompositionDefinition): boolean {
    return [...this.#parts.definitions.values()].some((other) =>
      other.metadata.uid !== definition.metadata.uid && other.status?.resource === definition.status?.resource &&
      other.metadata.deletionTimestamp === undefined
    );
  }

  async #report(pass: Pass, verdicts: readonly Verdict[]): Promise<void> {
    const { definition, blueprint, crd } = pass;
    const schema = blueprint ? [schemaVerdict(blueprint.compiled)] : [];
    const established = crdState(crd, blueprint) === "established" ? crd : undefined;
    const status = statusOf(definition, blueprint, established, [...verdicts, ...schema]);
    pass.definition = await this.#parts.report(definition, status);
  }
}

/** @throws SchemaError whose message also tells which chart to correct. */
function compiledSchemaOf({ chart, resolvedUrl }: LoadedChart): CompiledSchema {
  try {
    return compileSchema(schemaInputOf(chart));
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    const { name, version } = chart.metadata;
    const message = `${error.message}: correct values.schema.json of chart "${name}" ${version} from ${resolvedUrl}`;
    throw new SchemaError(error.reason, error.pointer, message, { cause: error });
  }
}

/** The CRD of a definition that had one. */
function crdNameOf({ status }: CompositionDefinition): string {
  return status?.resource && status.managed?.group ? `${status.resource}.${status.managed.group}` : "";
}

function waiting({ definition, compositions }: Pass): Verdict[] {
  const synced: Verdict = { type: "Synced", status: "True", reason: "ReconcileSuccess", message: "" };
  if (!definition.metadata.deletionTimestamp) {
    return [
      { type: "Ready", status: "False", reason: "Creating", message: "Waiting for the CRD to be established" },
      synced,
    ];
  }
  const names = compositions.slice(0, 3).map(({ object }) => `${object.metadata.namespace}/${object.metadata.name}`);
  const message = compositions.length === 0
    ? "Waiting for the CRD to go"
    : `Waiting for ${compositions.length} compositions to be deleted: ${names.join(", ")}` +
      (compositions.length > 3 ? " …" : "");
  return [{ type: "Ready", status: "False", reason: "Deleting", message }, synced];
}

function done({ definition }: Pass): Verdict[] {
  if (isPaused(definition)) return [{ type: "Synced", status: "False", reason: "ReconcilePaused", message: "" }];
  return [
    { type: "Ready", status: "True", reason: "Available", message: "" },
    { type: "Synced", status: "True", reason: "ReconcileSuccess", message: "" },
  ];
}
