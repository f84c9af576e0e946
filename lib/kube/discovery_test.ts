import assert from "node:assert/strict";
import { json, ScriptedTransport, type Step, text, VirtualClock } from "./_testing.ts";
import { createClient } from "./client.ts";
import { isKubeError } from "./errors.ts";

const group = (name: string, version: string, ...kinds: string[]) => ({
  metadata: { name },
  versions: [{
    version,
    resources: kinds.map((kind) => ({
      resource: `${kind.toLowerCase()}s`,
      responseKind: { group: name, version, kind },
      scope: kind === "Node" ? "Cluster" : "Namespaced",
    })),
  }],
});
const aggregated = (...items: unknown[]): Step => json({ kind: "APIGroupDiscoveryList", items });
const core = aggregated(group("", "v1", "Pod", "Node"));

function run(...steps: Step[]) {
  const transport = new ScriptedTransport(...steps);
  return { transport, discovery: createClient(transport, { clock: new VirtualClock() }).discovery };
}

Deno.test("Discovery knows resources from the aggregated documents, asked for once by many", async () => {
  const { transport, discovery } = run(core, aggregated(group("apps", "v1", "Deployment")));
  const [pod, node, deployment] = await Promise.all([
    discovery.resourceFor("v1", "Pod"),
    discovery.resourceFor("v1", "Node"),
    discovery.resourceFor("apps/v1", "Deployment"),
  ]);
  assert.deepEqual(pod, { group: "", version: "v1", kind: "Pod", plural: "pods", namespaced: true });
  assert.equal(node?.namespaced, false);
  assert.equal(deployment?.plural, "deployments");
  assert.deepEqual(transport.log, ["GET /api", "GET /apis"]);
  assert.match(transport.requests[0]?.accept ?? "", /g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList/);
});

Deno.test("Discovery asks again for what it does not know, and remembers no absence", async () => {
  const { transport, discovery } = run(
    core,
    aggregated(),
    core,
    aggregated(),
    core,
    aggregated(group("x.io", "v1", "Wid")),
  );
  await discovery.resources();
  assert.equal(await discovery.resourceFor("x.io/v1", "Wid"), undefined);
  assert.equal((await discovery.resourceFor("x.io/v1", "Wid"))?.plural, "wids");
  assert.equal((await discovery.resourceFor("x.io/v1", "Wid"))?.plural, "wids");
  assert.equal(transport.requests.length, 6);
});

Deno.test("Discovery lists API versions as Helm does", async () => {
  const { discovery } = run(core, aggregated(group("apps", "v1", "Deployment")));
  assert.deepEqual(await discovery.apiVersions(), ["v1", "v1/Pod", "v1/Node", "apps/v1", "apps/v1/Deployment"]);
});

Deno.test("Discovery falls back to the plain documents, and does without a group that does not answer", async () => {
  const resources = [
    { name: "deployments", kind: "Deployment", namespaced: true },
    { name: "deployments/scale", kind: "Scale", namespaced: true },
  ];
  const { discovery } = run(
    json({ kind: "APIVersions", versions: ["v1"] }),
    json({
      kind: "APIGroupList",
      groups: [{ versions: [{ groupVersion: "apps/v1" }, { groupVersion: "dead.io/v1" }] }],
    }),
    json({ kind: "APIResourceList", resources: [{ name: "pods", kind: "Pod", namespaced: true }] }),
    json({ kind: "APIResourceList", resources }),
    text("404 page not found", 404),
  );
  const names = (await discovery.resources()).map(({ group, plural }) => `${plural}.${group}`);
  assert.deepEqual(names, ["pods.", "deployments.apps"]);
});

Deno.test("Discovery forgets a resource that a call found gone, and looks again", async () => {
  const transport = new ScriptedTransport(
    core,
    aggregated(group("x.io", "v1", "Wid")),
    text("404 page not found", 404),
    core,
    aggregated(),
  );
  const client = createClient(transport, { clock: new VirtualClock() });
  const resource = await client.discovery.resourceFor("x.io/v1", "Wid");
  assert.ok(resource !== undefined);
  await assert.rejects(client.get(resource, "a", "demo"), (error) => isKubeError(error, "NotFound"));
  assert.equal(await client.discovery.resourceFor("x.io/v1", "Wid"), undefined);
});

Deno.test("Discovery rejects a document that it cannot read", async () => {
  const { discovery } = run(json({ kind: "Pod" }), aggregated());
  await assert.rejects(discovery.resources(), (error) => isKubeError(error, "Malformed"));
});

Deno.test("Discovery.serverVersion() tells the server's version", async () => {
  const { discovery } = run(json({ gitVersion: "v1.35.4", major: "1", minor: "35" }));
  assert.deepEqual(await discovery.serverVersion(), { gitVersion: "v1.35.4", major: "1", minor: "35" });
});

Deno.test("Discovery.serverVersion() asks once, and anew after a failure or when what is cached is forgotten", async () => {
  const { discovery, transport } = run(
    json({ kind: "Pod" }, 403),
    json({ gitVersion: "v1.35.4" }),
    json({ gitVersion: "v1.36.0" }),
  );
  await assert.rejects(discovery.serverVersion());
  assert.equal((await discovery.serverVersion()).gitVersion, "v1.35.4");
  assert.equal((await discovery.serverVersion()).gitVersion, "v1.35.4");
  discovery.invalidate();
  assert.equal((await discovery.serverVersion()).gitVersion, "v1.36.0");
  assert.equal(transport.requests.length, 3);
});
