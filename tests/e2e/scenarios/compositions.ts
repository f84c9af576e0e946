/** The life of a composition. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import type { Composition } from "../../../controllers/composition-dynamic-controller/mod.ts";
import { DEFINITIONS } from "../../../controllers/core-provider/mod.ts";
import { type ApiResource, isKubeError, type KubeObject } from "../../../lib/kube/mod.ts";
import { serve, type TestChart, tinyChart, webChart } from "../support/charts.ts";
import {
  type Bench,
  CONFIG_MAPS,
  CRDS,
  DEPLOYMENTS,
  ready,
  scenario,
  SECRETS,
  SERVICES,
  withBench,
} from "../support/cluster.ts";
import { grantKind } from "../support/grants.ts";

/** Runs a scenario with a chart that is defined and served. */
function withChart(
  name: string,
  charts: readonly TestChart[],
  work: (bench: Bench, resource: ApiResource) => Promise<void>,
) {
  return withBench(name, async (bench) => {
    const server = await serve(charts);
    try {
      const { name: repo, version } = charts[0]!;
      await bench.define("chart", { url: server.repository, repo, version });
      await work(bench, await bench.defined("chart"));
    } finally {
      await server.close();
    }
  });
}

const REFUSED: readonly [string, Record<string, unknown>, RegExp][] = [
  ["a wrong type", { owner: "me", replicas: "three" }, /spec\.replicas/],
  ["a value out of bounds", { owner: "me", replicas: 9 }, /spec\.replicas/],
  ["a missing field that no default supplies", { replicas: 1 }, /spec\.owner/],
  ["an unknown field", { owner: "me", colour: "blue" }, /spec\.colour/],
];
scenario(
  "the API server refuses wrong input before it is stored, with the field's path",
  () =>
    withChart("refused", [webChart("refused")], async (bench, resource) => {
      for (const [what, spec, path] of REFUSED) {
        await rejects(
          bench.compose(resource, "wrong", spec),
          (error) => isKubeError(error, "Invalid", "BadRequest") && path.test(error.message),
          what,
        );
      }
      strictEqual(await bench.client.find(resource, "wrong", bench.namespace), undefined);
    }),
);

scenario(
  "a changed value upgrades the release; the user's own global values are kept",
  () =>
    withChart("upgrade", [webChart("upgrade", "1.0.0", { schema: undefined })], async (bench, resource) => {
      await bench.compose(resource, "one", { owner: "me", global: { mine: "kept" } });
      const first = await bench.ready(resource, "one");
      strictEqual(first.status?.revision, 1);
      await bench.client.patch(resource, "one", bench.namespace, "merge", { spec: { greeting: "goodbye" } });
      const second = await bench.until<Composition>(
        resource,
        "one",
        (c) => c.status?.revision === 2 && ready(c)?.status === "True",
      );
      strictEqual(second.status?.previousDigest, first.status?.digest);
      const config = await bench.client.get<KubeObject>(
        CONFIG_MAPS,
        `${second.status?.releaseName}-config`,
        bench.namespace,
      );
      const data = config["data"] as Record<string, string>;
      strictEqual(data["greeting"], "goodbye");
      const global = JSON.parse(data["global"]!);
      strictEqual(global.mine, "kept");
      strictEqual(global.compositionName, "one");
      strictEqual(config.metadata.labels?.["krateo.io/composition-id"], first.metadata.uid);
    }),
);

scenario(
  "a child edited or deleted by hand is put right, with an Event that names the fields",
  () =>
    withChart("drift", [webChart("drift")], async (bench, resource) => {
      await bench.compose(resource, "one", { owner: "me" });
      const { status } = await bench.ready(resource, "one");
      const config = `${status?.releaseName}-config`;
      await bench.client.patch(CONFIG_MAPS, config, bench.namespace, "merge", { data: { greeting: "tampered" } }, {
        fieldManager: "hand",
      });
      await bench.until<KubeObject>(
        CONFIG_MAPS,
        config,
        (c) => (c["data"] as Record<string, string>)["greeting"] === "hello",
      );
      match(await bench.event("one", "DriftCorrected", /data\.greeting/), /ConfigMap/);

      const before = await bench.client.get<KubeObject>(SERVICES, status!.releaseName!, bench.namespace);
      await bench.client.delete(SERVICES, status!.releaseName!, bench.namespace);
      await bench.until<KubeObject>(SERVICES, status!.releaseName!, (s) => s.metadata.uid !== before.metadata.uid);
      await bench.event("one", "DriftCorrected", /had been deleted/);
      strictEqual((await bench.ready(resource, "one")).status?.revision, 1);
    }),
);

