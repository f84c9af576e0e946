import { deepEqual, equal } from "node:assert/strict";
import { type ApiResource, type KubeClient, KubeError, type KubeRequest } from "../../lib/kube/mod.ts";
import { COMPOSITION_ID } from "./api.ts";
import { coreEvent } from "./_samples.ts";
import { ObjectLookup, type ObjectReference } from "./lookup.ts";

type Metadata = Record<string, unknown>;

/** A client of a cluster with these objects, by `kind/name`; a number is the HTTP status of an error. */
function clientOf(objects: Readonly<Record<string, Metadata | number>>) {
  const asked: string[] = [];
  const transport = {
    performRequest: ({ path, accept }: KubeRequest) => {
      equal(accept?.includes("PartialObjectMetadata"), true);
      const [, plural = "", name = ""] = /\/([a-z]+)\/([^/]+)$/.exec(path) ?? [];
      const key = `${plural}/${name}`;
      asked.push(key);
      const found = objects[key] ?? 404;
      if (typeof found !== "number") {
        return Promise.resolve(new TextEncoder().encode(JSON.stringify({ metadata: { name, uid: name, ...found } })));
      }
      return Promise.reject(
        new KubeError(`${found}`, { reason: found === 403 ? "Forbidden" : "NotFound", code: found }),
      );
    },
  };
  const discovery = {
    resourceFor: (apiVersion: string, kind: string): Promise<ApiResource | undefined> => {
      const [group = "", version = ""] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
      const plural = `${kind.toLowerCase()}s`;
      return Promise.resolve(kind === "Unserved" ? undefined : { group, version, kind, plural, namespaced: true });
    },
  };
  // Of a client the look-up uses these two.
  return { client: { transport, discovery } as unknown as KubeClient, asked };
}

const owner = (kind: string, name: string, controller = false) => ({
  apiVersion: "apps/v1",
  kind,
  name,
  uid: name,
  controller,
});
const about = (involvedObject: ObjectReference) => coreEvent(1, { involvedObject });
const POD = { apiVersion: "v1", kind: "Pod", name: "web", namespace: "demo", uid: "web" };

const CASES: readonly [string, Readonly<Record<string, Metadata | number>>, ObjectReference, string, string[]][] = [
  ["by its own label", { "pods/web": { labels: { [COMPOSITION_ID]: "c-1" } } }, POD, "c-1", ["pods/web"]],
  [
    "by its owners upwards, the controller first",
    {
      "pods/web": { ownerReferences: [owner("Other", "o"), owner("ReplicaSet", "rs", true)] },
      "replicasets/rs": { ownerReferences: [owner("Deployment", "web", true)] },
      "deployments/web": { labels: { [COMPOSITION_ID]: "c-2" } },
      "others/o": { labels: { [COMPOSITION_ID]: "wrong" } },
    },
    POD,
    "c-2",
    ["pods/web", "replicasets/rs", "deployments/web"],
  ],
  [
    "by being a composition",
    { "apps/mine": { uid: "uid-of-mine" } },
    { apiVersion: "composition.krateo.io/v1-0-0", kind: "App", name: "mine", namespace: "demo", uid: "uid-of-mine" },
    "uid-of-mine",
    ["apps/mine"],
  ],
  [
    "by having been a composition",
    {},
    { apiVersion: "composition.krateo.io/v1-0-0", kind: "App", name: "gone", namespace: "demo", uid: "uid-of-gone" },
    "uid-of-gone",
    ["apps/gone"],
  ],
  ["not at all: it is gone", {}, POD, "", ["pods/web"]],
  ["not at all: another has its name", { "pods/web": { uid: "new", labels: { [COMPOSITION_ID]: "c" } } }, POD, "", [
    "pods/web",
  ]],
  ["not at all: its kind is not served", {}, { ...POD, kind: "Unserved" }, "", []],
  ["not at all: it may not be read", { "pods/web": 403 }, POD, "", ["pods/web"]],
  ["not at all: there is no object", {}, {}, "", []],
  [
    "not at all: it owns itself",
    { "pods/web": { ownerReferences: [owner("Pod", "web")] } },
    { ...POD, apiVersion: "apps/v1" },
    "",
    ["pods/web"],
  ],
];

