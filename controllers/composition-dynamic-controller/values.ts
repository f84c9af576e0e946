/** From a composition to the values of its release and the labels of its children. */
import type { Values } from "../../lib/helm/mod.ts";
import { type ApiResource, type KubeObject } from "../../lib/kube/mod.ts";
import { CHILD_LABEL, type Composition } from "./api.ts";

/** What compositions of one kind have in common. */
export interface KindContext {
  readonly resource: ApiResource;
  /** Namespace of the product's own objects: `global.krateoNamespace`. */
  readonly krateoNamespace: string;
}

/** The keys that every release gets in `global`. All are strings, as charts written for the original expect. */
export function injectedGlobal(composition: Composition, kind: KindContext, gracefullyPaused: boolean): Values {
  return {
    compositionName: composition.metadata.name,
    compositionNamespace: composition.metadata.namespace ?? "",
    compositionId: composition.metadata.uid ?? "",
    compositionApiVersion: `${kind.resource.group}/${kind.resource.version}`,
    compositionGroup: kind.resource.group,
    compositionKind: kind.resource.kind,
    compositionResource: kind.resource.plural,
    compositionInstalledVersion: kind.resource.version,
    gracefullyPaused: String(gracefullyPaused),
    krateoNamespace: kind.krateoNamespace,
  };
}

/** The labels by which a child is known to belong to a composition. */
export function childLabels(composition: KubeObject, kind: KindContext): Record<string, string> {
  return {
    [CHILD_LABEL.id]: composition.metadata.uid ?? "",
    [CHILD_LABEL.name]: composition.metadata.name,
    [CHILD_LABEL.namespace]: composition.metadata.namespace ?? "",
    [CHILD_LABEL.group]: kind.resource.group,
    [CHILD_LABEL.kind]: kind.resource.kind,
    [CHILD_LABEL.resource]: kind.resource.plural,
    [CHILD_LABEL.installedVersion]: kind.resource.version,
    [CHILD_LABEL.krateoNamespace]: kind.krateoNamespace,
  };
}
