/** The managed-resource loop on an API server: conditions, annotations, Events, results. */
import assert from "node:assert/strict";
import {
  createEventRecorder,
  type EventInput,
  keyOf,
  type KubeClient,
  KubeError,
  systemClock,
} from "../../lib/kube/mod.ts";
import {
  ANNOTATION,
  type Conditioned,
  CREATE_INCOMPLETE,
  type ExternalClient,
  findCondition,
  type ManagedOptions,
  managedReconciler,
  type Observation,
} from "../../lib/provider-runtime/mod.ts";
import { defineKind, removeKind, thing, THINGS } from "../support/kinds.ts";
import { type ClientTarget, openClient } from "./client_target.ts";

const FINALIZER = "finalizer.managedresource.krateo.io";

/** An external system with one thing in it, and a list of what was asked of it. */
class External implements ExternalClient<Conditioned> {
  readonly calls: string[] = [];
  observation: Observation = { exists: false };
  readonly failures = new Map<string, Error>();
  kept: Record<string, string> | undefined;

  observe(): Promise<Observation> {
    return this.#call("observe", this.observation);
  }
  create(): Promise<Record<string, string> | void> {
    return this.#call("create", this.kept);
  }
  update(): Promise<void> {
    return this.#call("update", undefined);
  }
  delete(): Promise<void> {
    return this.#call("delete", undefined);
  }
  disconnect(): Promise<void> {
    return this.#call("disconnect", undefined);
  }

  async #call<R>(name: string, result: R): Promise<R> {
    this.calls.push(name);
    const failure = this.failures.get(name);
    if (failure !== undefined) throw failure;
    return result;
  }
}

interface Scene {
  readonly client: KubeClient;
  readonly external: External;
  readonly events: EventInput[];
  /** One reconcile of the object as it is on the server. */
  reconcile(): Promise<unknown>;
  /** The object as it is on the server. */
  object(): Promise<Conditioned | undefined>;
  annotate(annotations: Record<string, string | null>): Promise<void>;
}

let target: ClientTarget;
let number = 0;
Deno.test.beforeAll(async () => {
  target = await openClient();
  await defineKind(target.client, THINGS);
});
Deno.test.afterAll(async () => {
  await removeKind(target.client, THINGS);
  await target.close();
});

/** A test with an object of its own. */
function scene(
  name: string,
  annotations: Record<string, string>,
  run: (scene: Scene) => Promise<void>,
  options: Partial<ManagedOptions<Conditioned>> = {},
): void {
  Deno.test(`managedReconciler() ${name}`, async () => {
    const { client } = target;
    const external = new External();
    const events: EventInput[] = [];
    const name = `thing-${++number}`;
    const created = await client.create(THINGS, thing({ name, annotations }));
    let current: Conditioned | undefined = created;
    const reconciler = managedReconciler<Conditioned>({
      client,
      resource: THINGS,
      store: { get: () => current },
      connect: () => Promise.resolve(external),
      recorder: { record: (event) => events.push(event), flush: () => Promise.resolve() },
      clock: { ...systemClock, random: () => 0.5 },
      ...options,
    });
    const object = () => client.find<Conditioned>(THINGS, name, "default");
    await run({
      client,
      external,
      events,
      object,
      reconcile: async () => {
        current = await object();
        return await reconciler(keyOf(created), new AbortController().signal);
      },
      annotate: async (annotations) => {
        await client.patch(THINGS, name, "default", "merge", { metadata: { annotations } });
      },
    });
  });
}

/** `Ready=False/Creating Synced=True/ReconcileSuccess` */
async function conditions(scene: Scene): Promise<string> {
  const object = await scene.object();
  return ["Ready", "Synced"].map((type) => findCondition(object?.status?.conditions, type))
    .flatMap((condition) => condition ? [`${condition.type}=${condition.status}/${condition.reason}`] : []).join(" ");
}

async function synced(scene: Scene): Promise<string | undefined> {
  return findCondition((await scene.object())?.status?.conditions, "Synced")?.message;
}

const boom = new Error("boom");

scene("creates what is missing, and writes down that it did", {}, async (scene) => {
  scene.external.kept = { [ANNOTATION.externalName]: "id-7" };
  assert.deepEqual(await scene.reconcile(), { requeueAfter: 100 });
  const object = await scene.object();
  assert.deepEqual(object?.metadata.finalizers, [FINALIZER]);
  assert.equal(object?.metadata.annotations?.[ANNOTATION.externalName], "id-7");
  assert.ok(object?.metadata.annotations?.[ANNOTATION.createSucceeded]);
  assert.equal(await conditions(scene), "Ready=False/Creating Synced=True/ReconcileSuccess");
  assert.deepEqual(scene.external.calls, ["observe", "create", "disconnect"]);
  assert.deepEqual(scene.events.map((event) => event.reason), [
    "CreatedExternalResource",
    "Creating",
    "ReconcileSuccess",
  ]);
  // Within the grace it does not wonder why it cannot see it yet, and does not create it twice.
  assert.deepEqual(await scene.reconcile(), { requeueAfter: 1_000 });
  assert.equal(scene.external.calls.filter((call) => call === "create").length, 1);
});

