import assert from "node:assert/strict";
import { BehaviorSubject } from "../deps/rxjs.ts";
import { hang, json, pod, PODS, ScriptedTransport, settle } from "./_testing.ts";
import { createClient } from "./client.ts";
import { isKubeError } from "./errors.ts";
import { fence } from "./fence.ts";
import type { Leadership } from "./lease.ts";

function scene(...steps: ConstructorParameters<typeof ScriptedTransport>) {
  const leadership$ = new BehaviorSubject<Leadership>({ leading: false, holder: undefined, fence: 0 });
  const election = { holds: false, leadership$ };
  const transport = new ScriptedTransport(...steps);
  const lead = (leading: boolean) => {
    election.holds = leading;
    leadership$.next({ leading, holder: leading ? "me" : undefined, fence: 1 });
  };
  return { client: createClient(fence(transport, election), { retries: 0 }), transport, election, lead };
}

Deno.test("fence() lets reads and dry runs pass, and refuses writes without a request while nobody leads", async () => {
  const { client, transport } = scene(json(pod("a", "1")), json(pod("a", "1")));
  await client.get(PODS, "a", "demo");
  await client.create(PODS, pod("a", "1"), { dryRun: true });
  await assert.rejects(client.create(PODS, pod("a", "1")), (error) => isKubeError(error, "NotLeading"));
  await assert.rejects(client.delete(PODS, "a", "demo"), /does not lead/);
  assert.equal(transport.requests.length, 2);
});

Deno.test("fence() lets a leader write, and aborts what is under way when the lead is lost", async () => {
  const { client, lead } = scene(json(pod("a", "1")), hang, json(pod("a", "1")));
  lead(true);
  await client.create(PODS, pod("a", "1"));
  const write = client.delete(PODS, "a", "demo");
  const rejected = assert.rejects(write, /the lead was lost/);
  await settle();
  lead(false);
  await rejected;
  lead(true);
  await client.create(PODS, pod("a", "1"));
});

Deno.test("fence() refuses a leader whose time is over though nobody has told it yet", async () => {
  const { client, lead, election } = scene();
  lead(true);
  election.holds = false;
  await assert.rejects(client.delete(PODS, "a", "demo"), (error) => isKubeError(error, "NotLeading"));
});

Deno.test("fence() closes the transport behind it", () => {
  const { client, transport } = scene();
  client.close();
  assert.equal(transport.closed, true);
});
