import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { KubeObject } from "../../lib/kube/mod.ts";
import { compileSchema } from "../../lib/schema/mod.ts";
import type { CompositionDefinition, DefinitionStatus } from "./api.ts";
import { compositionNames } from "./crd/mod.ts";
import { desiredCrd } from "./crd_state.ts";
import { type Blueprint, schemaVerdict, statusOf, type Verdict } from "./status.ts";

const READY: Verdict = { type: "Ready", status: "True", reason: "Available", message: "" };
const CHART = { url: "https://charts.example.org", repo: "app", insecureSkipVerifyTLS: true };

function blueprint(version: string, schemaText?: string): Blueprint {
  const metadata = { name: "app", version };
  const chart = { metadata, values: {}, templates: [], files: [], crds: [], dependencies: [] };
  return {
    names: compositionNames(metadata),
    loaded: { chart, digest: `sha256:${version}`, resolvedUrl: `https://charts.example.org/app-${version}.tgz` },
    compiled: compileSchema({ values: { a: 1 }, ...(schemaText === undefined ? {} : { schemaText }) }),
  };
}

function definition(status?: DefinitionStatus): CompositionDefinition {
  return {
    apiVersion: "core.krateo.io/v1alpha1",
    kind: "CompositionDefinition",
    metadata: { name: "app", namespace: "demo", generation: 2 },
    spec: { chart: { ...CHART, version: "^1.0.0" } },
    ...(status ? { status } : {}),
  };
}

/** `v1-0-0 served`, … of a status. */
function versions({ managed }: DefinitionStatus): string[] {
  return (managed?.versionInfo ?? []).map((v) => {
    return `${v.version}${v.served ? " served" : ""}${v.stored ? " stored" : ""} ${v.chart?.version}`;
  });
}

const V1 = blueprint("1.2.3");
const V2 = blueprint("2.0.0");
const CRD = desiredCrd(undefined, V1);

Deno.test("statusOf() tells of the kind, with the version that a range resolved to and the archive's own URL", () => {
  const { conditions, schema, ...status } = statusOf(definition(), V1, CRD, [READY]);
  deepStrictEqual(status, {
    observedGeneration: 2,
    kind: "App",
    resource: "apps",
    apiVersion: "composition.krateo.io/v1-2-3",
    packageUrl: "https://charts.example.org/app-1.2.3.tgz",
    digest: "sha256:1.2.3",
    managed: {
      group: "composition.krateo.io",
      kind: "App",
      versionInfo: [{ version: "v1-2-3", served: true, stored: true, chart: { ...CHART, version: "1.2.3" } }],
    },
  });
  strictEqual(conditions?.[0]?.observedGeneration, 2);
  strictEqual(schema?.origin, "inferred");
});

Deno.test("statusOf() keeps the versions of before, each with its own chart; never the one that only stores", () => {
  const first = statusOf(definition(), V1, CRD, [READY]);
  const both = statusOf(definition(first), V2, desiredCrd(CRD, V2), [READY]);
  deepStrictEqual(versions(both), ["v1-2-3 served 1.2.3", "v2-0-0 served 2.0.0"]);
  strictEqual(both.apiVersion, "composition.krateo.io/v2-0-0");
});

Deno.test("statusOf() leaves versions out that are of another definition, or that the CRD lost", () => {
  deepStrictEqual(versions(statusOf(definition(), V2, desiredCrd(CRD, V2), [READY])), ["v2-0-0 served 2.0.0"]);
  const first = statusOf(definition(), V1, CRD, [READY]);
  deepStrictEqual(versions(statusOf(definition(first), V2, desiredCrd(undefined, V2), [READY])), [
    "v2-0-0 served stored 2.0.0",
  ]);
});

/** What is at hand: a chart, and a CRD that is established. */
const UNKNOWN: readonly (readonly [string, Blueprint | undefined, KubeObject | undefined])[] = [
  ["the chart cannot be had", undefined, CRD],
  ["the CRD is not established", V2, undefined],
];
for (const [what, chart, crd] of UNKNOWN) {
  Deno.test(`statusOf() keeps what it says of the kind while ${what}`, () => {
    const before = statusOf(definition(), V1, CRD, [READY]);
    const { conditions, ...kept } = statusOf(definition(before), chart, crd, [{ ...READY, status: "False" }]);
    const { conditions: _before, ...was } = before;
    deepStrictEqual(kept, was);
    strictEqual(conditions?.[0]?.status, "False");
  });
}

/** The chart's schema, and what is said of it. */
const SCHEMAS: readonly (readonly [string, string | undefined, string, RegExp])[] = [
  ["none", undefined, "Inferred", /^The chart has no values\.schema\.json: types were inferred/],
  ["one that is enforced", '{"properties": {"a": {"type": "integer"}}}', "Enforced", /^$/],
  [
    "one with look-ahead",
    '{"properties": {"a": {"type": "string", "pattern": "(?=x)"}}}',
    "PartlyEnforced",
    /not by the API server: pattern at a$/,
  ],
];
for (const [what, schemaText, reason, message] of SCHEMAS) {
  Deno.test(`schemaVerdict() of a chart with ${what} is ${reason}`, () => {
    const verdict = schemaVerdict(blueprint("1.0.0", schemaText).compiled);
    deepStrictEqual([verdict.type, verdict.status, verdict.reason], ["Schema", "True", reason]);
    match(verdict.message, message);
  });
}
