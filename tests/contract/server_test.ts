/** What is not about one object: discovery, OpenAPI, reviews, policies, events of both groups. */
import assert from "node:assert/strict";
import type { KubeList, KubeObject } from "../../lib/kube/mod.ts";
import { configMap, configMaps, contract, unique } from "./target.ts";

interface GroupList {
  readonly kind: string;
  readonly items: {
    metadata: { name?: string };
    versions: { version: string; resources: { resource: string; scope: string; responseKind: { kind: string } }[] }[];
  }[];
}

contract("the version is told to everybody", async (api) => {
  const version = await api.get<{ gitVersion: string; major: string }>("/version");
  assert.match(version.gitVersion, /^v1\.\d+\.\d+/);
  assert.equal((await api.send<string>("GET", "/readyz")).body, "ok");
});

contract("discovery comes aggregated and plain, saying the same", async (api) => {
  const aggregated = await api.ok<GroupList>("GET", "/apis", {
    accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json",
  });
  assert.equal(aggregated.kind, "APIGroupDiscoveryList");
  const apps = aggregated.items.find((item) => item.metadata.name === "apps");
  const deployments = apps?.versions[0]?.resources.find((resource) => resource.resource === "deployments");
  assert.deepEqual([deployments?.scope, deployments?.responseKind.kind], ["Namespaced", "Deployment"]);
  const plain = await api.get<{ kind: string; groups: { name: string }[] }>("/apis");
  assert.equal(plain.kind, "APIGroupList");
  assert.ok(plain.groups.some((group) => group.name === "apps"));
  const list = await api.get<{ kind: string; resources: { name: string; kind: string; shortNames?: string[] }[] }>(
    "/apis/apps/v1",
  );
  assert.equal(list.kind, "APIResourceList");
  const names = list.resources.map((resource) => resource.name);
  for (const name of ["deployments", "deployments/scale", "deployments/status"]) assert.ok(names.includes(name), name);
  const core = await api.get<{ kind: string; versions: string[] }>("/api");
  assert.deepEqual([core.kind, core.versions], ["APIVersions", ["v1"]]);
});

contract("OpenAPI v3 describes kinds and says what PATCH can do", async (api) => {
  const index = await api.get<{ paths: Record<string, { serverRelativeURL: string }> }>("/openapi/v3");
  const url = index.paths["apis/apps/v1"]?.serverRelativeURL ?? "";
  const [path = "", query = ""] = url.split("?");
  interface Document {
    paths: Record<string, { patch?: { parameters?: { name: string }[] } }>;
    components: { schemas: Record<string, { "x-kubernetes-group-version-kind"?: { kind: string }[] }> };
  }
  const document = await api.get<Document>(path, Object.fromEntries(new URLSearchParams(query)));
  const patch = document.paths["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]?.patch;
  const parameters = (patch?.parameters ?? []).map((parameter) => parameter.name);
  for (const name of ["dryRun", "fieldManager", "fieldValidation", "force"]) assert.ok(parameters.includes(name), name);
  const schema = document.components.schemas["io.k8s.api.apps.v1.Deployment"];
  assert.equal(schema?.["x-kubernetes-group-version-kind"]?.[0]?.kind, "Deployment");
});

contract("reviews answer who one is and what one may do", async (api) => {
  const who = await api.create("/apis/authentication.k8s.io/v1/selfsubjectreviews", {
    apiVersion: "authentication.k8s.io/v1",
    kind: "SelfSubjectReview",
  });
  const { userInfo } = who.status as { userInfo: { username: string; groups: string[] } };
  assert.ok(userInfo.username !== "");
  assert.ok(userInfo.groups.includes("system:authenticated"));
  const may = await api.create("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: { verb: "create", resource: "pods", namespace: api.namespace } },
  });
  assert.equal((may.status as { allowed: boolean }).allowed, true);
});

contract("a user can be impersonated", async (api) => {
  const { body } = await api.send("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
    body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
    headers: { "Impersonate-User": "system:serviceaccount:default:someone" },
  });
  const { userInfo } = body.status as { userInfo: { username: string; groups: string[] } };
  assert.equal(userInfo.username, "system:serviceaccount:default:someone");
  assert.deepEqual([...userInfo.groups].sort(), [
    "system:authenticated",
    "system:serviceaccounts",
    "system:serviceaccounts:default",
  ]);
});

