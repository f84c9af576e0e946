/** The kinds that scenes are set with: those that every server has, and `Thing`, which a scene brings along. */
import {
  type ApiResource,
  apiVersionOf,
  type KubeClient,
  type KubeObject,
  type ObjectMeta,
} from "../../lib/kube/mod.ts";
import type { Conditioned } from "../../lib/provider-runtime/mod.ts";
import { until } from "./until.ts";

/** ConfigMaps. */
export const CONFIG_MAPS: ApiResource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};

/** Namespaces. */
export const NAMESPACES: ApiResource = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  namespaced: false,
};

/** Definitions of kinds. */
export const CRDS: ApiResource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};

/** `example.org/v1 Thing`: an object that stands for something elsewhere. No server has it before {@linkcode defineKind}. */
export const THINGS: ApiResource = {
  group: "example.org",
  version: "v1",
  kind: "Thing",
  plural: "things",
  namespaced: true,
};

/** A Thing, in namespace `default` unless told another. */
export function thing(metadata: ObjectMeta, spec: Readonly<Record<string, unknown>> = {}): Conditioned {
  return {
    apiVersion: apiVersionOf(THINGS),
    kind: THINGS.kind,
    metadata: { namespace: "default", ...metadata },
    spec,
  };
}

/** The definition of a kind with a status subresource, that takes any `spec` and any `status`. */
export function definitionOf({ group, version, kind, plural, namespaced }: ApiResource): KubeObject {
  const any = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: apiVersionOf(CRDS),
    kind: CRDS.kind,
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: namespaced ? "Namespaced" : "Cluster",
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions: [{
        name: version,
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: "object", properties: { spec: any, status: any } } },
      }],
    },
  };
}

/** Creates the definition of a kind, and waits until the client finds the kind. */
export async function defineKind(
  client: KubeClient,
  resource: ApiResource,
  definition: KubeObject = definitionOf(resource),
): Promise<void> {
  await client.create(CRDS, definition);
  const found = () => client.discovery.resourceFor(apiVersionOf(resource), resource.kind);
  await until(async () => await found() !== undefined, `${resource.kind} is served`);
}

/** Deletes the definition of a kind, and with it its objects. */
export async function removeKind(client: KubeClient, { plural, group }: ApiResource): Promise<void> {
  await client.delete(CRDS, `${plural}.${group}`);
}
