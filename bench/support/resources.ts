/** Resources that benchmarks use without discovery. */
import type { ApiResource, KubeObject } from "../../lib/kube/mod.ts";

/** `v1 ConfigMap`. */
export const CONFIG_MAPS: ApiResource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};

/** `bench.krateo.io/v1 Thing`: {@linkcode THING_CRD}. */
export const THINGS: ApiResource = {
  group: "bench.krateo.io",
  version: "v1",
  kind: "Thing",
  plural: "things",
  namespaced: true,
};

/** The definition of {@linkcode THINGS}. */
export const THING_CRD: KubeObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "things.bench.krateo.io" },
  spec: {
    group: THINGS.group,
    scope: "Namespaced",
    names: { kind: THINGS.kind, plural: THINGS.plural, singular: "thing", listKind: "ThingList" },
    versions: [{
      name: THINGS.version,
      served: true,
      storage: true,
      subresources: { status: {} },
      schema: {
        openAPIV3Schema: {
          type: "object",
          properties: {
            spec: { type: "object", properties: { size: { type: "integer" } } },
            status: {
              type: "object",
              properties: { observedGeneration: { type: "integer" }, ready: { type: "boolean" } },
            },
          },
        },
      },
    }],
  },
};
