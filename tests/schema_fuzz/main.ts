/**
 * Does the API server say what Helm says? Generated values documents, judged by both.
 *
 *     deno task schema-fuzz CHART.tgz … [--documents 500] [--seed 1] [--schema FILE] [--verbose]
 *       [--server embedded|real|URL] [--token TOKEN] [--ca FILE] [--oracle PROGRAM]
 *
 * Helm is the helm binary of `tools/`, unless `--oracle` names a faster program that reads `{chart, values}` lines and
 * answers `{ok, error, values}` lines.
 */
import { parseArgs } from "node:util";
import { buildCrd, schemaInputOf } from "../../controllers/core-provider/crd/mod.ts";
import { schemaEngine } from "../../lib/apiserver/schema/mod.ts";
import { type Chart, loadArchive } from "../../lib/helm/mod.ts";
import { compileSchema, SchemaError } from "../../lib/schema/mod.ts";
import { binaryPath } from "../../tools/binaries.ts";
import { startControlPlane } from "../../tools/control_plane.ts";
import { type Document, Documents, seeded } from "./documents.ts";
import { apiServer, embedded, helmBinary, helmProgram, type Judge } from "./judges.ts";

const { values: options, positionals: charts } = parseArgs({
  allowPositionals: true,
  options: {
    documents: { type: "string", default: "500" },
    seed: { type: "string", default: "1" },
    schema: { type: "string" },
    server: { type: "string", default: "embedded" },
    token: { type: "string", default: "" },
    ca: { type: "string" },
    oracle: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});

interface Finding {
  readonly document: Document;
  readonly why: string;
}

const size = ({ document }: Finding): number => JSON.stringify(document).length;

/** Text that does not depend on the order of keys. */
function canonical(value: unknown): string {
  return JSON.stringify(
    value,
    (_, child) =>
      typeof child === "object" && child !== null && !Array.isArray(child)
        ? Object.fromEntries(Object.entries(child).toSorted(([a], [b]) => a < b ? -1 : 1))
        : child,
  ) ?? "";
}

/** A schema that holds the chart's and its subcharts', for making documents. */
function wholeSchema(chart: Chart): Record<string, unknown> {
  const own = chart.schemaText === undefined ? {} : JSON.parse(chart.schemaText);
  const subs = chart.dependencies.map((sub) => [sub.metadata.name, wholeSchema(sub)]);
  return { ...own, properties: { ...own.properties, ...Object.fromEntries(subs) } };
}

async function fuzz(chart: Chart, path: string, server: (crd: ReturnType<typeof buildCrd>) => Promise<Judge>) {
  const schema = compileSchema(schemaInputOf(chart));
  const crd = buildCrd({ chart: chart.metadata, schema });
  const api = await server(crd);
  const helm = options.oracle === undefined
    ? helmBinary(await binaryPath("helm"), path)
    : helmProgram(options.oracle, path);
  const found: Record<"wrongly accepted" | "wrongly refused" | "changed render" | "shifted by a default", Finding[]> = {
    "wrongly accepted": [],
    "wrongly refused": [],
    "changed render": [],
    "shifted by a default": [],
  };
  const documents = new Documents(wholeSchema(chart), chart.values, seeded(Number(options.seed)));
  let right = 0, unknown = 0, unusable = 0;
  for (let count = 0; count < Number(options.documents); count++) {
    const document = documents.next();
    const [byHelm, byServer] = [await helm.judge(document), await api.judge(document)];
    if (byHelm.accepted) right++;
    if (byHelm.accepted && !byServer.accepted) {
      // Strict validation refuses unknown fields where Helm tolerates them; that is wanted.
      if (/unknown field/.test(byServer.reason)) unknown++;
      // No schema of Helm's stops it, but then a template fails.
      else if (byHelm.outcome === undefined) unusable++;
      else found["wrongly refused"].push({ document, why: byServer.reason });
    }
    if (!byHelm.accepted && byServer.accepted) found["wrongly accepted"].push({ document, why: byHelm.reason });
    if (!byHelm.accepted || !byServer.accepted) continue;
    const stored = byServer.outcome as Document;
    if (canonical(stored) === canonical(document)) continue;
    const again = await helm.judge(stored);
    if (canonical(again.outcome) === canonical(byHelm.outcome)) continue;
    const filled = { spec: structuredClone(document) };
    schemaEngine.applyDefaults({ type: "object", properties: { spec: schema.spec } }, filled);
    const why = again.accepted ? `stored ${JSON.stringify(stored)}` : `Helm refuses what is stored: ${again.reason}`;
    const byDefault = again.accepted && canonical(filled.spec) === canonical(stored);
    found[byDefault ? "shifted by a default" : "changed render"].push({ document, why });
  }
  await helm.close();
  await api.close();
  const counts = Object.entries(found).map(([name, list]) => `${name} ${list.length}`).join(", ");
  console.log(
    `${chart.metadata.name}: ${options.documents} documents, ${right} right by Helm: ${counts}, unknown fields refused ${unknown}, ` +
      `refused where a template fails ${unusable}`,
  );
  for (const [name, list] of Object.entries(found)) {
    const shown = options.verbose ? 8 : 2;
    for (const finding of list.toSorted((a, b) => size(a) - size(b)).slice(0, name.startsWith("shifted") ? 1 : shown)) {
      console.log(
        `  ${name}: ${JSON.stringify(finding.document).slice(0, 400)}\n    ${finding.why.trim().slice(0, 400)}`,
      );
    }
  }
}

async function serverOf(): Promise<{ judge: Parameters<typeof fuzz>[2]; close: () => Promise<void> }> {
  const { server, token, ca } = options;
  if (server === "embedded") return { judge: (crd) => Promise.resolve(embedded(crd)), close: () => Promise.resolve() };
  if (server !== "real") {
    const caCert = ca === undefined ? undefined : await Deno.readTextFile(ca);
    return { judge: (crd) => apiServer(server, token, caCert, crd), close: () => Promise.resolve() };
  }
  const plane = await startControlPlane();
  return { judge: (crd) => apiServer(plane.url, plane.token, plane.caCert, crd), close: () => plane.close() };
}

if (import.meta.main) {
  const { judge, close } = await serverOf();
  try {
    for (const path of charts) {
      const chart = await loadArchive(await Deno.readFile(path));
      const given = options.schema === undefined
        ? chart
        : { ...chart, schemaText: await Deno.readTextFile(options.schema) };
      try {
        await fuzz(given, path, judge);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        console.log(
          `${chart.metadata.name}: ${error instanceof SchemaError ? "no schema" : "ERROR"}: ${error.message}`,
        );
      }
    }
  } finally {
    await close();
  }
}
