/** Permissive CRDs for kinds that a chart uses and the embedded server lacks. */
import { pluralize } from "../../controllers/core-provider/mod.ts";
import { type KubeClient, type KubeObject, parseApiVersion } from "../../lib/kube/mod.ts";
import type { MissingKind } from "../../lib/release/mod.ts";
import { applyOne, established } from "../install.ts";

/** Registers a namespaced kind that takes anything, and waits until it is served. */
export async function stubKind(client: KubeClient, { apiVersion, kind }: MissingKind): Promise<string> {
  const { group, version } = parseApiVersion(apiVersion);
  const plural = pluralize(kind).toLowerCase();
  const name = `${plural}.${group}`;
  const anything = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  const crd: KubeObject = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name, labels: { "kco.krateo.io/stub": "true" } },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: anything } }],
    },
  };
  await applyOne(client, crd);
  await established(client, name);
  return name;
}
