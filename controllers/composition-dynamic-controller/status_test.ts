import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { ReleaseObject } from "../../lib/release/mod.ts";
import type { Composition } from "./api.ts";
import type { Release } from "./memory.ts";
import { statusOf } from "./status.ts";

const READY = { type: "Ready", status: "True", reason: "Available", message: "" } as const;

function composition(status?: Composition["status"]): Composition {
  const metadata = { name: "one", namespace: "demo", generation: 3 };
  return { apiVersion: "composition.krateo.io/v1-0-0", kind: "App", metadata, ...(status ? { status } : {}) };
}

function target(group: string, kind: string, plural: string, namespace: string | undefined): ReleaseObject {
  const resource = { group, version: "v1", kind, plural, namespaced: namespace !== undefined };
  return { resource, namespace, name: "x", object: { apiVersion: "v1", kind, metadata: { name: "x" } } };
}

const RELEASE: Release = {
  name: "one-bcd",
  installed: true,
  revision: 2,
  digest: "abc",
  inputs: "i",
  chartVersion: "1.0.0",
  targets: [
    target("", "ConfigMap", "configmaps", "demo"),
    target("apps", "Deployment", "deployments", "other"),
    target("rbac.authorization.k8s.io", "ClusterRole", "clusterroles", undefined),
  ],
};

Deno.test("statusOf() tells of the release, each child with its namespace and a path that resolves", () => {
  const status = statusOf(composition(), RELEASE, "oci://charts", [READY]);
  const { conditions, ...rest } = status;
  deepStrictEqual(rest, {
    observedGeneration: 3,
    digest: "abc",
    releaseName: "one-bcd",
    revision: 2,
    helmChartVersion: "1.0.0",
    helmChartUrl: "oci://charts",
    managed: [
      {
        apiVersion: "v1",
        resource: "configmaps",
        name: "x",
        namespace: "demo",
        path: "/api/v1/namespaces/demo/configmaps/x",
      },
      {
        apiVersion: "apps/v1",
        resource: "deployments",
        name: "x",
        namespace: "other",
        path: "/apis/apps/v1/namespaces/other/deployments/x",
      },
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        resource: "clusterroles",
        name: "x",
        namespace: "",
        path: "/apis/rbac.authorization.k8s.io/v1/clusterroles/x",
      },
    ],
  });
  deepStrictEqual(conditions?.map((c) => [c.type, c.observedGeneration]), [["Ready", 3]]);
});

Deno.test("statusOf() keeps the digest before the last change, however often it is asked", () => {
  const first = statusOf(composition(), RELEASE, undefined, []);
  strictEqual(first.previousDigest, undefined);
  const second = statusOf(composition(first), { ...RELEASE, digest: "def" }, undefined, []);
  deepStrictEqual([second.digest, second.previousDigest], ["def", "abc"]);
  const again = statusOf(composition(second), { ...RELEASE, digest: "def" }, undefined, []);
  deepStrictEqual([again.digest, again.previousDigest], ["def", "abc"]);
});

Deno.test("statusOf() keeps what it says of the release while that is not known, and what others wrote", () => {
  const before = { ...statusOf(composition(), RELEASE, "oci://charts", []), note: "by another" };
  const status = statusOf(composition(before), undefined, undefined, []);
  deepStrictEqual(status, before);
});

Deno.test("statusOf() changes lastTransitionTime with the condition's status only", () => {
  const lastTransitionTime = "2026-01-01T00:00:00Z";
  const before = { conditions: [{ ...READY, lastTransitionTime }] };
  const same = statusOf(composition(before), undefined, undefined, [{ ...READY, message: "other words" }]);
  strictEqual(same.conditions?.[0]?.lastTransitionTime, lastTransitionTime);
  const turned = statusOf(composition(before), undefined, undefined, [{ ...READY, status: "False" }]);
  strictEqual(turned.conditions?.[0]?.lastTransitionTime === lastTransitionTime, false);
});