scenario(
  "a paused composition is left alone until it is resumed",
  () =>
    withChart("pause", [webChart("pause")], async (bench, resource) => {
      await bench.compose(resource, "one", { owner: "me" });
      await bench.ready(resource, "one");
      const annotate = (value: string | null) =>
        bench.client.patch(resource, "one", bench.namespace, "merge", {
          metadata: { annotations: { "krateo.io/paused": value } },
        });
      await annotate("true");
      await bench.until<Composition>(
        resource,
        "one",
        (c) => c.status?.conditions?.some((s) => s.reason === "ReconcilePaused") ?? false,
      );
      await bench.client.patch(resource, "one", bench.namespace, "merge", { spec: { greeting: "later" } });
      const held = await bench.client.get<Composition>(resource, "one", bench.namespace);
      strictEqual(held.status?.revision, 1);
      await annotate(null);
      await bench.until<Composition>(resource, "one", (c) => c.status?.revision === 2 && ready(c)?.status === "True");
    }),
);

const WIDGET_CRD = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.e2e.example.org" },
  spec: {
    group: "e2e.example.org",
    scope: "Namespaced",
    names: { kind: "Widget", listKind: "WidgetList", plural: "widgets", singular: "widget" },
    versions: [{
      name: "v1",
      served: true,
      storage: true,
      schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      subresources: { status: {} },
    }],
  },
};
const WIDGET =
  "apiVersion: e2e.example.org/v1\nkind: Widget\nmetadata:\n  name: {{ .Release.Name }}\nspec: {size: 3}\n";
const WIDGETS: ApiResource = {
  group: "e2e.example.org",
  version: "v1",
  kind: "Widget",
  plural: "widgets",
  namespaced: true,
};

scenario(
  "a composition waits for a kind that is missing, says which, goes on when it comes, and tells which child is ill",
  () =>
    withChart(
      "widget",
      [tinyChart("widgetry", "1.0.0", { templates: { "widget.yaml": WIDGET } })],
      async (bench, resource) => {
        await bench.compose(resource, "one", {});
        match(
          ready(await bench.notReady(resource, "one", "MissingKinds"))!.message,
          /Widget \(e2e\.example\.org\/v1\)/,
        );
        await grantKind(bench, WIDGETS.plural, WIDGETS.group);
        await bench.apply(WIDGET_CRD, undefined);
        const { status } = await bench.ready(resource, "one");
        const name = status!.releaseName!;
        const sick = {
          conditions: [{
            type: "Ready",
            status: "False",
            reason: "Broken",
            message: "it is broken",
            lastTransitionTime: "2026-01-01T00:00:00Z",
          }],
        };
        await bench.client.patch(WIDGETS, name, bench.namespace, "merge", { status: sick }, { subresource: "status" });
        const ill = await bench.notReady<Composition>(resource, "one", "Unavailable");
        match(
          ready(ill)!.message,
          new RegExp(`/apis/e2e.example.org/v1/namespaces/${bench.namespace}/widgets/${name}: Broken: it is broken`),
        );
        await bench.client.patch(WIDGETS, name, bench.namespace, "merge", { spec: { size: 4 } }, {
          fieldManager: "hand",
        });
        await bench.event("one", "DriftCorrected", /spec\.size/);
        await bench.client.patch(WIDGETS, name, bench.namespace, "merge", { status: { conditions: null } }, {
          subresource: "status",
        });
        await bench.ready(resource, "one");
      },
    ),
);

scenario("a template error keeps the previous revision and names file and line", () =>
  withChart("template", [
    tinyChart("template", "1.0.0", {
      templates: {
        "config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n" +
          '  a: {{ if eq .Values.greeting "boom" }}{{ fail "no boom please" }}{{ end }}x\n',
      },
    }),
  ], async (bench, resource) => {
    await bench.compose(resource, "one", {});
    await bench.ready(resource, "one");
    await bench.client.patch(resource, "one", bench.namespace, "merge", { spec: { greeting: "boom" } });
    const broken = await bench.notReady<Composition>(resource, "one", "RenderFailed");
    match(ready(broken)!.message, /template\/templates\/config\.yaml:6:\d+.*no boom please/s);
    strictEqual(broken.status?.revision, 1);
    ok(await bench.client.find(CONFIG_MAPS, broken.status!.releaseName!, bench.namespace));
    await bench.client.patch(resource, "one", bench.namespace, "merge", { spec: { greeting: "fine" } });
    await bench.ready(resource, "one");
  }));

