import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { startApiServer } from "../../lib/apiserver/mod.ts";
import { filter, firstValueFrom, timeout } from "../../lib/deps/rxjs.ts";
import { type ApiResource, createClient, isKubeError, type KubeClient, type KubeObject } from "../../lib/kube/mod.ts";
import { compileSchema } from "../../lib/schema/mod.ts";
import { CRDS, DEFINITIONS } from "./api.ts";
import { appendVersion, buildCrd, crdVersion } from "./crd/mod.ts";
import { DEFINITION_CRD } from "./definition_crd.ts";
import { POLICIES } from "./policies.ts";

const V1: ApiResource = {
  group: "composition.krateo.io",
  version: "v1-0-0",
  kind: "App",
  plural: "apps",
  namespaced: true,
};
const V2 = { ...V1, version: "v2-0-0" };
const VERSION = "krateo.io/composition-version";

async function applyAll(client: KubeClient, ...objects: KubeObject[]): Promise<void> {
  for (const object of objects) {
    const resource = await client.discovery.resourceFor(object.apiVersion, object.kind);
    await client.apply(resource!, object, { force: true });
    if (object.kind === "CustomResourceDefinition") await served(client, object.metadata.name);
  }
}

async function served(client: KubeClient, crd: string): Promise<void> {
  await firstValueFrom(
    client.watch(CRDS, { fieldSelector: `metadata.name=${crd}` }).pipe(
      filter((change) => change.type === "applied" && JSON.stringify(change.object).includes('"Established"')),
      timeout(10_000),
    ),
  );
  client.discovery.invalidate();
}

/** A server with the policies, the definitions' CRD, and a kind `App` in two versions. */
async function withPolicies(work: (client: KubeClient) => Promise<void>): Promise<void> {
  const server = await startApiServer();
  const client = createClient(server.transport);
  const input = (version: string) => {
    const schemaText = '{"properties": {"a": {"type": "integer"}}, "additionalProperties": false}';
    return { chart: { name: "app", version }, schema: compileSchema({ schemaText, values: {} }) };
  };
  try {
    const crd = appendVersion(buildCrd(input("1.0.0")), crdVersion(input("2.0.0")));
    await applyAll(client, DEFINITION_CRD, ...POLICIES, crd as KubeObject);
    await work(client);
  } finally {
    client.close();
    await server.close();
  }
}

function composition(resource: ApiResource, name: string, labels?: Record<string, string>): KubeObject {
  return {
    apiVersion: `${resource.group}/${resource.version}`,
    kind: "App",
    metadata: { name, namespace: "default", ...(labels ? { labels } : {}) },
    spec: { a: 1 },
  };
}

/** Rejections by a policy, whose message matches. */
function refusal(pattern: RegExp) {
  return (error: unknown) => {
    if (!isKubeError(error)) throw error;
    match(error.message, pattern);
    return true;
  };
}

/** Length of a composition's name, its labels, and whether it is taken. */
const NAMES: readonly (readonly [number, Record<string, string> | undefined, boolean])[] = [
  [44, undefined, true],
  [45, undefined, false],
  [45, { x: "y" }, false],
  [63, { "krateo.io/release-name": "short" }, true],
];
for (const [length, labels, taken] of NAMES) {
  const what = `${length} characters${labels ? ` and label ${Object.keys(labels)}` : ""}`;
  Deno.test(`POLICIES ${taken ? "take" : "refuse"} a composition with a name of ${what}`, () =>
    withPolicies(async (client) => {
      const creating = client.create(V1, composition(V1, "a".repeat(length), labels));
      if (taken) return void await creating;
      await rejects(creating, refusal(/The name of the resource must not exceed 44 characters\./));
    }));
}

Deno.test("POLICIES refuse a write through another version than the object's own, and say which to use", () =>
  withPolicies(async (client) => {
    await client.create(V1, composition(V1, "one", { [VERSION]: "v1-0-0" }));
    const patch = { metadata: { annotations: { note: "x" } } };
    await rejects(
      client.patch(V2, "one", "default", "merge", patch),
      refusal(/This object is of version v1-0-0: write it as apps\.v1-0-0\.composition\.krateo\.io/),
    );
    await client.patch(V1, "one", "default", "merge", patch);
    const status = { status: { digest: "d" } };
    await client.patch(V1, "one", "default", "merge", status, { subresource: "status" });
  }));

