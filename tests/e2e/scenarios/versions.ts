/** What becomes of those who write a composition when it goes to another version. */
import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import type { Composition } from "../../../controllers/composition-dynamic-controller/mod.ts";
import { type ApiResource, apiVersionOf, isKubeError } from "../../../lib/kube/mod.ts";
import { serve, tinyChart } from "../support/charts.ts";
import { type Bench, ready, scenario, withBench } from "../support/cluster.ts";

const OLD = { type: "object", additionalProperties: false, properties: {} };

/** The second version knows a field more, and another one by another type. */
function schemas(): readonly unknown[] {
  const common = { greeting: { type: "string" }, replicas: { type: "integer" } };
  return [
    { ...OLD, properties: { ...common, image: { type: "string" } } },
    {
      ...OLD,
      properties: {
        ...common,
        colour: { type: "string" },
        image: { type: "object", properties: { tag: { type: "string" } }, additionalProperties: false },
      },
    },
  ];
}

interface Versions {
  readonly v1: ApiResource;
  readonly v2: ApiResource;
  /** Points the definition at the second version. */
  goOn(): Promise<unknown>;
}

function withVersions(name: string, work: (bench: Bench, versions: Versions) => Promise<void>): Promise<void> {
  return withBench(name, async (bench) => {
    const [first, second] = schemas();
    const server = await serve([
      tinyChart(name, "1.0.0", { schema: first }),
      tinyChart(name, "2.0.0", { schema: second }),
    ]);
    try {
      const chart = { url: server.repository, repo: name };
      await bench.define("chart", { ...chart, version: "1.0.0" });
      const v1 = await bench.defined("chart");
      const goOn = () => bench.define("chart", { ...chart, version: "2.0.0" });
      await work(bench, { v1, v2: { ...v1, version: "v2-0-0" }, goOn });
    } finally {
      await server.close();
    }
  });
}

/** `kubectl apply --server-side`, as one user or another. */
function apply(bench: Bench, resource: ApiResource, name: string, spec: Record<string, unknown>, fieldManager: string) {
  const metadata = { name, namespace: bench.namespace };
  return bench.client.apply<Composition>(
    resource,
    { apiVersion: apiVersionOf(resource), kind: resource.kind, metadata, spec },
    { fieldManager },
  );
}

function moved(bench: Bench, resource: ApiResource, name: string): Promise<Composition> {
  return bench.until<Composition>(resource, name, (c) => {
    return c.status?.helmChartVersion === "2.0.0" && ready(c)?.status === "True" &&
      ready(c)?.observedGeneration === c.metadata.generation;
  });
}

scenario(
  "whoever applied a composition goes on applying it at the version that it moved to",
  () =>
    withVersions("owners", async (bench, { v1, v2, goOn }) => {
      await apply(bench, v1, "one", { greeting: "hi", replicas: 2 }, "gitops");
      await bench.ready(v1, "one");
      await goOn();
      const { metadata } = await bench.client.get<Composition>(
        v2,
        (await moved(bench, v2, "one")).metadata.name,
        bench.namespace,
      );
      deepStrictEqual([...new Set(metadata.managedFields?.map((m) => m.apiVersion))], [apiVersionOf(v2)]);

      // Fields that the first version does not know, or knows by another type.
      const spec = { greeting: "hi", colour: "blue", image: { tag: "1" } };
      deepStrictEqual((await apply(bench, v2, "one", spec, "gitops")).spec, spec, "what is applied no longer goes");
      const both = await apply(bench, v2, "one", { replicas: 3 }, "somebody else");
      deepStrictEqual(both.spec, { ...spec, replicas: 3 });
      await rejects(
        apply(bench, v2, "one", { greeting: "hello" }, "somebody else"),
        (error) => isKubeError(error, "Conflict") && /gitops/.test(error.message),
      );
      const patched = await bench.client.patch<Composition>(v2, "one", bench.namespace, "merge", {
        spec: { image: { tag: "2" } },
      });
      deepStrictEqual(patched.spec, { ...spec, replicas: 3, image: { tag: "2" } });
      strictEqual(patched.metadata.managedFields?.some((m) => m.manager === "gitops"), true, "ownership is kept");
      strictEqual((await moved(bench, v2, "one")).status?.helmChartVersion, "2.0.0");
    }),
);

scenario(
  "a composition that fits no longer is moved by whoever writes it at the new version, with the new label",
  () =>
    withVersions("rewrite", async (bench, { v1, v2, goOn }) => {
      await bench.compose(v1, "one", { image: "nginx" });
      await bench.ready(v1, "one");
      await goOn();
      await bench.until<Composition>(
        v1,
        "one",
        (c) => c.status?.conditions?.some((s) => s.reason === "VersionNotMoved") ?? false,
      );
      const spec = { image: { tag: "1" } };
      await rejects(
        bench.client.patch(v2, "one", bench.namespace, "merge", { spec }),
        (error) => isKubeError(error) && /v1-0-0/.test(error.message),
      );
      const labels = { "krateo.io/composition-version": v2.version };
      await bench.client.patch(v2, "one", bench.namespace, "merge", { metadata: { labels }, spec });
      const { status, ...after } = await moved(bench, v2, "one");
      deepStrictEqual(after.spec, spec);
      match(status?.helmChartVersion ?? "", /^2/);
    }),
);
