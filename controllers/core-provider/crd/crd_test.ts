import { deepEqual, equal } from "node:assert/strict";
import { checkStructural } from "../../../lib/apiserver/schema/mod.ts";
import type { Chart } from "../../../lib/helm/mod.ts";
import { compileSchema } from "../../../lib/schema/mod.ts";
import { appendVersion, buildCrd, crdVersion, STORAGE_VERSION } from "./crd.ts";
import { schemaInputOf } from "./schema_input.ts";

const input = (version: string, schemaText = '{"properties": {"a": {"type": "string"}}}') => ({
  chart: { name: "podinfo", version },
  schema: compileSchema({ schemaText, values: {} }),
});
const shape = (crd: ReturnType<typeof buildCrd>) =>
  crd.spec.versions.map(({ name, served, storage }) => `${name}${served ? " served" : ""}${storage ? " stored" : ""}`);

Deno.test("buildCrd() makes one version, served and stored, with status, columns and categories", () => {
  const crd = buildCrd(input("6.0.0"));
  equal(crd.metadata.name, "podinfoes.composition.krateo.io");
  deepEqual(shape(crd), ["v6-0-0 served stored"]);
  deepEqual(crd.spec.names.categories, ["compositions", "comps"]);
  deepEqual(crd.spec.conversion, { strategy: "None" });
  const [version] = crd.spec.versions;
  deepEqual(version?.subresources, { status: {} });
  const first = version?.additionalPrinterColumns?.filter(({ priority = 0 }) => priority === 0).map(({ name }) => name);
  deepEqual(first, ["READY", "SYNCED", "VERSION", "AGE"]);
  deepEqual(checkStructural(version?.schema.openAPIV3Schema, ""), []);
});

Deno.test("buildCrd() asks for spec where the chart does", () => {
  const required = (text: string) => buildCrd(input("1.0.0", text)).spec.versions[0]?.schema.openAPIV3Schema.required;
  deepEqual(required('{"required": ["a"]}'), ["spec"]);
  equal(required("{}"), undefined);
});

Deno.test("appendVersion() stores at a version of its own from the second one on, and changes no version that is there", () => {
  const first = buildCrd(input("1.0.0"));
  const second = appendVersion(first, crdVersion(input("1.1.0")));
  deepEqual(shape(second), ["v1-0-0 served", "v1-1-0 served", `${STORAGE_VERSION} stored`]);
  equal(appendVersion(second, crdVersion(input("1.1.0", "{}"))), second);
  const third = appendVersion(second, crdVersion(input("1.2.0")));
  deepEqual(shape(third), ["v1-0-0 served", "v1-1-0 served", "v1-2-0 served", `${STORAGE_VERSION} stored`]);
  deepEqual(shape(first), ["v1-0-0 served stored"], "the given object stays as it was");
  deepEqual(checkStructural(third.spec.versions.at(-1)?.schema.openAPIV3Schema, ""), []);
});

const chart = (metadata: Chart["metadata"], dependencies: Chart[] = []): Chart => ({
  metadata,
  values: { [metadata.name]: 1 },
  templates: [],
  files: [],
  crds: [],
  dependencies,
});

Deno.test("schemaInputOf() puts subcharts below the names that the parent gives them", () => {
  const db = chart({ name: "db", version: "1.0.0" }), extra = chart({ name: "extra", version: "1.0.0" });
  const dependencies = [{ name: "db", alias: "main", condition: "main.enabled" }, { name: "db", tags: ["t"] }];
  const { subcharts } = schemaInputOf(chart({ name: "app", version: "1.0.0", dependencies }, [db, extra]));
  deepEqual(subcharts?.map(({ name, condition, tags }) => [name, condition, tags]), [
    ["main", "main.enabled", undefined],
    ["db", undefined, ["t"]],
    ["extra", undefined, undefined],
  ]);
});
