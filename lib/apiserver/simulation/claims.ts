/** Simulated PersistentVolumeClaims: bound to a volume that is only a name. */
import type { KubeObject } from "../../kube/mod.ts";
import { type Cluster, field } from "./cluster.ts";

export const CLAIMS = "/persistentvolumeclaims";

/** Takes a claim one step further. */
export function simulateClaim(cluster: Cluster, claim: KubeObject): void {
  const { name, namespace, uid, deletionTimestamp } = claim.metadata;
  if (deletionTimestamp !== undefined || field(claim, "status").phase === "Bound") return;
  cluster.later(`claim ${uid}`, cluster.delay, () => {
    const current = cluster.get(CLAIMS, namespace, name);
    if (current === undefined || current.metadata.uid !== uid) return;
    const spec = field(current, "spec");
    if (spec.volumeName === undefined) {
      cluster.update(CLAIMS, current, (copy) => {
        copy.spec = { ...field(copy, "spec"), volumeName: `simulated-${uid}` };
      });
    }
    const { storage } = field(field(spec, "resources"), "requests");
    cluster.setStatus(CLAIMS, current, {
      phase: "Bound",
      accessModes: spec.accessModes,
      ...(storage === undefined ? {} : { capacity: { storage } }),
    });
    cluster.event(current, "Normal", "ProvisioningSucceeded", `Bound claim ${name} to a volume that does not exist`);
  });
}
