import assert from "node:assert/strict";
import { startApiServer } from "../../../lib/apiserver/mod.ts";
import { filter, firstValueFrom, timeout } from "../../../lib/deps/rxjs.ts";
import { createClient, type KubeClient, type KubeObject } from "../../../lib/kube/mod.ts";
import { CRDS, DEFINITION_CRD, DEFINITIONS } from "../../core-provider/mod.ts";
import { type Catalogue, watchCatalogue } from "./catalogue.ts";

const APPS = { group: "composition.krateo.io", version: "v1-0-0", kind: "App", plural: "apps", namespaced: true };
const CONFIG_MAPS = { group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", namespaced: true };

const APP_CRD: KubeObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "apps.composition.krateo.io" },
  spec: {
    group: APPS.group,
    scope: "Namespaced",
    names: { kind: "App", plural: "apps" },
    versions: [{
      name: APPS.version,
      served: true,
      storage: true,
      subresources: { status: {} },
      schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
    }],
  },
};

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
  for (const crd of [DEFINITION_CRD, APP_CRD]) await client.create(CRDS, crd);
  await established(client);
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

/** Resolves once both CRDs are. */
async function established(client: KubeClient): Promise<void> {
  await Promise.all([DEFINITION_CRD, APP_CRD].map(({ metadata }) =>
    firstValueFrom(
      client.watch(CRDS, { fieldSelector: `metadata.name=${metadata.name}` }).pipe(
        filter((change) => change.type === "applied" && JSON.stringify(change.object).includes('"Established"')),
        timeout(10_000),
      ),
    )
  ));
}

/** The list once it is as long as wanted and settled on a condition. */
async function listed(catalogue: Catalogue, reason: string) {
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    const list = catalogue.list();
    if (list[0]?.reason === reason) return list;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`No composition became ${reason}: ${JSON.stringify(catalogue.list())}`);
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
    assert.deepEqual(errors, []);
  } finally {
    catalogue.close();
    client.close();
    await server.close();
  }
});
