import assert from "node:assert/strict";
import { concat, NEVER, of } from "../deps/rxjs.ts";
import { type Change, reflect } from "../kube/mod.ts";
import { pauseReporter } from "./pause_report.ts";
import type { Conditioned } from "./report.ts";

const READY = {
  type: "Ready",
  status: "True",
  reason: "Available",
  message: "",
  lastTransitionTime: "2026-01-01T00:00:00Z",
} as const;

/** Reports on an object with these annotations; resolves to the conditions that were reported, if any. */
async function report(
  annotations: Record<string, string>,
  deleting = false,
): Promise<string[] | undefined> {
  const object: Conditioned = {
    apiVersion: "v1",
    kind: "Thing",
    metadata: {
      name: "a",
      namespace: "demo",
      generation: 4,
      annotations,
      ...(deleting && { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    },
    status: { conditions: [READY], note: "kept" },
  };
  const changes$ = of<Change<Conditioned>[]>(
    { type: "reset" },
    { type: "applied", object },
    { type: "synced", resourceVersion: "1" },
  );
  const store = reflect(concat(changes$, NEVER));
  const subscription = store.changes$.subscribe();
  let said: string[] | undefined;
  const reconciler = pauseReporter(store, (_object, status) => {
    assert.equal(status["note"], "kept");
    said = status.conditions?.map((c) =>
      `${c.type}=${c.status} ${c.reason} ${c.observedGeneration ?? ""}: ${c.message}`
    );
    return Promise.resolve(object);
  });
  await reconciler("demo/a", new AbortController().signal);
  await reconciler("demo/gone", new AbortController().signal);
  subscription.unsubscribe();
  return said;
}

Deno.test("pauseReporter() says that a paused object is paused, and leaves its other conditions", async () => {
  assert.deepEqual(await report({ "krateo.io/paused": "true" }), [
    "Ready=True Available : ",
    "Synced=False ReconcilePaused 4: Paused by the annotation krateo.io/paused",
  ]);
});

Deno.test("pauseReporter() says that the deletion of a paused object waits", async () => {
  const said = await report({ "krateo.io/paused": "true" }, true);
  assert.match(said?.[1] ?? "", /deletion waits until the annotation krateo\.io\/paused is removed$/);
});

Deno.test("pauseReporter() leaves objects alone that are not paused, or gone", async () => {
  assert.equal(await report({}), undefined);
  assert.equal(await report({ "krateo.io/paused": "false" }), undefined);
});
