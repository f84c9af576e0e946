/** Clusters to test on, started for the purpose. */
import { join } from "node:path";
import { startApiServer } from "../../../lib/apiserver/mod.ts";
import { startControlPlane } from "../../../tools/control_plane.ts";

/** A cluster of one's own. */
export interface Target extends AsyncDisposable {
  /** Path of its administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** Path of the record of what `auditOf` asked for; `undefined` where the server keeps none. */
  readonly audit: string | undefined;
}

/** The embedded API server with simulated workloads, in this process. */
async function embedded(): Promise<Target> {
  const server = await startApiServer({ simulateWorkloads: true });
  const folder = await Deno.makeTempDir({ prefix: "kco-target-" });
  const kubeconfig = join(folder, "kubeconfig");
  await Deno.writeTextFile(kubeconfig, server.kubeconfig(), { mode: 0o600 });
  return {
    kubeconfig,
    audit: undefined,
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function real(auditOf: readonly string[]): Promise<Target> {
  const plane = await startControlPlane({ auditOf });
  return {
    kubeconfig: plane.kubeconfig,
    audit: auditOf.length === 0 ? undefined : join(plane.logs, "audit.log"),
    [Symbol.asyncDispose]: () => plane.close(),
  };
}

const TARGETS: Readonly<Record<string, (auditOf: readonly string[]) => Promise<Target>>> = { embedded, real };

/**
 * Starts one: `embedded` or `real`.
 *
 * @param auditOf Users whose requests the real one records.
 */
export async function startTarget(name: string, auditOf: readonly string[] = []): Promise<Target> {
  const start = TARGETS[name];
  if (!start) throw new Error(`Cannot run on "${name}": use --target embedded or --target real`);
  return await start(auditOf);
}
