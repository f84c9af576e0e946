import { deepEqual } from "node:assert/strict";
import type { Chart } from "../../../lib/helm/mod.ts";
import { schemaInputOf } from "./schema_input.ts";

const chart = (name: string, more: Partial<Chart>): Chart => ({
  metadata: { apiVersion: "v2", name, version: "1.0.0" },
  values: {},
  templates: [],
  files: [],
  crds: [],
  dependencies: [],
  ...more,
});

Deno.test("schemaInputOf() counts what import-values brings up among the chart's own values", () => {
  const db = chart("db", { values: { port: 1, exports: { net: { host: "h" } } } });
  const metadata = (imports: unknown[]): Chart["metadata"] => ({
    apiVersion: "v2",
    name: "web",
    version: "1.0.0",
    dependencies: [{ name: "db", version: "1.0.0", "import-values": imports }],
  });
  const web = (imports: unknown[]) =>
    schemaInputOf(chart("web", { values: { a: 1 }, dependencies: [db], metadata: metadata(imports) })).values;
  deepEqual(web([]), { a: 1 });
  deepEqual(web(["net"]), { a: 1, host: "h" });
  deepEqual(web([{ child: "exports.net", parent: "network" }]), { a: 1, network: { host: "h" } });
});
