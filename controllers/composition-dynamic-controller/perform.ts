/** Acting: one step of a composition, with what it leaves in memory and the Events that tell of it. */
import { removeFinalizer } from "../../lib/provider-runtime/mod.ts";
import {
  type Deployment,
  fingerprint,
  HELM_MANAGER,
  objectId,
  ReleaseError,
  uninstall,
} from "../../lib/release/mod.ts";
import { describeHealing, heal, hold, mark, marksOf, renderAndDeploy, unhold } from "./act.ts";
import { FINALIZER } from "./api.ts";
import type { Step } from "./decide.ts";
import { moveTo } from "./move.ts";
import { blueprintOf, suspects, wishOf } from "./observe.ts";
import { type Pass, type ReconcilerParts, saw } from "./pass.ts";
import { readHistory, releaseAfter } from "./release_state.ts";

/** Takes one step. */
export async function perform(
  step: Exclude<Step, { type: "rest" }>,
  parts: ReconcilerParts,
  pass: Pass,
): Promise<void> {
  const { client, kind: { resource } } = parts;
  switch (step.type) {
    case "move":
      return await move(parts, pass);
    case "mark": {
      const { blueprint } = await wishOf(parts, pass);
      return saw(pass, await mark(client, resource, pass.composition, marksOf(pass.composition, blueprint, pass.name)));
    }
    case "install":
    case "upgrade":
      return await bringAbout(parts, pass);
    case "heal":
      return await healSuspects(parts, pass);
    case "hold":
      return saw(pass, await hold(client, resource, pass.composition));
    case "unhold":
      return saw(pass, await unhold(client, resource, pass.composition));
    case "uninstall":
      return await remove(parts, pass);
    case "letGo":
      await removeFinalizer(client, resource, pass.composition, FINALIZER);
  }
}

async function move(parts: ReconcilerParts, pass: Pass): Promise<void> {
  const { composition, memory } = pass;
  const to = blueprintOf(parts, pass).currentVersion;
  const message = await moveTo(parts.client, parts.kind.resource, composition, to);
  if (message === undefined) delete memory.unmovable;
  else memory.unmovable = { to, generation: composition.metadata.generation, message };
}

async function bringAbout(parts: ReconcilerParts, pass: Pass): Promise<void> {
  const { client, renderer } = parts;
  const { composition, memory, name, namespace, signal } = pass;
  const wish = await wishOf(parts, pass);
  const history = pass.history ?? await readHistory(client, namespace, name, signal);
  delete pass.history;
  try {
    const deployment = await renderAndDeploy(client, renderer, { ...wish, composition, name, history, signal });
    tellOf(deployment, memory.release?.revision === undefined, parts, pass);
    memory.missing = [];
    memory.release = releaseAfter(deployment, wish.inputs);
    take(deployment, parts, pass);
  } catch (error) {
    memory.missing = error instanceof ReleaseError && error.reason === "MissingKinds" ? error.missing : [];
    // A failed revision is on record now, and objects of it may be in the cluster.
    delete memory.release;
    throw error;
  }
}

/** Takes what was applied for the present state of the children: their watch may not have brought it yet. */
function take({ applied }: Deployment, { children, kind }: ReconcilerParts, { composition, memory }: Pass): void {
  memory.accepted.clear();
  children.use(composition.metadata.uid ?? "", kind.resource.version, applied.map((a) => a.target.resource));
  for (const { target, live } of applied) {
    children.put(target, live);
    memory.accepted.set(objectId(target), fingerprint(live, HELM_MANAGER));
  }
}

function tellOf({ applied, record }: Deployment, first: boolean, { recorder }: ReconcilerParts, pass: Pass): void {
  const { composition, name } = pass;
  for (const { target, ignored } of applied) {
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
    note: `Composition ${first ? "created" : "updated"}: ${composition.metadata.name} (release ${name}, revision ` +
      `${record.version})`,
  });
}

async function healSuspects(parts: ReconcilerParts, pass: Pass): Promise<void> {
  const { client, children, recorder } = parts;
  const { composition, memory, name, namespace, signal } = pass;
  for (const target of suspects(parts, memory)) {
    const healed = await heal(client, target, { name, namespace }, signal);
    children.put(target, healed.live);
    memory.accepted.set(objectId(target), fingerprint(healed.live, HELM_MANAGER));
    if (!healed.recreated && healed.fields.length === 0) continue;
    const note = describeHealing(healed);
    recorder.record({ regarding: composition, type: "Warning", reason: "DriftCorrected", action: "Heal", note });
  }
}

async function remove({ client, recorder }: ReconcilerParts, pass: Pass): Promise<void> {
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
