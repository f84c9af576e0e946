/** Reports and finalizers on an API server. */
import assert from "node:assert/strict";
import { type ApiResource, type EventInput, isKubeError, type KubeObject } from "../../lib/kube/mod.ts";
import {
  addFinalizer,
  type Conditioned,
  createReporter,
  removeFinalizer,
  type ReporterOptions,
  setConditions,
} from "../../lib/provider-runtime/mod.ts";
import { CONFIG_MAPS, defineKind, NAMESPACES, removeKind } from "../support/kinds.ts";
import { type ClientTarget, openClient } from "./client_target.ts";
import { unique } from "./target.ts";

const GADGETS: ApiResource = {
  group: "runtime.example.org",
  version: "v1",
  kind: "Gadget",
  plural: "gadgets",
  namespaced: true,
};

const namespace = unique("runtime");
let target: ClientTarget;
Deno.test.beforeAll(async () => {
  target = await openClient();
  await target.client.create(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  await defineKind(target.client, GADGETS);
});
Deno.test.afterAll(async () => {
  await removeKind(target.client, GADGETS);
  await target.client.delete(NAMESPACES, namespace);
  await target.close();
});

function configMap(name: string): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace } };
}

function gadget(name: string): Conditioned {
  return { apiVersion: "runtime.example.org/v1", kind: "Gadget", metadata: { name, namespace } };
}

const NOW = Date.parse("2026-01-01T00:00:00Z");
const suspended = (message: string) =>
  setConditions([], [{ type: "Suspended", status: "True", reason: "Asked", message }], NOW);

for (const method of ["merge", "apply"] as const) {
  Deno.test(`createReporter() writes a status by ${method} once, and an Event for each changed condition`, async () => {
    const { client } = target;
    const events: EventInput[] = [];
    const options: ReporterOptions = {
      client,
      resource: GADGETS,
      method,
      recorder: { record: (event) => events.push(event), flush: () => Promise.resolve() },
    };
    const report = createReporter<Conditioned>(options);
    const created = await client.create<Conditioned>(GADGETS, gadget(`gadget-${method}`));
    const reported = await report(created, { ...created.status, conditions: suspended("one") });
    assert.equal(reported.status?.conditions?.[0]?.message, "one");
    const before = target.writes();
    const same = await report(reported, { ...reported.status, conditions: suspended("one") });
    assert.deepEqual([same, target.writes()], [reported, before]);
    await report(reported, { ...reported.status, conditions: suspended("two") });
    assert.deepEqual(events.map(({ type, reason, action, note }) => [type, reason, action, note]), [
      ["Normal", "Asked", "SuspendedChanged", "one"],
      ["Normal", "Asked", "SuspendedChanged", "two"],
    ]);
  });
}

Deno.test("createReporter() tells a cause that turns two conditions in one Event", async () => {
  const { client } = target;
  const notes: unknown[] = [];
  const report = createReporter<Conditioned>({
    client,
    resource: GADGETS,
    recorder: { record: ({ type, reason, note }) => notes.push([type, reason, note]), flush: () => Promise.resolve() },
  });
  const created = await client.create<Conditioned>(GADGETS, gadget("gadget-echo"));
  const broken = setConditions([], [
    { type: "Ready", status: "False", reason: "ChartInvalid", message: "no chart" },
    { type: "Synced", status: "False", reason: "ReconcileError", message: "no chart" },
  ], NOW);
  await report(created, { ...created.status, conditions: broken });
  assert.deepEqual(notes, [["Warning", "ChartInvalid", "no chart"]]);
});

Deno.test("createReporter() says nothing of an object that went away", async () => {
  const { client } = target;
  const gone = { ...gadget("gone"), metadata: { name: "gone", namespace, uid: "u" } };
  const report = createReporter<Conditioned>({
    client,
    resource: GADGETS,
    recorder: { record: () => assert.fail("no Event"), flush: () => Promise.resolve() },
  });
  assert.equal(await report(gone, { conditions: suspended("one") }), gone);
});

Deno.test("addFinalizer() and removeFinalizer() leave the finalizers of others alone, on a stale object too", async () => {
  const { client } = target;
  const stale = await client.create(CONFIG_MAPS, configMap("held"));
  await client.patch(CONFIG_MAPS, "held", namespace, "merge", { metadata: { finalizers: ["other.org/x"] } });
  const held = await addFinalizer(client, CONFIG_MAPS, stale, "krateo.io/y");
  assert.deepEqual(held.metadata.finalizers, ["other.org/x", "krateo.io/y"]);
  const before = target.writes();
  await addFinalizer(client, CONFIG_MAPS, held, "krateo.io/y");
  assert.equal(target.writes(), before);
  const free = await removeFinalizer(client, CONFIG_MAPS, held, "krateo.io/y");
  assert.deepEqual(free?.metadata.finalizers, ["other.org/x"]);
});

Deno.test("removeFinalizer() takes an object that is gone for done", async () => {
  const { client } = target;
  const held = await addFinalizer(
    client,
    CONFIG_MAPS,
    await client.create(CONFIG_MAPS, configMap("last")),
    "krateo.io/y",
  );
  await client.delete(CONFIG_MAPS, "last", namespace);
  await removeFinalizer(client, CONFIG_MAPS, held, "krateo.io/y");
  assert.equal(await client.find(CONFIG_MAPS, "last", namespace), undefined);
  assert.equal(await removeFinalizer(client, CONFIG_MAPS, held, "krateo.io/y"), undefined);
});

Deno.test("addFinalizer() does not touch another object of the same name", async () => {
  const { client } = target;
  const first = await client.create(CONFIG_MAPS, configMap("twin"));
  await client.delete(CONFIG_MAPS, "twin", namespace);
  await client.create(CONFIG_MAPS, configMap("twin"));
  await assert.rejects(addFinalizer(client, CONFIG_MAPS, first, "krateo.io/y"), (error) => isKubeError(error));
  assert.equal((await client.get(CONFIG_MAPS, "twin", namespace)).metadata.finalizers, undefined);
});
