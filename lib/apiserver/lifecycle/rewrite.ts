/** How the server's own controllers write: straight to the store, past validation and admission. */
import type { KubeObject } from "../../kube/mod.ts";
import type { Core } from "../core.ts";
import { cloneJson, equalJson } from "../json_value.ts";
import { deleteObject } from "../rest/delete.ts";
import type { WriteOptions } from "../rest/options.ts";
import { storeUpdated } from "../rest/write.ts";
import type { ServedKind } from "../registry.ts";
import type { Entry } from "../storage/mod.ts";

/** Changes an object as it is stored; nothing is written when `change` changes nothing. */
export function rewrite(core: Core, resource: string, entry: Entry, change: (object: KubeObject) => void): void {
  const object = cloneJson(entry.object);
  change(object);
  if (!equalJson(object, entry.object)) storeUpdated(core, resource, entry, object);
}

/** Options of a write that the server does by itself. */
export function systemOptions(manager: string): WriteOptions {
  const user = {
    name: `system:serviceaccount:kube-system:${manager}`,
    groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
  };
  return { manager, dryRun: false, validation: "Ignore", user, warnings: [] };
}

/** Deletes an object as a controller would. */
export function deleteAsController(
  core: Core,
  served: ServedKind,
  entry: Entry,
  manager: string,
  propagation: "Background" | "Foreground" = "Background",
): void {
  const { storageVersion: version } = served;
  const { namespace, name } = entry;
  deleteObject(
    core,
    { served, version, namespace, name, subresource: undefined, rest: "" },
    entry,
    { propagation, gracePeriod: 0, uid: undefined, resourceVersion: undefined, dryRun: false },
    systemOptions(manager),
  );
}
