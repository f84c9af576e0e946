/**
 * End-to-end scenarios on an embedded or a real API server: `deno task e2e --target embedded|real [--only NAME]`.
 *
 * `kco run` works in a process of its own, as in a cluster; the scenarios talk to the API server alone.
 */
import { parseArgs } from "node:util";
import { startTarget } from "./support/target.ts";

const { values } = parseArgs({
  options: { target: { type: "string", default: "embedded" }, only: { type: "string" } },
});

async function main(): Promise<number> {
  await using target = await startTarget(values.target);
  const log = `${Deno.env.get("TMPDIR") ?? "/tmp"}/kco-e2e-${values.target}.log`;
  const kco = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-prompt",
      "mod.ts",
      "run",
      "--install",
      "--port",
      "0",
      "--log-level",
      "warning",
      "--kubeconfig",
      target.kubeconfig,
    ],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const logged = kco.stderr.pipeTo((await Deno.create(log)).writable);
  try {
    const test = new Deno.Command(Deno.execPath(), {
      args: ["test", "-A", "--no-prompt", "--sanitize-ops", "--sanitize-resources", ...await scenarios()],
      env: { KCO_TEST_TARGET: values.target, KCO_TEST_KUBECONFIG: target.kubeconfig },
    }).spawn();
    return (await test.status).code;
  } finally {
    kco.kill("SIGTERM");
    await kco.status;
    await logged;
    console.log(`kco's log: ${log}`);
  }
}

/** Suites that need no API server: they run with the system that is asked for by name; `deno task sinks` runs them alone. */
const ALONGSIDE: Readonly<Record<string, string>> = { eventrouter: "tests/sinks/" };

/** The files to run, relative to the repository. */
async function scenarios(): Promise<string[]> {
  const files: string[] = [];
  for await (const { name } of Deno.readDir(new URL("scenarios", import.meta.url))) {
    if (values.only === undefined || name.startsWith(values.only)) files.push(`tests/e2e/scenarios/${name}`);
  }
  const folder = ALONGSIDE[values.only ?? ""];
  if (folder !== undefined) {
    for await (const { name } of Deno.readDir(folder)) if (!name.startsWith("_")) files.push(folder + name);
  }
  if (files.length === 0) throw new Error(`No scenario begins with "${values.only}"`);
  return files.sort();
}

Deno.exit(await main());
