/** Installing what the controllers need on a cluster: CRDs and admission policies. */
import { DEFINITION_CRD, POLICIES } from "../controllers/core-provider/mod.ts";
import { REGISTRATION_CRD } from "../controllers/eventrouter/mod.ts";
import { NAMESPACED_PATCH_CRD, PATCH_CRD, PATCH_POLICIES } from "../controllers/patch-provider/mod.ts";
import { filter, firstValueFrom, map } from "../lib/deps/rxjs.ts";
import type { ApiResource, Condition, KubeClient, KubeObject } from "../lib/kube/mod.ts";
import { isTrue } from "../lib/provider-runtime/mod.ts";
import { CliError } from "./errors.ts";

const CRDS: ApiResource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};

/** The product's own kinds. */
const OWN_CRDS: readonly KubeObject[] = [DEFINITION_CRD, PATCH_CRD, NAMESPACED_PATCH_CRD, REGISTRATION_CRD];

/** All objects that are installed, in order. */
export const INSTALLED: readonly KubeObject[] = [...OWN_CRDS, ...POLICIES, ...PATCH_POLICIES];

/** Applies the product's CRDs and policies and waits until the CRDs are established. */
export async function install(client: KubeClient): Promise<void> {
  for (const object of INSTALLED) await applyOne(client, object);
  await Promise.all(OWN_CRDS.map((crd) => established(client, crd.metadata.name)));
  client.discovery.invalidate();
}

/** Applies an object of any served kind under the product's field manager. */
export async function applyOne(client: KubeClient, object: KubeObject): Promise<KubeObject> {
  const resource = await client.discovery.resourceFor(object.apiVersion, object.kind);
  if (!resource) {
    throw new CliError(
      "KindNotServed",
      `Cannot apply ${object.kind} "${object.metadata.name}": the server does not serve ${object.apiVersion}: install its CRD first`,
    );
  }
  return await client.apply(resource, object, { force: true });
}

/** Resolves once a CRD is established. */
export async function established(client: KubeClient, name: string): Promise<void> {
  await firstValueFrom(
    client.watch<KubeObject>(CRDS, { fieldSelector: `metadata.name=${name}` }).pipe(
      map((change) => change.type === "applied" ? change.object["status"] as { conditions?: Condition[] } : undefined),
      filter((status) => isTrue(status?.conditions, "Established")),
    ),
  );
}
