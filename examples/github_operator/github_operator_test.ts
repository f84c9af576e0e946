/**
 * The operator against a server that behaves like GitHub, on the embedded API server, or on that of a kubeconfig:
 *
 *     KCO_TEST_TARGET=real KCO_TEST_KUBECONFIG=FILE deno test -A examples/github_operator
 */
import assert from "node:assert/strict";
import {
  type ApiResource,
  apiserver,
  type Condition,
  connect,
  createClient,
  type KubeClient,
  startManager,
} from "../../lib/mod.ts";
import type { KubeObject } from "../../lib/mod.ts";
import { FakeGithub } from "./_fake_github.ts";
import { repo } from "./mod.ts";

const REPOS: ApiResource = {
  group: "github.krateo.io",
  version: "v1alpha1",
  kind: "Repo",
  plural: "repoes",
  namespaced: true,
};
const SECRETS: ApiResource = { group: "", version: "v1", kind: "Secret", plural: "secrets", namespaced: true };
const NAMESPACES: ApiResource = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  namespaced: false,
};
const EVENTS: ApiResource = {
  group: "events.k8s.io",
  version: "v1",
  kind: "Event",
  plural: "events",
  namespaced: true,
};
const CRDS: ApiResource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};

interface Repo extends KubeObject {
  status?: { url?: string; private?: boolean; conditions?: Condition[] };
}

/** One cluster with the operator, one GitHub. */
class Scene {
  constructor(readonly client: KubeClient, readonly github: FakeGithub, readonly namespace: string) {}

  async create(
    name: string,
    spec: Readonly<Record<string, unknown>> = {},
    annotations: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const { namespace } = this;
    await this.client.create(REPOS, {
      apiVersion: "github.krateo.io/v1alpha1",
      kind: "Repo",
      metadata: { name, namespace, annotations: { ...annotations } },
      spec: {
        apiUrl: this.github.url,
        credentials: { secretRef: { name: "token", namespace, key: "token" } },
        org: "krateo",
        name,
        ...spec,
      },
    });
  }

  find(name: string): Promise<Repo | undefined> {
    return this.client.find<Repo>(REPOS, name, this.namespace);
  }

  async patch(name: string, patch: unknown): Promise<void> {
    await this.client.patch(REPOS, name, this.namespace, "merge", patch);
  }

  async setToken(token: string, name = "token"): Promise<void> {
    const metadata = { name, namespace: this.namespace };
    await this.client.apply(SECRETS, { apiVersion: "v1", kind: "Secret", metadata, data: { token: btoa(token) } });
  }

  /** Deletes an object and waits until it is gone. */
  async delete(name: string): Promise<void> {
    await this.client.delete(REPOS, name, this.namespace);
    await eventually(async () => await this.find(name) === undefined || undefined, () => `${name} is still there`);
  }

  /** Waits until a condition reads `reason: message`, where `text` is the beginning of it. */
  async condition(name: string, type: string, text: string): Promise<Repo> {
    let seen = "";
    return await eventually(async () => {
      const object = await this.find(name);
      const condition = object?.status?.conditions?.find((condition) => condition.type === type);
      seen = condition === undefined ? "no condition" : `${condition.reason}: ${condition.message}`;
      return seen.startsWith(text) ? object : undefined;
    }, () => `${name}: ${type} is "${seen}", not "${text}"`);
  }
}

