/** Discovery while somebody watches CRDs: new kinds are known at once, and gone ones are not. */
import assert from "node:assert/strict";
import { json, list, ScriptedTransport, settle, type Step, Stream, VirtualClock } from "./_testing.ts";
import { createClient } from "./client.ts";
import type { WatchOptions } from "./client_types.ts";
import type { ApiResource, KubeObject } from "./types.ts";

const CRDS: ApiResource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};

function crd(kind: string, versions: Record<string, boolean>, established = true, resourceVersion = "1"): KubeObject {
  const plural = `${kind.toLowerCase()}s`;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.x.io`, uid: kind, resourceVersion },
    spec: {
      group: "x.io",
      scope: "Namespaced",
      names: { kind, plural },
      versions: Object.entries(versions).map(([name, served]) => ({ name, served })),
    },
    status: { conditions: [{ type: "Established", status: established ? "True" : "False" }] },
  };
}

/** The server's own documents, which know `Old` of x.io/v1. */
const documents = (): Step[] => [
  json({ kind: "APIGroupDiscoveryList", items: [] }),
  json({
    kind: "APIGroupDiscoveryList",
    items: [{
      metadata: { name: "x.io" },
      versions: [{
        version: "v1",
        resources: [{ resource: "olds", responseKind: { kind: "Old" }, scope: "Namespaced" }],
      }],
    }],
  }),
];

function follow(options: WatchOptions<KubeObject>, ...steps: Step[]) {
  const stream = new Stream();
  const transport = new ScriptedTransport(...steps, stream.step);
  const { discovery, watch } = withMethods(createClient(transport, { clock: new VirtualClock() }));
  const told: Promise<ApiResource | undefined>[] = [];
  const subscription = watch(CRDS, options).subscribe((change) => {
    if (change.type === "applied" && change.object.metadata.name === "news.x.io") {
      told.push(discovery.resourceFor("x.io/v1", "New"));
    }
  });
  return { stream, transport, discovery, subscription, told };
}

function withMethods(client: ReturnType<typeof createClient>) {
  return { discovery: client.discovery, watch: client.watch.bind(client) };
}

Deno.test("Discovery knows the kind of a CRD as soon as its watch says that it is established, without a request", async () => {
  const { stream, transport, discovery, subscription, told } = follow(
    { transform: (crd) => ({ ...crd, spec: {} }) },
    list([], "5"),
  );
  await settle();
  stream.event("ADDED", crd("New", { v1: true, v2: false }));
  await settle();
  const resource = { group: "x.io", version: "v1", kind: "New", plural: "news", namespaced: true };
  assert.deepEqual(await told[0], resource);
  assert.deepEqual(await discovery.resourceFor("x.io/v1", "New"), resource);
  assert.equal(transport.requests.length, 2);
  subscription.unsubscribe();
});

Deno.test("Discovery adds what CRDs serve to the server's documents, and takes away what they do not", async () => {
  const { stream, transport, discovery, subscription } = follow(
    {},
    list([crd("Old", { v1: true }), crd("Late", { v1: true }, false)], "5"),
  );
  await settle();
  stream.event("MODIFIED", crd("Late", { v1: true, v2: true })).event("MODIFIED", crd("Old", { v1: false, v2: true }));
  await settle();
  transport.then(...documents());
  const kinds = (await discovery.resources()).map(({ version, kind }) => `${version}/${kind}`).sort();
  assert.deepEqual(kinds, ["v1/Late", "v2/Late", "v2/Old"]);
  assert.ok((await discovery.apiVersions()).includes("x.io/v2/Old"));

  stream.event("DELETED", crd("Late", { v1: true, v2: true }));
  await settle();
  assert.deepEqual((await discovery.resources()).map(({ kind }) => kind), ["Old"]);
  assert.equal(transport.left, 0);
  // Absence is asked for anew.
  transport.then(...documents());
  assert.equal(await discovery.resourceFor("x.io/v1", "Late"), undefined);
  assert.equal(transport.left, 0);
  subscription.unsubscribe();
});

Deno.test("Discovery believes the server alone again when nobody watches CRDs any more", async () => {
  const { transport, discovery, subscription } = follow({}, list([crd("New", { v1: true })], "5"));
  await settle();
  subscription.unsubscribe();
  transport.then(...documents());
  assert.equal(await discovery.resourceFor("x.io/v1", "New"), undefined);
  transport.then(...documents());
  assert.equal((await discovery.resourceFor("x.io/v1", "Old"))?.plural, "olds");
});

Deno.test("Discovery asks again after a watch of one CRD has told of a change", async () => {
  const { stream, transport, discovery, subscription } = follow(
    { fieldSelector: "metadata.name=others.x.io" },
    list([], "5"),
  );
  await settle();
  transport.then(...documents());
  await discovery.resources();
  stream.event("ADDED", crd("Other", { v1: true }));
  await settle();
  transport.then(...documents());
  await discovery.resources();
  assert.equal(transport.left, 0);
  subscription.unsubscribe();
});
