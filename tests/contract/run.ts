/**
 * Runs the contract suite against one of the two servers; the real one is started for it.
 *
 *     deno run -A tests/contract/run.ts --target embedded|real
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startControlPlane } from "../../tools/control_plane.ts";

/** The files of the suite that talk to the server below every client, and so can run against either. */
const FILES: readonly string[] = ["objects", "lists", "watch", "patch", "deletion", "definitions", "server"];

async function test(env: Record<string, string>): Promise<number> {
  const files = FILES.map((name) => fileURLToPath(new URL(`./${name}_test.ts`, import.meta.url)));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "--sanitize-ops", "--sanitize-resources", "-A", "--no-prompt", ...files],
    env,
  }).spawn();
  return (await child.status).code;
}

async function testReal(): Promise<number> {
  const plane = await startControlPlane({ onProgress: (message) => console.error(message) });
  try {
    return await Promise.race([test({ KCO_TEST_TARGET: "real", KCO_TEST_KUBECONFIG: plane.kubeconfig }), plane.failed]);
  } finally {
    await plane.close();
  }
}

const { values } = parseArgs({ options: { target: { type: "string", default: "embedded" } } });
if (values.target !== "embedded" && values.target !== "real") {
  console.error(`--target must be "embedded" or "real", not "${values.target}"`);
  Deno.exit(2);
}
Deno.exit(values.target === "real" ? await testReal() : await test({ KCO_TEST_TARGET: "embedded" }));
