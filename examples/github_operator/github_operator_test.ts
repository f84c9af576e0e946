/** The operator against a server that behaves like GitHub, on the embedded API server. */
import assert from "node:assert/strict";
import {
  type ApiResource,
  apiserver,
  type Condition,
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
  constructor(readonly client: KubeClient, readonly github: FakeGithub) {}

  async create(name: string, spec: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.client.create(REPOS, {
      apiVersion: "github.krateo.io/v1alpha1",
      kind: "Repo",
      metadata: { name, namespace: "default" },
      spec: {
        apiUrl: this.github.url,
        credentials: { secretRef: { name: "token", namespace: "default", key: "token" } },
        org: "krateo",
        name,
        ...spec,
      },
    });
  }

  find(name: string): Promise<Repo | undefined> {
    return this.client.find<Repo>(REPOS, name, "default");
  }

  async patch(name: string, patch: unknown): Promise<void> {
    await this.client.patch(REPOS, name, "default", "merge", patch);
  }

  async setToken(token: string): Promise<void> {
    const metadata = { name: "token", namespace: "default" };
    await this.client.apply(SECRETS, { apiVersion: "v1", kind: "Secret", metadata, data: { token: btoa(token) } });
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

async function scene(body: (scene: Scene) => Promise<void>): Promise<void> {
  const server = await apiserver.startApiServer();
  const client = createClient(server.transport);
  await client.create(CRDS, repo.crd());
  await using github = new FakeGithub();
  const manager = startManager({ controllers: [repo.controller(client)] });
  try {
    const scene = new Scene(client, github);
    await scene.setToken("secret-1");
    await body(scene);
  } finally {
    await manager.stop();
    await server.close();
  }
}

Deno.test("a Repo is created, kept as it is wanted, and deleted", () =>
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

    await client.delete(REPOS, "web", "default");
    await eventually(async () => await scene.find("web") === undefined || undefined, () => "the object is still there");
    assert.equal(github.repos.size, 0);

    const { items } = await client.list<KubeObject>(EVENTS);
    const reasons = new Set(items.map((event) => event["reason"]));
    for (
      const reason of ["CreatedExternalResource", "UpdatedExternalResource", "DeletedExternalResource", "Available"]
    ) {
      assert.ok(reasons.has(reason), `no Event ${reason} among ${[...reasons]}`);
    }
  }));

Deno.test("a Repo of the token's user is created in the user's account", () =>
  scene(async (scene) => {
    await scene.create("notes", { org: "octocat", private: false });
    await scene.condition("notes", "Ready", "Available");
    assert.equal(scene.github.repos.get("octocat/notes")?.private, false);
    assert.equal(scene.github.count(/^POST \/user\/repos 201/), 1);
  }));

Deno.test("a wrong token is told, not tried again and again, and a changed Secret is used at once", () =>
  scene(async (scene) => {
    scene.github.token = "secret-2";
    await scene.create("web");
    await scene.condition("web", "Synced", "ReconcileError: observe failed: Cannot GET /repos/krateo/web: 401");
    const asked = scene.github.count(/401$/);
    await scene.setToken("secret-2");
    await scene.condition("web", "Ready", "Available");
    assert.equal(scene.github.count(/401$/), asked);
  }));

Deno.test("a missing Secret is told, and used as soon as it is there", () =>
  scene(async (scene) => {
    const secretRef = { name: "later", namespace: "default", key: "token" };
    await scene.create("web", { credentials: { secretRef } });
    await scene.condition(
      "web",
      "Synced",
      'ReconcileError: connect failed: Cannot read key "token" of Secret "default/later": there is no such Secret',
    );
    const metadata = { name: "later", namespace: "default" };
    await scene.client.create(SECRETS, {
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      data: { token: btoa("secret-1") },
    });
    await scene.condition("web", "Ready", "Available");
  }));

const refusals = [
  { status: 403, headers: { "retry-after": "1" }, message: "You have exceeded a secondary rate limit" },
  { status: 502, message: "Server Error" },
];
for (const refusal of refusals) {
  Deno.test(`a creation that is refused with ${refusal.status} for now is told and tried again`, () =>
    scene(async (scene) => {
      scene.github.refuseNext(/^POST/, refusal);
      await scene.create("web");
      const told = `ReconcileError: create failed: Cannot POST /orgs/krateo/repos: ${refusal.status}`;
      const object = await scene.condition("web", "Synced", told);
      assert.ok(object.metadata.annotations?.["krateo.io/external-create-failed"]);
      await scene.condition("web", "Ready", "Available");
      assert.equal(scene.github.count(/^POST .* 201/), 1);
    }));
}

Deno.test("a creation that is refused for good (422) is told in GitHub's words and not repeated", () =>
  scene(async (scene) => {
    const { github } = scene;
    github.refuseNext(/^GET \/repos/, { status: 404, message: "Not Found" });
    github.repos.set("krateo/web", { name: "web", html_url: "x", private: true, auto_init: false });
    await scene.create("web");
    const { status } = await scene.condition("web", "Synced", "ReconcileError: create failed");
    const message = status?.conditions?.find(({ type }) => type === "Synced")?.message ?? "";
    assert.match(message, /422.*Repository creation failed\..*name already exists on this account/);
    assert.equal(github.count(/^POST .* 422/), 1);
  }));

Deno.test("the API server refuses another name, organization or address of a Repo", () =>
  scene(async (scene) => {
    await scene.create("web");
    for (const spec of [{ name: "other" }, { org: "other" }, { apiUrl: "http://127.0.0.1:1" }]) {
      const [field = ""] = Object.keys(spec);
      await assert.rejects(scene.patch("web", { spec }), new RegExp(`${field} is immutable once it is set`));
    }
    await scene.patch("web", { spec: { private: false } });
  }));

Deno.test("a policy that only observes reports a difference and changes nothing", () =>
  scene(async (scene) => {
    const { github } = scene;
    github.repos.set("krateo/web", { name: "web", html_url: "x", private: false, auto_init: false });
    await scene.client.create(REPOS, {
      apiVersion: "github.krateo.io/v1alpha1",
      kind: "Repo",
      metadata: { name: "web", namespace: "default", annotations: { "krateo.io/management-policy": "observe" } },
      spec: {
        apiUrl: github.url,
        credentials: { secretRef: { name: "token", namespace: "default", key: "token" } },
        org: "krateo",
        name: "web",
      },
    });
    await scene.condition(
      "web",
      "Synced",
      "ReconcileSuccess: external resource differs from desired state (private is false, not true)",
    );
    await scene.client.delete(REPOS, "web", "default");
    await eventually(async () => await scene.find("web") === undefined || undefined, () => "the object is still there");
    assert.equal(github.count(/^(POST|PATCH|DELETE)/), 0);
  }));