scenario("a hostile template is stopped by the limits and reported", () =>
  withChart("hostile", [
    tinyChart("hostile", "1.0.0", {
      templates: { "loop.yaml": '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}' },
    }),
  ], async (bench, resource) => {
    await bench.compose(resource, "one", {});
    await bench.notReady(resource, "one", "RenderFailed");
  }));

scenario(
  "a version bump serves both versions and moves the compositions; one that does not fit stays and says why",
  () =>
    withBench("versions", async (bench) => {
      const closed = { type: "object", additionalProperties: false };
      const next = {
        ...closed,
        properties: { greeting: { type: "string", maxLength: 10 }, replicas: { type: "integer" } },
      };
      const server = await serve([tinyChart("versions"), tinyChart("versions", "2.0.0", { schema: next })]);
      try {
        const chart = { url: server.repository, repo: "versions" };
        await bench.define("chart", { ...chart, version: "1.0.0" });
        const v1 = await bench.defined("chart");
        await bench.compose(v1, "fits", { greeting: "hi" });
        await bench.compose(v1, "stays", { greeting: "longer than ten characters" });
        await Promise.all([bench.ready(v1, "fits"), bench.ready(v1, "stays")]);
        await bench.define("chart", { ...chart, version: "2.0.0" });
        const v2 = { ...v1, version: "v2-0-0" };
        const moved = await bench.until<Composition>(
          v2,
          "fits",
          (c) => c.status?.helmChartVersion === "2.0.0" && ready(c)?.status === "True",
        );
        strictEqual(moved.metadata.labels?.["krateo.io/composition-version"], "v2-0-0");
        strictEqual(moved.status?.revision, 2);
        const stays = await bench.until<Composition>(
          v1,
          "stays",
          (c) => c.status?.conditions?.some((s) => s.reason === "VersionNotMoved") ?? false,
        );
        match(JSON.stringify(stays.status?.conditions), /spec\.greeting/);
        strictEqual(stays.status?.helmChartVersion, "1.0.0");
        const crd = await bench.client.get<KubeObject>(CRDS, `${v1.plural}.${v1.group}`);
        const versions = (crd["spec"] as { versions: { name: string; served: boolean; storage: boolean }[] }).versions;
        deepStrictEqual(versions.map((v) => [v.name, v.served, v.storage]), [["v1-0-0", true, false], [
          "v2-0-0",
          true,
          false,
        ], ["vacuum", false, true]]);
        await rejects(
          bench.client.patch(v1, "fits", bench.namespace, "merge", { spec: { greeting: "x" } }),
          (error) => isKubeError(error) && /v2-0-0/.test(error.message),
        );
      } finally {
        await server.close();
      }
    }),
);

scenario(
  "deleting a composition leaves nothing behind",
  () =>
    withChart("delete", [webChart("delete")], async (bench, resource) => {
      await bench.compose(resource, "one", { owner: "me" });
      await bench.ready(resource, "one");
      await bench.client.delete(resource, "one", bench.namespace);
      await bench.gone(resource, "one");
      for (
        const [kind, label] of [[SECRETS, "owner=helm"], [CONFIG_MAPS, "krateo.io/composition-id"], [
          SERVICES,
          "krateo.io/composition-id",
        ], [DEPLOYMENTS, "krateo.io/composition-id"]] as const
      ) {
        const left = await bench.client.list(kind, { namespace: bench.namespace, labelSelector: label });
        deepStrictEqual(
          left.items.filter((o) => !o.metadata.deletionTimestamp).map((o) => o.metadata.name),
          [],
          kind.kind,
        );
      }
    }),
);

scenario(
  "deleting a definition takes its compositions and its kind along, also when the chart server is gone",
  () =>
    withBench("delete-definition", async (bench) => {
      const server = await serve([webChart("goes")]);
      await bench.define("chart", { url: server.repository, repo: "goes" });
      const resource = await bench.defined("chart");
      await bench.compose(resource, "one", { owner: "me" });
      await bench.ready(resource, "one");
      await server.close();
      await bench.client.delete(DEFINITIONS, "chart", bench.namespace);
      await bench.gone(DEFINITIONS, "chart");
      strictEqual(await bench.client.find(CRDS, `${resource.plural}.${resource.group}`), undefined);
      deepStrictEqual(
        (await bench.client.list(SECRETS, { namespace: bench.namespace, labelSelector: "owner=helm" })).items,
        [],
      );
    }),
);