for (const [how, objects, reference, compositionId, requests] of CASES) {
  Deno.test(`ObjectLookup finds a composition ${how}`, async () => {
    const { client, asked } = clientOf(objects);
    const lookup = new ObjectLookup(client, { patience: 1_000 });
    equal((await lookup.of(about(reference))).compositionId, compositionId);
    deepEqual(asked, requests);
    // The second Event costs nothing.
    const again = lookup.of(about(reference));
    equal((await again).compositionId, compositionId);
    deepEqual(asked, requests);
  });
}

Deno.test("ObjectLookup ends where two objects own one another and are asked for at once", async () => {
  const { client } = clientOf({
    "pods/a": { ownerReferences: [owner("Pod", "b")] },
    "pods/b": { ownerReferences: [owner("Pod", "a")] },
  });
  const lookup = new ObjectLookup(client);
  const of = (name: string) => lookup.of(about({ ...POD, apiVersion: "apps/v1", name, uid: name }));
  const facts = await Promise.all([of("a"), of("b")]);
  deepEqual(facts.map(({ compositionId }) => compositionId), ["", ""]);
});

Deno.test("ObjectLookup asks once for an object, however many Events wait for it", async () => {
  const { client, asked } = clientOf({ "pods/web": { labels: { [COMPOSITION_ID]: "c-1" } } });
  const lookup = new ObjectLookup(client);
  const facts = await Promise.all([1, 2, 3].map(() => lookup.of(about(POD))));
  deepEqual(facts.map(({ compositionId }) => compositionId), ["c-1", "c-1", "c-1"]);
  deepEqual([asked.length, lookup.counts.requests, lookup.counts.failures], [1, 1, 0]);
});

Deno.test("ObjectLookup asks again once what it knows is too old, sooner where there was no composition", async () => {
  const objects: Record<string, Metadata> = { "pods/web": {} };
  const { client, asked } = clientOf(objects);
  let time = 0;
  const lookup = new ObjectLookup(client, { ttl: 100, negativeTtl: 10, now: () => time });
  equal((await lookup.of(about(POD))).compositionId, "");
  objects["pods/web"] = { labels: { [COMPOSITION_ID]: "c-1" } };
  time = 11;
  equal((await lookup.of(about(POD))).compositionId, "c-1");
  time = 100;
  equal((await lookup.of(about(POD))).compositionId, "c-1");
  equal(asked.length, 2);
  time = 112;
  await lookup.of(about(POD));
  equal(asked.length, 3);
});

Deno.test("ObjectLookup does not ask for another object of a kind that it may not read", async () => {
  const { client, asked } = clientOf({ "pods/web": 403, "pods/other": 403 });
  const lookup = new ObjectLookup(client);
  await lookup.of(about(POD));
  await lookup.of(about({ ...POD, name: "other", uid: "other" }));
  deepEqual(asked, ["pods/web"]);
});

Deno.test("ObjectLookup goes on with the next owner where one may not be read", async () => {
  const { client } = clientOf({
    "pods/web": { ownerReferences: [owner("Hidden", "h", true), owner("Deployment", "web")] },
    "hiddens/h": 403,
    "deployments/web": { labels: { [COMPOSITION_ID]: "c-1" } },
  });
  equal((await new ObjectLookup(client).of(about(POD))).compositionId, "c-1");
});

Deno.test("ObjectLookup takes the label of the Event itself", async () => {
  const { client } = clientOf({});
  const event = coreEvent(1);
  const labelled = { ...event, metadata: { ...event.metadata, labels: { [COMPOSITION_ID]: "own" } } };
  equal((await new ObjectLookup(client).of(labelled)).compositionId, "own");
});
