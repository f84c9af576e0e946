/** The CustomResourceDefinition of a chart, as far as we write and read it. */
import type { KubeObject } from "../../../lib/kube/mod.ts";
import type { StructuralSchema } from "../../../lib/schema/mod.ts";

/** One version of a CRD. */
export interface CrdVersion {
  name: string;
  served: boolean;
  storage: boolean;
  schema: { openAPIV3Schema: StructuralSchema };
  subresources?: { status?: Record<string, never> };
  additionalPrinterColumns?: {
    name: string;
    type: "string" | "integer" | "date";
    jsonPath: string;
    description?: string;
    priority?: number;
  }[];
}

/** `apiextensions.k8s.io/v1` CustomResourceDefinition. */
export interface CustomResourceDefinition extends KubeObject {
  apiVersion: "apiextensions.k8s.io/v1";
  kind: "CustomResourceDefinition";
  spec: {
    group: string;
    scope: "Namespaced" | "Cluster";
    names: {
      kind: string;
      listKind?: string;
      plural: string;
      singular?: string;
      categories?: string[];
      shortNames?: string[];
    };
    versions: CrdVersion[];
    conversion?: { strategy: string; webhook?: unknown };
  };
  status?: {
    storedVersions?: string[];
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
  };
}