async function eventually<T>(read: () => Promise<T | undefined>, describe: () => string): Promise<T> {
  const deadline = Date.now() + 8_000;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    assert.ok(Date.now() < deadline, `not in time: ${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const KUBECONFIG = Deno.env.get("KCO_TEST_TARGET") === "real" ? Deno.env.get("KCO_TEST_KUBECONFIG") : undefined;

/** On a real server, connections and Events in the background end a little later than a test does. */
function scenario(name: string, fn: () => Promise<void>): void {
  const sanitize = KUBECONFIG === undefined;
  Deno.test({ name, fn, sanitizeOps: sanitize, sanitizeResources: sanitize });
}

async function scene(body: (scene: Scene) => Promise<void>): Promise<void> {
  const { client, close } = await cluster();
  const namespace = `github-${crypto.randomUUID().slice(0, 8)}`;
  await client.create(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  await client.apply(CRDS, repo.crd(), { force: true });
  const isServed = () => client.list(REPOS, { namespace }).then(() => true, () => undefined);
  await eventually(isServed, () => "the CRD is not served");
  await using github = new FakeGithub();
  const manager = startManager({ controllers: [repo.controller(client, { namespace })] });
  try {
    const scene = new Scene(client, github, namespace);
    await scene.setToken("secret-1");
    await body(scene);
    if (KUBECONFIG !== undefined) await leave(scene);
  } finally {
    await manager.stop();
    await close();
  }
}

/** Leaves nothing behind on a cluster that outlives the test. */
async function leave(scene: Scene): Promise<void> {
  const { items } = await scene.client.list<Repo>(REPOS, { namespace: scene.namespace });
  for (const { metadata } of items) await scene.delete(metadata.name);
  await scene.client.delete(NAMESPACES, scene.namespace);
}

async function cluster(): Promise<{ client: KubeClient; close: () => Promise<void> }> {
  if (KUBECONFIG !== undefined) {
    const client = await connect({ kubeconfig: KUBECONFIG });
    return { client, close: () => Promise.resolve(client.close()) };
  }
  const server = await apiserver.startApiServer();
  return { client: createClient(server.transport), close: () => server.close() };
}

scenario("a Repo is created, kept as it is wanted, and deleted", () =>
  scene(async (scene) => {
    const { github, client } = scene;
    await scene.create("web");
    const { status } = await scene.condition("web", "Ready", "Available");
    assert.equal(status?.url, "https://github.example/krateo/web");
    assert.deepEqual(github.repos.get("krateo/web"), {
      name: "web",
      html_url: "https://github.example/krateo/web",
      private: true,
      auto_init: true,
    });
    assert.equal(github.count(/^POST \/orgs\/krateo\/repos 201/), 1);

    await scene.patch("web", { spec: { private: false } });
    await eventually(async () => github.repos.get("krateo/web")?.private === false || undefined, () => "not patched");

    await scene.delete("web");
    assert.equal(github.repos.size, 0);

    // Events are written in the background.
    const wanted = ["CreatedExternalResource", "UpdatedExternalResource", "DeletedExternalResource", "Available"];
    let missing = wanted;
    await eventually(async () => {
      const { items } = await client.list<KubeObject>(EVENTS, { namespace: scene.namespace });
      const reasons = new Set(items.map((event) => event["reason"]));
      missing = wanted.filter((reason) => !reasons.has(reason));
      return missing.length === 0 || undefined;
    }, () => `no Event ${missing.join(", ")}`);
  }));

scenario("a Repo of the token's user is created in the user's account", () =>
  scene(async (scene) => {
    await scene.create("notes", { org: "octocat", private: false });
    await scene.condition("notes", "Ready", "Available");
    assert.equal(scene.github.repos.get("octocat/notes")?.private, false);
    assert.equal(scene.github.count(/^POST \/user\/repos 201/), 1);
  }));

scenario(
  "a wrong token is told, not tried again and again, and a changed Secret is used at once",
  () =>
    scene(async (scene) => {
      scene.github.token = "secret-2";
      await scene.create("web");
      await scene.condition("web", "Synced", "ReconcileError: observe failed: Cannot GET /repos/krateo/web: 401");
      await scene.setToken("secret-2");
      await scene.condition("web", "Ready", "Available");
      // Once for the object, and once for its Secret, which the operator may have seen a little later.
      assert.ok(scene.github.count(/401$/) <= 2);
    }),
);

scenario("a missing Secret is told, and used as soon as it is there", () =>
  scene(async (scene) => {
    const { namespace } = scene;
    await scene.create("web", { credentials: { secretRef: { name: "later", namespace, key: "token" } } });
    await scene.condition(
      "web",
      "Synced",
      `ReconcileError: connect failed: Cannot read key "token" of Secret "${namespace}/later": there is no such Secret`,
    );
    await scene.setToken("secret-1", "later");
    await scene.condition("web", "Ready", "Available");
  }));

const refusals = [
  { status: 403, headers: { "retry-after": "1" }, message: "You have exceeded a secondary rate limit" },
  { status: 502, message: "Server Error" },
];
for (const refusal of refusals) {
  scenario(
    `a creation that is refused with ${refusal.status} for now is told and tried again`,
    () =>
      scene(async (scene) => {
        scene.github.refuseNext(/^POST/, refusal);
        await scene.create("web");
        const told = `ReconcileError: create failed: Cannot POST /orgs/krateo/repos: ${refusal.status}`;
        const object = await scene.condition("web", "Synced", told);
        assert.ok(object.metadata.annotations?.["krateo.io/external-create-failed"]);
        await scene.condition("web", "Ready", "Available");
        assert.equal(scene.github.count(/^POST .* 201/), 1);
      }),
  );
}

scenario(
  "a creation that is refused for good (422) is told in GitHub's words and not repeated",
  () =>
    scene(async (scene) => {
      const { github } = scene;
      github.refuseNext(/^GET \/repos/, { status: 404, message: "Not Found" });
      github.repos.set("krateo/web", { name: "web", html_url: "x", private: true, auto_init: false });
      await scene.create("web");
      const { status } = await scene.condition("web", "Synced", "ReconcileError: create failed");
      const message = status?.conditions?.find(({ type }) => type === "Synced")?.message ?? "";
      assert.match(message, /422.*Repository creation failed\..*name already exists on this account/);
      assert.equal(github.count(/^POST .* 422/), 1);
    }),
);

scenario("the API server refuses another name, organization or address of a Repo", () =>
  scene(async (scene) => {
    await scene.create("web");
    for (const spec of [{ name: "other" }, { org: "other" }, { apiUrl: "http://127.0.0.1:1" }]) {
      const [field = ""] = Object.keys(spec);
      await assert.rejects(scene.patch("web", { spec }), new RegExp(`${field} is immutable once it is set`));
    }
    await scene.patch("web", { spec: { private: false } });
  }));

scenario("a policy that only observes reports a difference and changes nothing", () =>
  scene(async (scene) => {
    const { github } = scene;
    github.repos.set("krateo/web", { name: "web", html_url: "x", private: false, auto_init: false });
    await scene.create("web", {}, { "krateo.io/management-policy": "observe" });
    await scene.condition(
      "web",
      "Synced",
      "ReconcileSuccess: external resource differs from desired state (private is false, not true)",
    );
    await scene.delete("web");
    assert.equal(github.count(/^(POST|PATCH|DELETE)/), 0);
  }));
