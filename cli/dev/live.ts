/** What is live: a table of a composition's children and their health. */
import type { Composition } from "../../controllers/composition-dynamic-controller/mod.ts";
import { type KubeClient, type KubeObject } from "../../lib/kube/mod.ts";
import { health } from "../../lib/release/mod.ts";
import { table } from "./milestones.ts";

/** Lines of the table. */
export async function liveTable(client: KubeClient, composition: Composition): Promise<string[]> {
  const rows = [["KIND", "NAMESPACE", "NAME", "HEALTH"]];
  rows.push([composition.kind, composition.metadata.namespace ?? "", composition.metadata.name, "Ready"]);
  const resources = await client.discovery.resources();
  for (const { apiVersion, resource, name, namespace } of composition.status?.managed ?? []) {
    const known = resources.find((r) =>
      `${r.group ? `${r.group}/` : ""}${r.version}` === apiVersion && r.plural === resource
    );
    const live = known && await client.find<KubeObject>(known, name, namespace || undefined);
    rows.push([`  ${known?.kind ?? resource}`, namespace, name, live ? health(live).status : "missing"]);
  }
  return table(rows);
}
