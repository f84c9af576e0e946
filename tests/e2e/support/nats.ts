/** A real nats-server on loopback. Tests only. */
import { createConnection } from "node:net";

/** A server that runs until the end of its scope. */
export interface NatsServer extends AsyncDisposable {
  readonly url: string;
  /** Kills it and starts it again on the same port and files. */
  restart(): Promise<void>;
}

const PROGRAMS = ["/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server"];

/** Path of the program; `undefined` where there is none: tests are skipped by name then. */
export const NATS_PROGRAM: string | undefined = PROGRAMS.find(exists);

/** Starts it with JetStream in a folder of its own. */
export async function startNats(): Promise<NatsServer> {
  if (NATS_PROGRAM === undefined) throw new Error("There is no nats-server: install the package of that name");
  const program = NATS_PROGRAM;
  const directory = await Deno.makeTempDir({ prefix: "kco-nats-" });
  const port = freePort();
  const start = async () => {
    const args = ["-js", "-sd", directory, "-a", "127.0.0.1", "-p", String(port)];
    const child = new Deno.Command(program, { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
    await listening(port);
    return child;
  };
  let child = await start();
  const stop = async () => {
    child.kill("SIGKILL");
    await child.status;
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    restart: async () => {
      await stop();
      child = await start();
    },
    [Symbol.asyncDispose]: async () => {
      await stop();
      await Deno.remove(directory, { recursive: true });
    },
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function listening(port: number): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!await answers(port)) {
    if (performance.now() > deadline) throw new Error(`nats-server does not listen on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
