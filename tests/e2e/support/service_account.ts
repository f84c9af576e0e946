/** ServiceAccounts that a test works as, or has the product work as. */
import assert from "node:assert/strict";
import { detectContext, type KubeClient } from "../../../lib/kube/mod.ts";

/** A ServiceAccount. */
export interface ServiceAccount {
  readonly namespace: string;
  readonly name: string;
}

/** The one that `deploy/` runs kco as. */
export const KCO: ServiceAccount = { namespace: "krateo-system", name: "kco" };

/** The one that `deploy/eventsse` runs eventsse as. */
export const EVENTSSE: ServiceAccount = { namespace: "krateo-system", name: "kco-eventsse" };

/** The name by which the API server knows it. */
export function userOf({ namespace, name }: ServiceAccount): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/**
 * A token of it, as `kubectl create token` asks for it. Real servers only: the embedded one knows no tokens.
 *
 * @param seconds Until it ends; servers give no less than ten minutes.
 */
export async function tokenOf(
  client: KubeClient,
  { namespace, name }: ServiceAccount,
  seconds = 3_600,
): Promise<string> {
  const spec = { expirationSeconds: seconds };
  const answer = await client.transport.performRequest({
    method: "POST",
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    contentType: "application/json",
    bodyRaw: new TextEncoder().encode(
      JSON.stringify({ apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec }),
    ),
  });
  return (JSON.parse(new TextDecoder().decode(answer)) as { status: { token: string } }).status.token;
}

/** The administrator's kubeconfig with another's token. */
export async function kubeconfigWith(token: string, administrator: string): Promise<string> {
  const { token: his } = (await detectContext(administrator)).user;
  assert.ok(his !== undefined && his !== token);
  return (await Deno.readTextFile(administrator)).replaceAll(his, token);
}
