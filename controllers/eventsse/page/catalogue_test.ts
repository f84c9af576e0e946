import assert from "node:assert/strict";
import { startApiServer } from "../../../lib/apiserver/mod.ts";
import { createClient, type KubeClient, type KubeObject } from "../../../lib/kube/mod.ts";
import { DEFINITION_CRD, DEFINITIONS } from "../../core-provider/mod.ts";
import { CONFIG_MAPS, defineKind } from "../../../tests/support/kinds.ts";
import { until } from "../../../tests/support/until.ts";
import { type Catalogue, watchCatalogue } from "./catalogue.ts";

const APPS = { group: "composition.krateo.io", version: "v1-0-0", kind: "App", plural: "apps", namespaced: true };

const DEFINITION: KubeObject = {
  apiVersion: "core.krateo.io/v1alpha1",
  kind: "CompositionDefinition",
  metadata: { name: "app", namespace: "default" },
  spec: { chart: { url: "oci://example.invalid/app" } },
};

const STATUS = {
  kind: "App",
  resource: "apps",
  apiVersion: "composition.krateo.io/v1-0-0",
  managed: { group: APPS.group, kind: "App", versionInfo: [{ version: APPS.version, served: true }] },
};

const child = (name: string) => ({
  apiVersion: "v1",
  resource: "configmaps",
  name,
  namespace: "default",
  path: `/api/v1/namespaces/default/configmaps/${name}`,
});

const APP: KubeObject = {
  apiVersion: "composition.krateo.io/v1-0-0",
  kind: "App",
  metadata: {
    name: "web",
    namespace: "default",
    labels: {
      "krateo.io/composition-version": "v1-0-0",
      "krateo.io/composition-definition-name": "app",
      "krateo.io/composition-definition-namespace": "default",
    },
  },
};

/** A cluster with one definition, one composition, and one of its two children. */
async function scene(client: KubeClient): Promise<string> {
  await defineKind(client, DEFINITIONS, DEFINITION_CRD);
  await defineKind(client, APPS);
  await client.create(DEFINITIONS, DEFINITION);
  await client.patch(DEFINITIONS, "app", "default", "merge", { status: STATUS }, { subresource: "status" });
  await client.create(CONFIG_MAPS, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "one", namespace: "default" },
  });
  const { metadata } = await client.create(APPS, APP);
  const status = {
    releaseName: "web-1",
    helmChartVersion: "1.0.0",
    managed: [child("one"), child("two")],
    conditions: [{
      type: "Ready",
      status: "False",
      reason: "Unhealthy",
      message: "two is missing",
      lastTransitionTime: "2026-01-01T00:00:00Z",
    }],
  };
  await client.patch(APPS, "web", "default", "merge", { status }, { subresource: "status" });
  return metadata.uid ?? "";
}

/** The list once its first composition is ready or not for this reason. */
async function listed(catalogue: Catalogue, reason: string) {
  await until(() => catalogue.list()[0]?.reason === reason, `a composition is ${reason}`);
  return catalogue.list();
}

Deno.test("watchCatalogue() tells of a composition from its definition to its children, the missing one too", async () => {
  const server = await startApiServer();
  const client = createClient(server.transport);
  const id = await scene(client);
  const errors: unknown[] = [];
  const catalogue = watchCatalogue(client, (error) => errors.push(error));
  try {
    const expected = {
      id,
      apiVersion: "composition.krateo.io/v1-0-0",
      kind: "App",
      namespace: "default",
      name: "web",
      ready: "False",
      reason: "Unhealthy",
      message: "two is missing",
      paused: false,
    };
    assert.deepEqual(await listed(catalogue, "Unhealthy"), [expected]);
    const config = { apiVersion: "v1", kind: "ConfigMap", namespace: "default" };
    assert.deepEqual(await catalogue.tree(id), {
      ...expected,
      definition: { namespace: "default", name: "app" },
      release: "web-1",
      chartVersion: "1.0.0",
      children: [
        { ...config, name: "one", status: "Current", message: "" },
        { ...config, name: "two", status: "Missing", message: "The object does not exist" },
      ],
    });
    assert.equal(await catalogue.tree("another"), undefined);
    const place = { group: "composition.krateo.io", resource: "apps", namespace: "default", name: "web" };
    assert.deepEqual([catalogue.locate(id), catalogue.locate("another")], [place, undefined]);
    assert.deepEqual(errors, []);
  } finally {
    catalogue.close();
    client.close();
    await server.close();
  }
});
