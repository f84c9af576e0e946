/**
 * End-to-end scenarios on an embedded or a real API server: `deno task e2e --target embedded|real [--only NAME]`.
 *
 * `kco run` works in a process of its own, as in a cluster; the scenarios talk to the API server alone. On the real server
 * `deploy/` is applied and kco works as its ServiceAccount, with no more rights than its roles give; at the end the run tells what was
 * refused, and which of its own rights kco never used. The embedded server knows neither RBAC nor tokens.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { connect, type KubeObject } from "../../lib/kube/mod.ts";
import { applyAll, deployManifests, kubectlApply } from "./support/manifests.ts";
import { readAudit, refusals, unused } from "./support/rights.ts";
import { EVENTSSE, KCO, kubeconfigWith, type ServiceAccount, tokenOf, userOf } from "./support/service_account.ts";
import { startTarget, type Target } from "./support/target.ts";

const { values } = parseArgs({
  options: { target: { type: "string", default: "embedded" }, only: { type: "string" } },
});

async function main(): Promise<number> {
  await using target = await startTarget(values.target, [KCO, EVENTSSE].map(userOf));
  const folder = await Deno.makeTempDir({ prefix: "kco-e2e-" });
  const log = `${Deno.env.get("TMPDIR") ?? "/tmp"}/kco-e2e-${values.target}.log`;
  const shipped = target.audit !== undefined;
  const kubeconfig = shipped ? await deployed(target, folder) : target.kubeconfig;
  const kco = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-prompt",
      "mod.ts",
      ...shipped ? await shippedArguments() : ["run", "--install"],
      "--port",
      "0",
      "--log-level",
      "warning",
      "--kubeconfig",
      kubeconfig,
    ],
    env: shipped ? { POD_NAMESPACE: KCO.namespace } : {},
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
    await Deno.remove(folder, { recursive: true });
    if (target.audit !== undefined) await tellRights(target.audit);
    console.log(`kco's log: ${log}`);
  }
}

/** Applies `deploy/` and writes the kubeconfig of its ServiceAccount, whose path it returns. */
async function deployed(target: Target, folder: string): Promise<string> {
  const client = await connect({ kubeconfig: target.kubeconfig });
  try {
    if (!await kubectlApply(target.kubeconfig, join(folder, "kubectl"))) {
      await applyAll(client, await deployManifests());
    }
    const path = join(folder, "kubeconfig");
    const text = await kubeconfigWith(await tokenOf(client, KCO), target.kubeconfig);
    await Deno.writeTextFile(path, text, { mode: 0o600 });
    return path;
  } finally {
    client.close();
  }
}

/** What the Deployment's container is started with. */
async function shippedArguments(): Promise<string[]> {
  const deployment = (await deployManifests()).find(({ kind }) => kind === "Deployment");
  const { template } = deployment?.["spec"] as { template: { spec: { containers: { args: string[] }[] } } };
  return template.spec.containers.flatMap(({ args }) => args);
}

/** Prints what RBAC refused, and after a whole run what of kco's own role was never used. */
async function tellRights(audit: string): Promise<void> {
  const entries = await readAudit(audit);
  for (const [what, where] of refusals(entries)) console.log(`refused: ${what} (${where})`);
  if (values.only !== undefined) return;
  const manifests = [...await deployManifests(), ...await deployManifests("eventsse/")];
  for (const account of [KCO, EVENTSSE]) {
    const own = entries.filter(({ user }) => user.username === userOf(account));
    for (const role of manifests.filter((object) => isRoleOf(account, object))) {
      for (const what of unused(role, own)) console.log(`never used: ${what} of ${role.kind} ${role.metadata.name}`);
    }
  }
}

/** The roles of the product itself; what charts need depends on the charts. */
function isRoleOf(account: ServiceAccount, { kind, metadata }: KubeObject): boolean {
  if (kind === "Role") return account === KCO;
  return kind === "ClusterRole" && metadata.name === account.name;
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