for (const through of [V1, V2]) {
  Deno.test(`POLICIES let a composition move to v2-0-0 by its label, written through ${through.version}`, () =>
    withPolicies(async (client) => {
      await client.create(V1, composition(V1, "one", { [VERSION]: "v1-0-0" }));
      const moved = { metadata: { labels: { [VERSION]: "v2-0-0" } }, spec: { a: 2 } };
      await client.patch(through, "one", "default", "merge", moved);
      await client.patch(V2, "one", "default", "merge", { spec: { a: 3 } });
      await rejects(client.patch(V1, "one", "default", "merge", { spec: { a: 4 } }), refusal(/of version v2-0-0/));
    }));
}

Deno.test("POLICIES refuse a move that is written through a third version, or takes the label off through another", () =>
  withPolicies(async (client) => {
    await client.create(V1, composition(V1, "one", { [VERSION]: "v1-0-0" }));
    for (const label of ["v3-0-0", null]) {
      const patch = { metadata: { labels: { [VERSION]: label } } };
      await rejects(client.patch(V2, "one", "default", "merge", patch), refusal(/of version v1-0-0/));
    }
  }));

Deno.test("POLICIES leave compositions without a version label alone", () =>
  withPolicies(async (client) => {
    await client.create(V1, composition(V1, "one"));
    await client.patch(V2, "one", "default", "merge", { metadata: { labels: { [VERSION]: "v1-0-0" } } });
  }));

Deno.test("POLICIES let a composition go through any version", () =>
  withPolicies(async (client) => {
    const one = composition(V1, "one", { [VERSION]: "v1-0-0" });
    await client.create(V1, { ...one, metadata: { ...one.metadata, finalizers: ["example.org/hold"] } });
    await client.delete(V2, "one", "default");
    const held = await client.get<KubeObject>(V1, "one", "default");
    strictEqual(held.metadata.deletionTimestamp === undefined, false);
    await client.patch(V2, "one", "default", "merge", { metadata: { finalizers: null } });
    strictEqual(await client.find(V1, "one", "default"), undefined);
  }));

function definition(chart: Record<string, unknown>): KubeObject {
  return {
    apiVersion: "core.krateo.io/v1alpha1",
    kind: "CompositionDefinition",
    metadata: { name: "app", namespace: "default" },
    spec: { chart },
  };
}

Deno.test("DEFINITION_CRD takes every field of the original, and keeps it", () =>
  withPolicies(async (client) => {
    const chart = {
      url: "https://charts.example.org",
      version: "1.2.3",
      repo: "app",
      insecureSkipVerifyTLS: true,
      credentials: { username: "me", passwordRef: { name: "s", namespace: "default", key: "k" } },
    };
    const created = await client.create(DEFINITIONS, definition(chart));
    deepStrictEqual(created["spec"], { chart });
  }));

/** A chart that is refused, and the field that the refusal names. */
const REFUSED: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  ["no URL", { version: "1.0.0" }, /spec\.chart\.url/],
  ["a URL that is a number", { url: 1 }, /spec\.chart\.url/],
  ["an unknown field", { url: "x", colour: "blue" }, /spec\.chart\.colour/],
  ["a version that is too long", { url: "x", version: "1".repeat(21) }, /spec\.chart\.version/],
  ["credentials without a password", { url: "x", credentials: { username: "me" } }, /spec\.chart\.credentials/],
];
for (const [what, chart, path] of REFUSED) {
  Deno.test(`DEFINITION_CRD refuses a chart with ${what}`, () =>
    withPolicies((client) => rejects(client.create(DEFINITIONS, definition(chart)), refusal(path))));
}

Deno.test("DEFINITION_CRD refuses to take a chart's version or name back", () =>
  withPolicies(async (client) => {
    await client.create(DEFINITIONS, definition({ url: "x", repo: "app", version: "1.0.0" }));
    const take = (field: string) =>
      client.patch(DEFINITIONS, "app", "default", "merge", { spec: { chart: { [field]: null } } });
    await rejects(take("version"), refusal(/Version is required once set/));
    await rejects(take("repo"), refusal(/Repo is required once set/));
    await client.patch(DEFINITIONS, "app", "default", "merge", { spec: { chart: { version: "2.0.0" } } });
  }));