scene("rests when all is as wanted, and writes nothing then", {}, async (scene) => {
  scene.external.observation = { exists: true, status: { url: "https://example.org" } };
  assert.deepEqual(await scene.reconcile(), { requeueAfter: 60_000 });
  assert.equal(await conditions(scene), "Ready=True/Available Synced=True/ReconcileSuccess");
  const before = await scene.object();
  assert.equal(before?.status?.url, "https://example.org");
  const events = scene.events.length;
  await scene.reconcile();
  assert.equal((await scene.object())?.metadata.resourceVersion, before?.metadata.resourceVersion);
  assert.equal(scene.events.length, events);
});

const failures: { phase: string; observation: Observation; conditions: string; reason: string }[] = [
  {
    phase: "observe",
    observation: { exists: true },
    conditions: "Synced=False/ReconcileError",
    reason: "CannotObserveExternalResource",
  },
  {
    phase: "create",
    observation: { exists: false },
    conditions: "Ready=False/Creating Synced=False/ReconcileError",
    reason: "CannotCreateExternalResource",
  },
  {
    phase: "update",
    observation: { exists: true, upToDate: false },
    conditions: "Synced=False/ReconcileError",
    reason: "CannotUpdateExternalResource",
  },
];
for (const { phase, observation, conditions: expected, reason } of failures) {
  scene(`tells a failure to ${phase}, and throws it`, {}, async (scene) => {
    scene.external.observation = observation;
    scene.external.failures.set(phase, boom);
    await assert.rejects(scene.reconcile(), { message: `${phase} failed: boom` });
    assert.equal(await conditions(scene), expected);
    assert.equal(await synced(scene), `${phase} failed: boom`);
    assert.deepEqual(scene.events.filter((event) => event.type === "Warning").map((event) => event.reason), [reason]);
  });
}

scene("is not wedged by a conflict when it creates", {}, async (scene) => {
  scene.external.failures.set("create", new KubeError("conflict", { reason: "Conflict", code: 409 }));
  await assert.rejects(scene.reconcile());
  scene.external.failures.clear();
  await scene.reconcile();
  assert.equal(await conditions(scene), "Ready=False/Creating Synced=True/ReconcileSuccess");
});

scene("does not create from an object that is out of date", {}, async (scene) => {
  await scene.reconcile().catch(() => {});
  const creates = scene.external.calls.length;
  assert.ok(creates > 0);
  const stale = await scene.object();
  await scene.annotate({ touched: "1", [ANNOTATION.createSucceeded]: null, [ANNOTATION.createPending]: null });
  assert.ok(stale !== undefined);
  delete stale.metadata.annotations;
  const reconciler = managedReconciler<Conditioned>({
    client: scene.client,
    resource: THINGS,
    store: { get: () => stale },
    connect: () => Promise.resolve(scene.external),
  });
  scene.external.calls.length = 0;
  await assert.rejects(Promise.resolve(reconciler("x", new AbortController().signal)), { reason: "Conflict" });
  assert.deepEqual(scene.external.calls, ["observe", "disconnect"]);
});

scene("stops at a creation that nobody knows of, and goes on when it is seen", {
  [ANNOTATION.createPending]: "2026-01-01T00:00:00Z",
}, async (scene) => {
  assert.deepEqual(await scene.reconcile(), { requeueAfter: 60_000 });
  assert.equal(await synced(scene), CREATE_INCOMPLETE);
  assert.ok(scene.events.some((event) => event.reason === "CannotInitializeManagedResource"));
  scene.external.observation = { exists: true };
  await scene.reconcile();
  assert.equal(await conditions(scene), "Ready=True/Available Synced=True/ReconcileSuccess");
});

scene("shows drift where its policy inhibits updates", { [ANNOTATION.managementPolicy]: "observe" }, async (scene) => {
  scene.external.observation = { exists: true, upToDate: false, diff: "size is 1, not 2" };
  await scene.reconcile();
  assert.match(
    await synced(scene) ?? "",
    /differs from desired state \(size is 1, not 2\), and the management policy inhibits update/,
  );
  assert.deepEqual(scene.external.calls, ["observe", "disconnect"]);
});

scene(
  "fails where it may only observe and nothing is there",
  { [ANNOTATION.managementPolicy]: "observe" },
  async (scene) => {
    await assert.rejects(scene.reconcile(), { message: "observe failed: external resource does not exist" });
  },
);

