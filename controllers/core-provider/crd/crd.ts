/** The CRD of a chart: one version for each chart version, and one that stores them all. */
import type { CompiledSchema, StructuralSchema } from "../../../lib/schema/mod.ts";
import { COMPOSITION_CATEGORIES, compositionNames } from "./names.ts";
import { STATUS_SCHEMA } from "./status_schema.ts";
import type { CrdVersion, CustomResourceDefinition } from "./types.ts";

/** The version that stores objects of every other version without knowing their fields. */
export const STORAGE_VERSION = "vacuum";

const READY = ".status.conditions[?(@.type=='Ready')]";
const COLUMNS: NonNullable<CrdVersion["additionalPrinterColumns"]> = [
  { name: "READY", type: "string", jsonPath: `${READY}.status` },
  { name: "SYNCED", type: "string", jsonPath: ".status.conditions[?(@.type=='Synced')].status" },
  {
    name: "VERSION",
    type: "string",
    jsonPath: ".status.helmChartVersion",
    description: "Version of the chart deployed",
  },
  { name: "AGE", type: "date", jsonPath: ".metadata.creationTimestamp" },
  { name: "RELEASE", type: "string", jsonPath: ".status.releaseName", priority: 10 },
  { name: "REVISION", type: "integer", jsonPath: ".status.revision", priority: 10 },
  { name: "MESSAGE", type: "string", jsonPath: `${READY}.message`, priority: 10 },
];

/** What a CRD is made of. */
export interface CrdInput {
  /** Name and version as in Chart.yaml. */
  readonly chart: { readonly name: string; readonly version: string; readonly description?: string };
  readonly schema: CompiledSchema;
}

/**
 * The CRD with the chart's version alone, served and stored.
 *
 * @throws {CrdError} when the chart's name or version gives no Kubernetes name.
 */
export function buildCrd(input: CrdInput): CustomResourceDefinition {
  const names = compositionNames(input.chart);
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: names.crdName },
    spec: {
      group: names.group,
      scope: "Namespaced",
      names: {
        kind: names.kind,
        listKind: names.listKind,
        plural: names.plural,
        singular: names.singular,
        categories: [...COMPOSITION_CATEGORIES],
      },
      conversion: { strategy: "None" },
      versions: [crdVersion(input)],
    },
  };
}

/** The chart's version, served and stored. */
export function crdVersion({ chart, schema }: CrdInput): CrdVersion {
  return {
    name: compositionNames(chart).version,
    served: true,
    storage: true,
    schema: {
      openAPIV3Schema: {
        type: "object",
        ...(chart.description === undefined ? {} : { description: chart.description }),
        ...(schema.specRequired ? { required: ["spec"] } : {}),
        properties: { ...OBJECT_PROPERTIES, spec: schema.spec, status: STATUS_SCHEMA },
      },
    },
    subresources: { status: {} },
    additionalPrinterColumns: COLUMNS,
  };
}

/**
 * The CRD with one more version; the same object where it has the version already: a version's schema never changes.
 *
 * From the second version on, objects are stored at `vacuum`, which nobody reads or writes and which knows no field, so
 * that no version loses what another one knows. Conversion stays `None`; no version is removed here.
 */
export function appendVersion(crd: CustomResourceDefinition, version: CrdVersion): CustomResourceDefinition {
  if (crd.spec.versions.some(({ name }) => name === version.name)) return crd;
  const others = crd.spec.versions.filter(({ name }) => name !== STORAGE_VERSION);
  const versions = [...others, version].map((known): CrdVersion => ({ ...known, storage: false }));
  return {
    ...crd,
    spec: { ...crd.spec, conversion: { strategy: "None" }, versions: [...versions, vacuum()] },
  };
}

const OBJECT_PROPERTIES: Readonly<Record<string, StructuralSchema>> = {
  apiVersion: { type: "string" },
  kind: { type: "string" },
  metadata: { type: "object" },
};

function vacuum(): CrdVersion {
  const open: StructuralSchema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    name: STORAGE_VERSION,
    served: false,
    storage: true,
    schema: {
      openAPIV3Schema: {
        type: "object",
        description: "Stores objects of all versions as they are",
        properties: { ...OBJECT_PROPERTIES, spec: open, status: open },
      },
    },
    subresources: { status: {} },
  };
}
