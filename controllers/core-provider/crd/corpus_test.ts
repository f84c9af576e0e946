import { deepEqual } from "node:assert/strict";
import { checkStructural } from "../../../lib/apiserver/schema/mod.ts";
import { loadArchive } from "../../../lib/helm/mod.ts";
import { compileSchema } from "../../../lib/schema/mod.ts";
import { buildCrd } from "./crd.ts";
import { schemaInputOf } from "./schema_input.ts";

const CORPUS = new URL("../../../../shared/corpus/", import.meta.url);
const present = await Deno.stat(CORPUS).then(() => true, () => false);

/** Charts with a schema of their own, and some without. */
async function charts(): Promise<string[]> {
  const listed: { chart: string }[] = JSON.parse(await Deno.readTextFile(new URL("schemas.json", CORPUS)));
  const more = ["charts/podinfo-6.14.1.tgz", "charts/ingress-nginx-4.15.1.tgz", "charts/argo-cd-11.0.2.tgz"];
  return [...listed.map(({ chart }) => chart), ...more];
}

Deno.test({ name: "buildCrd() makes a structural CRD of every real chart at hand", ignore: !present }, async () => {
  for (const path of await charts()) {
    const chart = await loadArchive(await Deno.readFile(new URL(path, CORPUS)));
    const crd = buildCrd({ chart: chart.metadata, schema: compileSchema(schemaInputOf(chart)) });
    deepEqual(checkStructural(crd.spec.versions[0]?.schema.openAPIV3Schema, ""), [], path);
  }
});
