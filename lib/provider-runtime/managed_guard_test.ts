/** What must hold before the managed-resource loop does what it cannot take back. */
import assert from "node:assert/strict";
import { type ApiResource, createClient, isKubeError, type KubeTransport } from "../kube/mod.ts";
import { mustBeCurrent, mustLead } from "./_must_be_current.ts";
import type { Conditioned } from "./report.ts";

const THINGS: ApiResource = { group: "example.org", version: "v1", kind: "Thing", plural: "things", namespaced: true };
const THING: Conditioned = {
  apiVersion: "example.org/v1",
  kind: "Thing",
  metadata: { name: "a", namespace: "demo", uid: "u", generation: 1, resourceVersion: "5" },
};

/** A server that has `live`, behind a fence where `mayWrite` is given. */
function place(live: Conditioned | undefined, mayWrite?: boolean) {
  const refuse = () => Promise.reject(new TypeError("not used"));
  const body = live ?? { kind: "Status", status: "Failure", reason: "NotFound", code: 404 };
  const transport: KubeTransport = {
    performRequest: refuse,
    request: () =>
      Promise.resolve({
        status: live ? 200 : 404,
        headers: new Headers(),
        body: new Response(JSON.stringify(body)).body,
      }),
    ...(mayWrite !== undefined && { mayWrite }),
  };
  return { client: createClient(transport), resource: THINGS };
}

const lives: { name: string; live: Conditioned | undefined; current: boolean }[] = [
  { name: "the same", live: THING, current: true },
  {
    name: "the same but for its status",
    live: { ...THING, metadata: { ...THING.metadata, resourceVersion: "6" }, status: { seen: true } },
    current: true,
  },
  { name: "of a new generation", live: { ...THING, metadata: { ...THING.metadata, generation: 2 } }, current: false },
  { name: "another of the same name", live: { ...THING, metadata: { ...THING.metadata, uid: "v" } }, current: false },
  {
    name: "being deleted",
    live: { ...THING, metadata: { ...THING.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } },
    current: false,
  },
  {
    name: "paused",
    live: { ...THING, metadata: { ...THING.metadata, annotations: { "krateo.io/paused": "true" } } },
    current: false,
  },
  { name: "gone", live: undefined, current: false },
];
for (const { name, live, current } of lives) {
  Deno.test(`mustBeCurrent() ${current ? "lets go on" : "stops"} where the object is ${name}`, async () => {
    const checked = mustBeCurrent(place(live), THING, new AbortController().signal);
    if (current) await checked;
    else await assert.rejects(checked, (error) => isKubeError(error, "Conflict"));
  });
}

Deno.test("mustLead() stops a process that does not lead, and mustBeCurrent() one that has lost the lead meanwhile", async () => {
  mustLead(place(THING), THING);
  mustLead(place(THING, true), THING);
  const refused = (error: unknown) => isKubeError(error, "NotLeading");
  assert.throws(() => mustLead(place(THING, false), THING), refused);
  await assert.rejects(mustBeCurrent(place(THING, false), THING, new AbortController().signal), refused);
});
