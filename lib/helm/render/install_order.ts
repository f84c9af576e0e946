/** Kinds in the order in which Helm 4 installs them; others come last, by name. */
const INSTALL_ORDER: readonly string[] = [
  "PriorityClass",
  "Namespace",
  "NetworkPolicy",
  "ResourceQuota",
  "LimitRange",
  "PodSecurityPolicy",
  "PodDisruptionBudget",
  "ServiceAccount",
  "Secret",
  "SecretList",
  "ConfigMap",
  "StorageClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "CustomResourceDefinition",
  "ClusterRole",
  "ClusterRoleList",
  "ClusterRoleBinding",
  "ClusterRoleBindingList",
  "Role",
  "RoleList",
  "RoleBinding",
  "RoleBindingList",
  "Service",
  "DaemonSet",
  "Pod",
  "ReplicationController",
  "ReplicaSet",
  "Deployment",
  "HorizontalPodAutoscaler",
  "StatefulSet",
  "Job",
  "CronJob",
  "IngressClass",
  "Ingress",
  "APIService",
  "MutatingWebhookConfiguration",
  "ValidatingWebhookConfiguration",
];
const RANK: ReadonlyMap<string, number> = new Map(INSTALL_ORDER.map((kind, rank) => [kind, rank]));

/**
 * Kinds in the order in which Helm 4 uninstalls them. Not the install order turned around: a DaemonSet, for one, goes
 * after the pods' controllers.
 */
export const UNINSTALL_ORDER: readonly string[] = [
  "ValidatingWebhookConfiguration",
  "MutatingWebhookConfiguration",
  "APIService",
  "Ingress",
  "IngressClass",
  "Service",
  ...INSTALL_ORDER.slice(24, 33).toReversed(),
  ...INSTALL_ORDER.slice(15, 23).toReversed(),
  ...INSTALL_ORDER.slice(0, 15).toReversed(),
];
const UNINSTALL_RANK: ReadonlyMap<string, number> = new Map(UNINSTALL_ORDER.map((kind, rank) => [kind, rank]));

/** Compares kinds for installation. */
export function compareInstallOrder(a: string, b: string): number {
  return compareByRank(a, b, RANK);
}

/** Compares kinds for removal. */
export function compareUninstallOrder(a: string, b: string): number {
  return compareByRank(a, b, UNINSTALL_RANK);
}

function compareByRank(a: string, b: string, ranks: ReadonlyMap<string, number>): number {
  const [first, second] = [ranks.get(a), ranks.get(b)];
  if (first !== undefined && second !== undefined) return first - second;
  if (first === undefined && second === undefined) return a < b ? -1 : a > b ? 1 : 0;
  return first === undefined ? 1 : -1;
}
