import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { ApiResource, Discovery, KubeObject } from "../kube/mod.ts";
import { belongsTo, isKept, mark, objectId, objectPath, resolveObjects } from "./objects.ts";

const resource = (group: string, kind: string, plural: string, namespaced = true): ApiResource => {
  return { group, version: "v1", kind, plural, namespaced };
};
const SERVED: readonly ApiResource[] = [
  resource("", "ConfigMap", "configmaps"),
  resource("apps", "Deployment", "deployments"),
  resource("", "Namespace", "namespaces", false),
  resource("rbac.authorization.k8s.io", "ClusterRole", "clusterroles", false),
];
const notAsked = () => Promise.reject(new Error("not asked for"));
const discovery: Discovery = {
  resourceFor: (apiVersion, kind) => {
    const found = SERVED.find((r) =>
      (r.group === "" ? r.version : `${r.group}/${r.version}`) === apiVersion &&
      r.kind === kind
    );
    return Promise.resolve(found);
  },
  resources: () => Promise.resolve(SERVED),
  apiVersions: notAsked,
  serverVersion: notAsked,
  invalidate: () => {},
};

function object(apiVersion: string, kind: string, metadata: Record<string, unknown> = {}): KubeObject {
  return { apiVersion, kind, metadata: { name: "x", ...metadata } };
}

/** Documents, and path and namespace of the objects they stand for. */
const RESOLVED:
  readonly (readonly [string, Record<string, unknown>, readonly (readonly [string, string | undefined])[]])[] = [
    ["a namespaced object without a namespace", object("v1", "ConfigMap"), [
      ["/api/v1/namespaces/rel/configmaps/x", "rel"],
    ]],
    ["a namespaced object with an empty namespace", object("v1", "ConfigMap", { namespace: "" }), [
      ["/api/v1/namespaces/rel/configmaps/x", "rel"],
    ]],
    ["an object of another namespace", object("apps/v1", "Deployment", { namespace: "other" }), [
      ["/apis/apps/v1/namespaces/other/deployments/x", "other"],
    ]],
    ["a cluster-scoped object", object("rbac.authorization.k8s.io/v1", "ClusterRole"), [
      ["/apis/rbac.authorization.k8s.io/v1/clusterroles/x", undefined],
    ]],
    ["a cluster-scoped object that names a namespace", object("v1", "Namespace", { namespace: "rel" }), [
      ["/api/v1/namespaces/x", undefined],
    ]],
    ["the items of lists within a list", {
      apiVersion: "v1",
      kind: "List",
      items: [object("v1", "ConfigMap"), {
        apiVersion: "v1",
        kind: "NamespaceList",
        items: [object("v1", "Namespace", { name: "y" })],
      }],
    }, [["/api/v1/namespaces/rel/configmaps/x", "rel"], ["/api/v1/namespaces/y", undefined]]],
  ];
for (const [what, document, expected] of RESOLVED) {
  Deno.test(`resolveObjects() resolves ${what}`, async () => {
    const { objects, missing } = await resolveObjects(discovery, [document], "rel");
    deepStrictEqual(missing, []);
    deepStrictEqual(objects.map((o) => [objectPath(o), o.namespace]), expected);
    for (const { namespace, object } of objects) strictEqual(object.metadata.namespace, namespace);
  });
}

Deno.test("resolveObjects() names each kind that is missing once", async () => {
  const { objects, missing } = await resolveObjects(discovery, [
    object("example.org/v1", "Widget"),
    object("v1", "ConfigMap"),
    object("example.org/v1", "Widget", { name: "other" }),
    object("example.org/v2", "Widget"),
  ], "rel");
  strictEqual(objects.length, 1);
  deepStrictEqual(missing, [
    { apiVersion: "example.org/v1", kind: "Widget" },
    { apiVersion: "example.org/v2", kind: "Widget" },
  ]);
});

Deno.test("objectId() is the same for every version of a kind", () => {
  const v1 = resource("apps", "Deployment", "deployments");
  const id = objectId({ resource: v1, namespace: "n", name: "x" });
  strictEqual(id, "apps/Deployment/n/x");
  strictEqual(objectId({ resource: { ...v1, version: "v1beta1" }, namespace: "n", name: "x" }), id);
});

Deno.test("belongsTo() holds for what mark() marked, of that release alone", () => {
  const original = object("v1", "ConfigMap", { labels: { app: "a" }, annotations: { note: "b" } });
  const marked = mark(original, { releaseName: "r", releaseNamespace: "n", labels: { id: "1" } });
  deepStrictEqual(marked.metadata.labels, { app: "a", id: "1", "app.kubernetes.io/managed-by": "Helm" });
  deepStrictEqual(marked.metadata.annotations, {
    note: "b",
    "meta.helm.sh/release-name": "r",
    "meta.helm.sh/release-namespace": "n",
  });
  deepStrictEqual(original.metadata.labels, { app: "a" });
  strictEqual(belongsTo(marked, "r", "n"), true);
  strictEqual(belongsTo(marked, "other", "n"), false);
  strictEqual(belongsTo(marked, "r", "other"), false);
  strictEqual(belongsTo(original, "r", "n"), false);
});

for (const [value, kept] of [["keep", true], [" Keep ", true], ["delete", false], [undefined, false]] as const) {
  Deno.test(`isKept() with helm.sh/resource-policy ${value} is ${kept}`, () => {
    const annotations = value === undefined ? {} : { annotations: { "helm.sh/resource-policy": value } };
    strictEqual(isKept(object("v1", "ConfigMap", annotations)), kept);
  });
}
