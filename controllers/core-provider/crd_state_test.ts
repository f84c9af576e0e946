import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import type { KubeObject } from "../../lib/kube/mod.ts";
import { compileSchema } from "../../lib/schema/mod.ts";
import { compositionNames, type CustomResourceDefinition } from "./crd/mod.ts";
import { crdState, desiredCrd } from "./crd_state.ts";
import type { CrdState } from "./decide.ts";
import type { Blueprint } from "./status.ts";

function blueprint(version: string, name = "app"): Blueprint {
  const metadata = { name, version };
  const chart = { metadata, values: {}, templates: [], files: [], crds: [], dependencies: [] };
  return {
    names: compositionNames(metadata),
    loaded: { chart, digest: `sha256:${version}`, resolvedUrl: "" },
    compiled: compileSchema({ values: { a: 1 } }),
  };
}

const V1 = blueprint("1.0.0");
const V2 = blueprint("2.0.0");
const CRD = desiredCrd(undefined, V1);

function live(metadata: Record<string, unknown>, ...conditions: string[]): KubeObject {
  const status = { conditions: conditions.map((type) => ({ type, status: "True" })) };
  return { ...CRD, metadata: { ...CRD.metadata, ...metadata }, status };
}

function unserved(crd: KubeObject): KubeObject {
  const { spec } = crd as CustomResourceDefinition;
  return { ...crd, spec: { ...spec, versions: spec.versions.map((v) => ({ ...v, served: false })) } };
}

const STATES: readonly (readonly [string, KubeObject | undefined, Blueprint | undefined, CrdState])[] = [
  ["none", undefined, V1, "outdated"],
  ["one with the version, not yet established", live({}), V1, "pending"],
  ["one with the version, established", live({}, "Established"), V1, "established"],
  ["one without the version", live({}, "Established"), V2, "outdated"],
  ["one that does not serve the version", unserved(live({}, "Established")), V1, "outdated"],
  ["one that is going", live({ deletionTimestamp: "2026-01-01T00:00:00Z" }, "Established"), V1, "terminating"],
  ["one whose version does not matter", live({}, "Established"), undefined, "established"],
];
for (const [what, crd, wanted, state] of STATES) {
  Deno.test(`crdState() of ${what} is ${state}`, () => strictEqual(crdState(crd, wanted), state));
}

function versions(crd: KubeObject): string[] {
  return (crd as CustomResourceDefinition).spec.versions.map((v) => {
    return `${v.name}${v.served ? " served" : ""}${v.storage ? " stored" : ""}`;
  });
}

Deno.test("desiredCrd() makes a CRD, and appends a version to one that is there", () => {
  deepStrictEqual(versions(CRD), ["v1-0-0 served stored"]);
  const both = desiredCrd(live({ resourceVersion: "7" }), V2);
  deepStrictEqual(versions(both), ["v1-0-0 served", "v2-0-0 served", "vacuum stored"]);
  strictEqual(both.metadata.resourceVersion, "7");
});

Deno.test("desiredCrd() is never outdated itself, whatever is there: else it would be written for ever", () => {
  for (const [, crd] of STATES) {
    for (const wanted of [V1, V2]) {
      const desired = desiredCrd(crd, wanted);
      const { deletionTimestamp: _gone, ...metadata } = desired.metadata;
      strictEqual(crdState({ ...desired, metadata }, wanted) === "outdated", false);
    }
  }
});

Deno.test("desiredCrd() refuses a CRD of the name that has another kind", () => {
  const { spec } = CRD as CustomResourceDefinition;
  const foreign = { ...CRD, spec: { ...spec, names: { ...spec.names, kind: "Other" } } };
  throws(
    () => desiredCrd(foreign, V2),
    { reason: "KindConflict", message: /its kind is Other, the chart's is App: rename the chart/ },
  );
});