scene(
  "refuses a policy that it does not know, and says what it knows",
  { [ANNOTATION.managementPolicy]: "Observe" },
  async (scene) => {
    assert.equal(await scene.reconcile(), undefined);
    assert.match(
      await synced(scene) ?? "",
      /invalid policy: annotation krateo.io\/management-policy is "Observe": use one of default/,
    );
    assert.deepEqual(scene.external.calls, []);
  },
);

scene("does nothing while paused, and goes on where it was", { [ANNOTATION.paused]: "true" }, async (scene) => {
  assert.equal(await scene.reconcile(), undefined);
  assert.equal(await conditions(scene), "Synced=False/ReconcilePaused");
  assert.deepEqual(scene.external.calls, []);
  assert.deepEqual(scene.events.map((event) => event.reason), ["ReconciliationPaused"]);
  await scene.annotate({ [ANNOTATION.paused]: null });
  scene.external.observation = { exists: true };
  await scene.reconcile();
  assert.equal(await conditions(scene), "Ready=True/Available Synced=True/ReconcileSuccess");
});

scene("comes back when pause-until is over", {
  [ANNOTATION.pauseUntil]: new Date(Date.now() + 3_600_000).toISOString(),
}, async (scene) => {
  const result = await scene.reconcile();
  assert.ok(
    typeof result === "object" && result !== null && "requeueAfter" in result &&
      Number(result.requeueAfter) > 3_000_000,
  );
});

scene("deletes, looks again, and lets go when it is gone", {}, async (scene) => {
  scene.external.observation = { exists: true };
  await scene.reconcile();
  await scene.client.delete(THINGS, (await scene.object())?.metadata.name ?? "", "default");
  assert.deepEqual(await scene.reconcile(), { requeueAfter: 1_000 });
  assert.equal(await conditions(scene), "Ready=False/Deleting Synced=True/ReconcileSuccess");
  scene.external.observation = { exists: false };
  await scene.reconcile();
  assert.equal(await scene.object(), undefined);
});

scene("orphans without a call to the outside", { [ANNOTATION.deletionPolicy]: "orphan" }, async (scene) => {
  scene.external.observation = { exists: true };
  await scene.reconcile();
  scene.external.calls.length = 0;
  await scene.client.delete(THINGS, (await scene.object())?.metadata.name ?? "", "default");
  await scene.reconcile();
  assert.equal(await scene.object(), undefined);
  assert.deepEqual(scene.external.calls, []);
});

scene("waits for finalizers of others, and says for which", {}, async (scene) => {
  scene.external.observation = { exists: true };
  await scene.reconcile();
  const name = (await scene.object())?.metadata.name ?? "";
  await scene.client.patch(THINGS, name, "default", "merge", {
    metadata: { finalizers: [FINALIZER, "example.org/other"] },
  });
  await scene.client.delete(THINGS, name, "default");
  await scene.reconcile();
  assert.ok(!scene.external.calls.includes("delete"));
  const ready = findCondition((await scene.object())?.status?.conditions, "Ready");
  assert.equal(ready?.message, "waiting for finalizers example.org/other");
});

scene("writes down what the external resource chose", {}, async (scene) => {
  scene.external.observation = { exists: true, lateInitialized: { size: 3 } };
  await scene.reconcile();
  assert.deepEqual((await scene.object())?.spec, { size: 3 });
  assert.equal(await conditions(scene), "Ready=True/Available Synced=True/ReconcileSuccess");
});

scene("follows the object's own poll interval, and acknowledges a requested reconcile", {
  [ANNOTATION.pollInterval]: "5m",
  [ANNOTATION.reconcileRequestedAt]: "token-1",
}, async (scene) => {
  scene.external.observation = { exists: true, ready: false, message: "booting" };
  assert.deepEqual(await scene.reconcile(), { requeueAfter: 300_000 });
  assert.equal((await scene.object())?.status?.lastHandledReconcileAt, "token-1");
  assert.equal(await conditions(scene), "Ready=False/Unavailable Synced=True/ReconcileSuccess");
});

scene("ends a call that takes too long, and still writes the status", {}, async (scene) => {
  scene.external.observe = () => new Promise(() => {});
  await assert.rejects(scene.reconcile(), /observe failed: no answer within 20 ms/);
  assert.equal(await synced(scene), "observe failed: no answer within 20 ms");
}, { timeout: 20 });

scene("tells a failure to disconnect, and does not fail for it", {}, async (scene) => {
  scene.external.observation = { exists: true };
  scene.external.failures.set("disconnect", boom);
  assert.deepEqual(await scene.reconcile(), { requeueAfter: 60_000 });
  assert.ok(scene.events.some((event) => event.reason === "CannotDisconnectFromProvider"));
});

scene("writes Events that the server takes", {}, async (scene) => {
  const recorder = createEventRecorder(scene.client, {
    controller: "kco.krateo.io/test",
    onError: (error) => assert.fail(String(error)),
  });
  await scene.reconcile();
  for (const event of scene.events) recorder.record(event);
  await recorder.flush();
});
