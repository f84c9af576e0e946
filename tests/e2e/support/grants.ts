/** Rights that an administrator gives kco in addition to what `deploy/` ships. */
import type { Bench } from "./cluster.ts";
import { KCO } from "./service_account.ts";

const RBAC = "rbac.authorization.k8s.io";

/** Lets kco work on custom resources, as `deploy/rbac.yaml` says: by a labelled ClusterRole. The embedded server asks for no rights. */
export async function grantKind(bench: Bench, plural: string, group: string): Promise<void> {
  await bench.apply({
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRole",
    metadata: { name: `${bench.namespace}-${plural}`, labels: { "kco.krateo.io/chart-objects": "true" } },
    rules: [{ apiGroups: [group], resources: [plural], verbs: ["get", "list", "watch", "create", "patch", "delete"] }],
  });
}

/** Lets Patches act as a ServiceAccount of the bench's namespace, as `docs/reference/patch.md` says. */
export async function grantImpersonation(bench: Bench, serviceAccount: string): Promise<void> {
  const name = `kco-acts-as-${serviceAccount}`;
  await bench.apply({
    apiVersion: `${RBAC}/v1`,
    kind: "Role",
    metadata: { name },
    rules: [{
      apiGroups: [""],
      resources: ["serviceaccounts"],
      resourceNames: [serviceAccount],
      verbs: ["impersonate"],
    }],
  });
  await bench.apply({
    apiVersion: `${RBAC}/v1`,
    kind: "RoleBinding",
    metadata: { name },
    roleRef: { apiGroup: RBAC, kind: "Role", name },
    subjects: [{ kind: "ServiceAccount", ...KCO }],
  });
}
