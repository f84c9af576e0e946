/** The real Helm as an oracle: what it prints is what we must print. */
import { binaryPath } from "./binaries.ts";

/** What one run of `helm` did. */
export interface HelmRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@linkcode helm}. */
export interface HelmOptions {
  /** Kubeconfig of the cluster to talk to; without one Helm finds no cluster at all. */
  readonly kubeconfig?: string;
  readonly cwd?: string;
  /** Written to standard input. */
  readonly stdin?: string;
}

/**
 * Runs the real `helm`, built first if it never was, with a home of its own: the configuration of the user who runs the
 * test has no say. A failure of Helm resolves too; its exit code is part of the answer.
 *
 * @throws {BinaryError} Helm cannot be built.
 */
export async function helm(args: readonly string[], options: HelmOptions = {}): Promise<HelmRun> {
  const home = await Deno.makeTempDir({ prefix: "kco-helm-" });
  try {
    const process = new Deno.Command(await binaryPath("helm"), {
      args: [...args],
      clearEnv: true,
      env: {
        HOME: home,
        PATH: Deno.env.get("PATH") ?? "",
        KUBECONFIG: options.kubeconfig ?? `${home}/no-cluster`,
        HELM_CACHE_HOME: `${home}/cache`,
        HELM_CONFIG_HOME: `${home}/config`,
        HELM_DATA_HOME: `${home}/data`,
      },
      stdin: options.stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    }).spawn();
    const [output] = await Promise.all([process.output(), write(process, options.stdin)]);
    const text = new TextDecoder();
    return { code: output.code, stdout: text.decode(output.stdout), stderr: text.decode(output.stderr) };
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

async function write(process: Deno.ChildProcess, text: string | undefined): Promise<void> {
  if (text === undefined) return;
  const writer = process.stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error; // helm ended without reading it: its exit code says why
  }
}