contract("events are the same through both of their groups", async (api) => {
  const now = "2026-01-01T00:00:00.000000Z";
  await api.create(`/apis/events.k8s.io/v1/namespaces/${api.namespace}/events`, {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { name: "e" },
    eventTime: now,
    regarding: { kind: "ConfigMap", name: "c", namespace: api.namespace },
    reason: "Tested",
    action: "Test",
    note: "a note",
    type: "Normal",
    reportingController: "tests.example.com/suite",
    reportingInstance: "one",
  });
  const core = await api.get(`/api/v1/namespaces/${api.namespace}/events/e`);
  assert.equal(core.message, "a note");
  assert.equal((core.involvedObject as { name: string }).name, "c");
  const found = await api.get<KubeList>(`/api/v1/namespaces/${api.namespace}/events`, {
    fieldSelector: "involvedObject.name=c,reason=Tested",
  });
  assert.deepEqual(found.items.map((item) => item.metadata.name), ["e"]);
});

contract("a policy refuses what its expression does not like, in its words", async (api) => {
  const name = unique("policy");
  const root = "/apis/admissionregistration.k8s.io/v1";
  const rules = [{
    apiGroups: [""],
    apiVersions: ["*"],
    resources: ["configmaps"],
    operations: ["CREATE", "UPDATE", "DELETE"],
  }];
  await api.create(`${root}/validatingadmissionpolicies`, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: { matchPolicy: "Exact", resourceRules: rules },
      matchConditions: [{ name: "mine", expression: `request.namespace == '${api.namespace}'` }],
      variables: [{ name: "most", expression: "3" }],
      validations: [
        {
          expression: "request.operation == 'DELETE' || object.metadata.name.size() <= variables.most",
          message: "too long",
        },
        {
          expression: "request.operation != 'UPDATE' || oldObject.data.x == object.data.x",
          messageExpression: "'x was ' + oldObject.data.x",
        },
        { expression: "request.operation != 'DELETE' || oldObject.metadata.name != 'abc'", reason: "Forbidden" },
      ],
    },
  });
  await api.create(`${root}/validatingadmissionpolicybindings`, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name },
    spec: { policyName: name, validationActions: ["Deny"] },
  });
  try {
    // A cluster needs a moment before it enforces a new policy.
    const end = Date.now() + 15_000;
    let denied = await api.send("POST", configMaps(api), { body: configMap("long-name"), query: { dryRun: "All" } });
    while (denied.status < 400 && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      denied = await api.send("POST", configMaps(api), { body: configMap("long-name"), query: { dryRun: "All" } });
    }
    const refused = (operation: string) =>
      `ValidatingAdmissionPolicy '${name}' with binding '${name}' denied request: ${operation}`;
    const status = await api.fails(422, "Invalid", "POST", configMaps(api), { body: configMap("long-name") });
    assert.equal(status.message, `configmaps "long-name" is forbidden: ${refused("too long")}`);
    await api.create(configMaps(api), configMap("abc", { x: "1" }));
    const changed = await api.fails(422, "Invalid", "PATCH", configMaps(api, "abc"), {
      body: { data: { x: "2" } },
      contentType: "application/merge-patch+json",
    });
    assert.equal(changed.message, `configmaps "abc" is forbidden: ${refused("x was 1")}`);
    const kept = await api.fails(403, "Forbidden", "DELETE", configMaps(api, "abc"));
    assert.match(kept.message ?? "", /denied request: failed expression: request\.operation != 'DELETE'/);
  } finally {
    await api.send("DELETE", `${root}/validatingadmissionpolicybindings/${name}`);
    await api.send("DELETE", `${root}/validatingadmissionpolicies/${name}`);
  }
});

contract("what is not served is said so", async (api) => {
  const post = await api.fails(405, "MethodNotAllowed", "POST", configMaps(api, "a"), { body: configMap("a") });
  assert.equal(post.message, "the server does not allow this method on the requested resource");
  const { status } = await api.send<string>("GET", "/no/such/path");
  assert.equal(status, 404);
});

contract("a secret's stringData becomes data", async (api) => {
  const made = await api.create<KubeObject>(`/api/v1/namespaces/${api.namespace}/secrets`, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s" },
    stringData: { a: "b" },
  });
  assert.deepEqual(made.data, { a: btoa("b") });
  assert.equal(made.stringData, undefined);
  assert.equal(made.type, "Opaque");
});
