/** What a cluster needs to run an operator: an account, the least rights, a Deployment. */
import type { ApiResource, KubeObject } from "../../kube/mod.ts";
import type { DeployOptions } from "./types.ts";

/** Name of everything that belongs to the process of an operator. */
export function operatorName({ kind }: ApiResource): string {
  return `${kind.toLowerCase()}-operator`;
}

const NAMESPACE = "krateo-system";
const RBAC = "rbac.authorization.k8s.io";

/**
 * ServiceAccount, ClusterRole and Role with their bindings.
 *
 * @param secrets Whether the operator reads Secrets. They may be anywhere, so the rule holds in all namespaces: narrow it by a Role of
 * your own where objects may use the Secrets of some namespaces only.
 */
export function rbacOf(resource: ApiResource, secrets: boolean, options: DeployOptions = {}): KubeObject[] {
  const { group, plural } = resource;
  const name = operatorName(resource);
  const { namespace = NAMESPACE } = options;
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  const rules = [
    { apiGroups: [group], resources: [plural], verbs: ["get", "list", "watch", "patch"] },
    { apiGroups: [group], resources: [`${plural}/status`], verbs: ["patch"] },
    // Finalizers of an object that the garbage collector deletes with its owner.
    { apiGroups: [group], resources: [`${plural}/finalizers`], verbs: ["update"] },
    { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: ["create", "patch"] },
    ...(secrets ? [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] }] : []),
  ];
  const leases = { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] };
  const binding = (kind: "ClusterRole" | "Role", metadata: KubeObject["metadata"]): KubeObject => ({
    apiVersion: `${RBAC}/v1`,
    kind: `${kind}Binding`,
    metadata,
    roleRef: { apiGroup: RBAC, kind, name },
    subjects,
  });
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } },
    { apiVersion: `${RBAC}/v1`, kind: "ClusterRole", metadata: { name }, rules },
    binding("ClusterRole", { name }),
    { apiVersion: `${RBAC}/v1`, kind: "Role", metadata: { name, namespace }, rules: [leases] },
    binding("Role", { name, namespace }),
  ];
}

/** The Deployment that runs an operator's image; two replicas, of which one leads. */
export function deploymentOf(resource: ApiResource, image: string, options: DeployOptions = {}): KubeObject {
  const name = operatorName(resource);
  const { namespace = NAMESPACE } = options;
  const labels = { "app.kubernetes.io/name": name };
  const probe = (path: string) => ({ httpGet: { path, port: "http" }, periodSeconds: 10 });
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          // Longer than the 25 s that work at hand is given when the process is told to stop.
          terminationGracePeriodSeconds: 30,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          containers: [{
            name: "operator",
            image,
            args: ["--leader-elect"],
            env: [
              { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
              { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
            ],
            ports: [{ name: "http", containerPort: 8080 }],
            livenessProbe: probe("/livez"),
            readinessProbe: probe("/readyz"),
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ["ALL"] },
              readOnlyRootFilesystem: true,
            },
            resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { memory: "256Mi" } },
          }],
        },
      },
    },
  };
}
