/**
 * Runs a command against a real control plane that lives as long as the command.
 *
 *     deno run -A tools/with_control_plane.ts deno test -A tests/contract
 *
 * The command finds the administrator's kubeconfig in `KUBECONFIG` and `KCO_TEST_KUBECONFIG`, and `KCO_TEST_TARGET=real`.
 */
import { startControlPlane } from "./control_plane.ts";

const [command, ...args] = Deno.args;
if (command === undefined) {
  console.error("Usage: deno run -A tools/with_control_plane.ts COMMAND [ARGUMENT …]");
  Deno.exit(2);
}
const plane = await startControlPlane({ onProgress: (message) => console.error(message) });
let code = 1;
try {
  const env = { KUBECONFIG: plane.kubeconfig, KCO_TEST_KUBECONFIG: plane.kubeconfig, KCO_TEST_TARGET: "real" };
  // This very Deno, which need not be on the PATH.
  const program = command === "deno" ? Deno.execPath() : command;
  const process = new Deno.Command(program, { args, env }).spawn();
  ({ code } = await Promise.race([process.status, plane.failed]));
} finally {
  await plane.close();
}
Deno.exit(code);
