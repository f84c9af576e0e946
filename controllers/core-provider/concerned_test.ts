import { deepStrictEqual } from "node:assert/strict";
import type { KubeObject } from "../../lib/kube/mod.ts";
import type { CompositionDefinition } from "./api.ts";
import { concernedBy } from "./concerned.ts";

function definition(name: string, status: "True" | "False" | undefined, reason = "", resource?: string) {
  const conditions = status && [{ type: "Ready", status, reason, message: "", lastTransitionTime: "" }];
  return {
    apiVersion: "core.krateo.io/v1alpha1",
    kind: "CompositionDefinition",
    metadata: { name, namespace: "ns" },
    status: { ...(conditions && { conditions }), ...(resource && { resource }) },
  } as CompositionDefinition;
}

const DEFINITIONS = [
  definition("ready", "True", "Available", "others"),
  definition("own", "True", "Available", "widgets"),
  definition("own-failed", "False", "ChartUnavailable", "widgets"),
  definition("new", undefined),
  definition("waiting", "False", "Creating"),
  definition("refused", "False", "ReconcileError"),
  definition("no-chart", "False", "ChartInvalid"),
  definition("no-schema", "False", "SchemaInvalid"),
];

function crd(group: string): KubeObject {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "x" },
    spec: {
      group,
      names: { plural: "widgets" },
    },
  };
}

const TABLE = [
  ["composition.krateo.io", ["ns/own", "ns/own-failed", "ns/new", "ns/waiting", "ns/refused"]],
  ["example.org", []],
] as const;
for (const [group, keys] of TABLE) {
  Deno.test(`concernedBy() a CRD of ${group} wakes its own definitions and those that wait, never those whose chart is at fault`, () => {
    const triggers = concernedBy({ type: "applied", object: crd(group) }, DEFINITIONS);
    deepStrictEqual(triggers.map(({ key }) => key), keys);
  });
}
