/** The life of a CustomResourceDefinition: names accepted, kind served, instances gone before it. */
import type { KubeObject } from "../../kube/mod.ts";
import { type Core, timestamp } from "../core.ts";
import { isObject, type JsonObject } from "../json_value.ts";
import { ServedKind } from "../registry.ts";
import { CLEANUP } from "../rest/delete.ts";
import type { Commit, Entry } from "../storage/mod.ts";
import { kindOfDefinition, namesOf, specOf, versionsOf } from "./definition.ts";
import { deleteAsController, rewrite } from "./rewrite.ts";
import type { Work } from "./work.ts";

const DEFINITIONS = "apiextensions.k8s.io/customresourcedefinitions";

/** Keeps the registry and the status of definitions in step with the stored definitions. */
export class DefinitionController {
  readonly #core: Core;
  readonly #work: Work;
  /** What is served for a definition, by its name: its uid, generation and whether it accepts objects. */
  readonly #served = new Map<string, string>();

  constructor(core: Core, work: Work) {
    this.#core = core;
    this.#work = work;
  }

  /** Serves the kinds of definitions that were there before. */
  load(): void {
    for (const entry of this.#core.store.collection(DEFINITIONS).list()) {
      this.#serve(entry.object);
      this.#schedule(entry.name);
    }
  }

  /** Takes note of a commit of any resource. */
  observe({ resource, type, entry }: Commit): void {
    if (resource === DEFINITIONS) {
      if (type === "DELETED") this.#retire(entry.object);
      else this.#schedule(entry.name);
      return;
    }
    if (type !== "DELETED") return;
    // A definition that is being deleted waits for the last of its objects.
    const served = this.#core.registry.byStorage(resource);
    if (served !== undefined && !served.accepting) this.#schedule(`${served.plural}.${served.group}`);
  }

  #schedule(name: string): void {
    this.#work.schedule(`definition ${name}`, () => this.#reconcile(name));
  }

  #reconcile(name: string): void {
    const entry = this.#core.store.get(DEFINITIONS, undefined, name);
    if (entry === undefined) return;
    if (entry.object.metadata.deletionTimestamp !== undefined) return this.#clean(entry);
    const conflict = this.#nameConflict(entry.object);
    rewrite(this.#core, DEFINITIONS, entry, (object) => {
      object.status = acceptedStatus(object, conflict);
    });
    if (conflict === undefined) this.#serve(this.#core.store.get(DEFINITIONS, undefined, name)?.object ?? entry.object);
  }

  /** Another resource of the same group that has one of the names. */
  #nameConflict(definition: KubeObject): string | undefined {
    const { group } = specOf(definition);
    const own = namesOf(definition);
    for (const other of this.#core.registry.kinds()) {
      if (other.group !== group || other.plural === own.plural) continue;
      if (other.kind === own.kind) return `"${own.kind}" is already in use`;
      if (other.definition.singular === own.singular) return `"${own.singular}" is already in use`;
      const short = own.shortNames.find((name) => other.definition.shortNames.includes(name));
      if (short !== undefined) return `"${short}" is already in use`;
    }
    return undefined;
  }

  #serve(definition: KubeObject): void {
    const { name, uid, generation, deletionTimestamp } = definition.metadata;
    const accepting = deletionTimestamp === undefined;
    const mark = `${uid} ${accepting ? generation : "terminating"}`;
    if (this.#served.get(name) === mark) return;
    this.#served.set(name, mark);
    const { store, registry, engine } = this.#core;
    registry.register(new ServedKind(kindOfDefinition(definition), engine, store.revision, { accepting }));
  }

  #retire(definition: KubeObject): void {
    this.#served.delete(definition.metadata.name);
    this.#core.registry.unregister(String(specOf(definition).group), namesOf(definition).plural);
  }

  /** Deletes all objects of a kind; the definition goes when they are gone. */
  #clean(entry: Entry): void {
    this.#serve(entry.object);
    const served = this.#core.registry.get(String(specOf(entry.object).group), namesOf(entry.object).plural);
    const collection = served === undefined ? undefined : this.#core.store.collection(served.resource);
    for (const instance of collection?.list() ?? []) {
      if (served !== undefined && instance.object.metadata.deletionTimestamp === undefined) {
        deleteAsController(this.#core, served, instance, "customresource-cleanup");
      }
    }
    const remaining = collection?.size ?? 0;
    const current = this.#core.store.get(DEFINITIONS, undefined, entry.name);
    if (current === undefined) return;
    rewrite(this.#core, DEFINITIONS, current, (object) => {
      const { metadata } = object;
      if (remaining === 0) metadata.finalizers = (metadata.finalizers ?? []).filter((name) => name !== CLEANUP);
      setCondition(object, {
        type: "Terminating",
        status: "True",
        reason: "InstanceDeletionInProgress",
        message: "CustomResource deletion is in progress",
      });
    });
  }
}

function acceptedStatus(definition: KubeObject, conflict: string | undefined): JsonObject {
  const { plural, singular, kind, listKind, shortNames, categories } = namesOf(definition);
  const status = isObject(definition.status) ? definition.status : {};
  const stored = Array.isArray(status.storedVersions) ? status.storedVersions : [];
  const storage = versionsOf(definition).find((version) => version.storage === true)?.name;
  const holder: KubeObject = { ...definition, status: { ...status } };
  setCondition(
    holder,
    conflict === undefined
      ? { type: "NamesAccepted", status: "True", reason: "NoConflicts", message: "no conflicts found" }
      : { type: "NamesAccepted", status: "False", reason: "NamesConflict", message: conflict },
  );
  setCondition(
    holder,
    conflict === undefined
      ? {
        type: "Established",
        status: "True",
        reason: "InitialNamesAccepted",
        message: "the initial names have been accepted",
      }
      : { type: "Established", status: "False", reason: "NotAccepted", message: "not all names are accepted" },
  );
  return {
    ...(isObject(holder.status) ? holder.status : {}),
    ...(conflict === undefined
      ? {
        acceptedNames: {
          plural,
          singular,
          ...(shortNames.length > 0 ? { shortNames } : {}),
          kind,
          listKind,
          ...(categories.length > 0 ? { categories } : {}),
        },
      }
      : {}),
    storedVersions: stored.includes(storage) ? stored : [...stored, storage],
  };
}

interface ConditionText {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
}

/** Sets a condition in place; its time stays while its status does. */
function setCondition(object: KubeObject, condition: ConditionText): void {
  const status = isObject(object.status) ? object.status : {};
  const conditions = Array.isArray(status.conditions) ? status.conditions.filter(isObject) : [];
  const old = conditions.find((item) => item.type === condition.type);
  const lastTransitionTime = old?.status === condition.status ? old.lastTransitionTime : timestamp();
  const next = { ...condition, lastTransitionTime };
  object.status = {
    ...status,
    conditions: old === undefined ? [...conditions, next] : conditions.map((item) => item === old ? next : item),
  };
}
