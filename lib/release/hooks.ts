/** Running a chart's hooks: one at a time, by weight, waiting for Jobs and Pods to end. */
import { filter, map } from "../deps/rxjs.ts";
import type { Hook, HookDeletePolicy, HookEvent } from "../helm/mod.ts";
import type { KubeClient, KubeObject } from "../kube/mod.ts";
import { HELM_MANAGER } from "./apply.ts";
import { ReleaseError } from "./errors.ts";
import { health } from "./health.ts";
import { type ReleaseObject, resolveObjects } from "./objects.ts";
import { settled, type WaitSettings, watchOne } from "./wait.ts";

/** A hook as the record keeps it, enough to run it again: for `pre-delete` and `post-delete` long after the chart. */
export type RunnableHook = Pick<Hook, "name" | "kind" | "source" | "object" | "events" | "weight" | "deletePolicies">;

/** How to run hooks. */
export interface HookSettings extends WaitSettings {
  readonly namespace: string;
  /** Labels to add to each hook's object. */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Runs the hooks of an event in their order and cleans up by their delete policies.
 *
 * @throws {ReleaseError} `HookFailed`: the hook's name, what it said, and where to look.
 */
export async function runHooks(
  client: KubeClient,
  hooks: readonly RunnableHook[],
  event: HookEvent,
  settings: HookSettings,
): Promise<number> {
  const due = hooks.filter((h) => h.events.includes(event)).sort((a, b) => a.weight - b.weight);
  for (const [i, hook] of due.entries()) {
    try {
      await runHook(client, hook, await resolveHook(client, hook, settings), event, settings);
    } catch (error) {
      // Those before it did succeed, and their policy holds for them.
      await orWith(error, () => cleanUp(client, due.slice(0, i), settings));
      throw error;
    }
  }
  await cleanUp(client, due, settings);
  return due.length;
}

/** Tidies up after a failure. Where that fails too the first failure is thrown with the second in its message. */
async function orWith(error: unknown, tidy: () => Promise<void>): Promise<void> {
  try {
    await tidy();
  } catch (second) {
    const message = `${(error as Error).message}; and cleaning up failed: ${(second as Error).message}`;
    throw new ReleaseError("HookFailed", message, { cause: error });
  }
}

async function resolveHook(client: KubeClient, hook: RunnableHook, settings: HookSettings): Promise<ReleaseObject> {
  const { objects, missing } = await resolveObjects(client.discovery, [hook.object], settings.namespace);
  const target = objects[0];
  if (!target) {
    const kinds = missing.map((m) => `${m.apiVersion} ${m.kind}`).join(", ");
    throw new ReleaseError("MissingKinds", `Cannot run hook "${hook.name}": the server does not serve ${kinds}`);
  }
  const labels = { ...target.object.metadata.labels, ...settings.labels };
  return { ...target, object: { ...target.object, metadata: { ...target.object.metadata, labels } } };
}

async function runHook(
  client: KubeClient,
  hook: RunnableHook,
  target: ReleaseObject,
  event: HookEvent,
  settings: HookSettings,
): Promise<void> {
  if (policiesOf(hook).includes("before-hook-creation")) await deleteHook(client, target, settings);
  try {
    await client.apply(target.resource, target.object, {
      fieldManager: HELM_MANAGER,
      force: true,
      fieldValidation: "Warn",
      ...(settings.signal ? { signal: settings.signal } : {}),
    });
    await finished(client, target, settings);
  } catch (error) {
    settings.signal?.throwIfAborted();
    const failure = new ReleaseError(
      "HookFailed",
      `Hook ${event} "${hook.name}" (${hook.kind}, ${hook.source}) failed: ${(error as Error).message}: ` +
        `see kubectl -n ${target.namespace ?? settings.namespace} describe ${target.resource.plural} ${target.name}`,
      { cause: error },
    );
    if (policiesOf(hook).includes("hook-failed")) {
      await orWith(failure, () => deleteHook(client, target, settings));
    }
    throw failure;
  }
}

async function cleanUp(client: KubeClient, hooks: readonly RunnableHook[], settings: HookSettings): Promise<void> {
  for (const hook of hooks) {
    if (!policiesOf(hook).includes("hook-succeeded")) continue;
    await deleteHook(client, await resolveHook(client, hook, settings), settings);
  }
}

/** Helm's default policy is `before-hook-creation`; CRDs are never deleted. */
function policiesOf(hook: RunnableHook): readonly HookDeletePolicy[] {
  if (hook.kind === "CustomResourceDefinition") return [];
  return hook.deletePolicies.length > 0 ? hook.deletePolicies : ["before-hook-creation"];
}

/** Deletes the hook's object and waits until it is gone, so that its name is free. */
async function deleteHook(client: KubeClient, target: ReleaseObject, settings: HookSettings): Promise<void> {
  const call = settings.signal ? { signal: settings.signal } : {};
  const there = await client.delete(target.resource, target.name, target.namespace, {
    propagationPolicy: "Background",
    ...call,
  });
  if (!there || !(await client.find(target.resource, target.name, target.namespace, call))) return;
  await settled(
    watchOne(client, target).pipe(filter((live) => live === undefined)),
    settings,
    "its old object is not gone",
  );
}

/** Waits for a Job or Pod to end; everything else is done when it is there. */
async function finished(client: KubeClient, target: ReleaseObject, settings: HookSettings): Promise<void> {
  if (target.resource.kind !== "Job" && target.resource.kind !== "Pod") return;
  const ended$ = watchOne(client, target).pipe(
    map((live) => live && endOf(live)),
    filter((end) => end !== undefined),
  );
  const end = await settled(ended$, settings, "it has not ended");
  if (end !== "") throw new Error(end);
}

/** Empty when the Job or Pod succeeded, its complaint when it failed, undefined while it runs. */
function endOf(live: KubeObject): string | undefined {
  if (live.kind === "Pod") {
    const phase = (live["status"] as { phase?: string } | undefined)?.phase;
    return phase === "Succeeded" ? "" : phase === "Failed" ? health(live).message : undefined;
  }
  const { status, message } = health(live);
  return status === "Current" ? "" : status === "Failed" ? message : undefined;
}
