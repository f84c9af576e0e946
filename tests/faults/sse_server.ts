/** An event server in a process of its own, which is killed and started again on the same port. */

/** ms until a server that was started must answer. */
const PATIENCE = 30_000;

/** `kco eventsse` on loopback. */
export class KilledServer implements AsyncDisposable {
  readonly #args: readonly string[];
  readonly #port: number;
  #child: Deno.ChildProcess;

  private constructor(args: readonly string[], port: number) {
    this.#args = args;
    this.#port = port;
    this.#child = this.#spawn();
  }

  /** Starts it, and waits until it answers. */
  static async start(args: readonly string[]): Promise<KilledServer> {
    const server = new KilledServer(args, freePort());
    await server.#answers();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Ends it by a signal and starts it again. */
  async restart(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    this.#child.kill(signal);
    await this.#child.status;
    this.#child = this.#spawn();
    await this.#answers();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
  }

  #spawn(): Deno.ChildProcess {
    const args = [
      "run",
      "-A",
      "--no-prompt",
      "mod.ts",
      "eventsse",
      "--port",
      String(this.#port),
      "--log-level",
      "error",
    ];
    const command = new Deno.Command(Deno.execPath(), {
      args: [...args, ...this.#args],
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    });
    return command.spawn();
  }

  async #answers(): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      const response = await fetch(`${this.url}/readyz`).catch(() => undefined);
      await response?.body?.cancel();
      if (response?.ok) return;
      if (performance.now() > deadline) throw new Error(`The event server does not answer on port ${this.#port}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
