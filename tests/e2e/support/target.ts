/** Clusters to test on, started for the purpose. */
import { join } from "node:path";
import { startApiServer } from "../../../lib/apiserver/mod.ts";
import { startControlPlane } from "../../../tools/control_plane.ts";

/** A cluster of one's own. */
export interface Target extends AsyncDisposable {
  /** Path of its administrator's kubeconfig. */
  readonly kubeconfig: string;
}

/** The embedded API server with simulated workloads, in this process. */
async function embedded(): Promise<Target> {
  const server = await startApiServer({ simulateWorkloads: true });
  const folder = await Deno.makeTempDir({ prefix: "kco-target-" });
  const kubeconfig = join(folder, "kubeconfig");
  await Deno.writeTextFile(kubeconfig, server.kubeconfig(), { mode: 0o600 });
  return {
    kubeconfig,
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function real(): Promise<Target> {
  const plane = await startControlPlane();
  return { kubeconfig: plane.kubeconfig, [Symbol.asyncDispose]: () => plane.close() };
}

const TARGETS: Readonly<Record<string, () => Promise<Target>>> = { embedded, real };

/** Starts one: `embedded` or `real`. */
export async function startTarget(name: string): Promise<Target> {
  const start = TARGETS[name];
  if (!start) throw new Error(`Cannot run on "${name}": use --target embedded or --target real`);
  return await start();
}
