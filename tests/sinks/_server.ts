/** Real servers for the suites of this folder: each on ports of loopback, with a folder of its own, ended by its process's id. */
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { SinkContext } from "../../sinks/mod.ts";
import { TEST_CA, TEST_CERTIFICATE, TEST_KEY } from "../../sinks/tls_testing.ts";

/** A server that runs. */
export interface RunningServer extends AsyncDisposable {
  /** The folder that it keeps its files in. */
  readonly folder: string;
  /** What it has written to its output so far. */
  output(): string;
  /** Ends it as a crash would, and starts it anew on the same folder and ports. */
  restart(): Promise<void>;
  /** Ends it. */
  stop(): Promise<void>;
}

/** How a server is started. */
export interface ServerRecipe {
  readonly command: string;
  /** Arguments, given the server's folder. */
  readonly args: (folder: string) => readonly string[];
  readonly env?: (folder: string) => Readonly<Record<string, string>>;
  /** The account that runs it, where it refuses to be run by root. */
  readonly uid?: number;
  readonly gid?: number;
  /** What has to be done before the first start. */
  readonly prepare?: (folder: string) => Promise<void>;
  /** Whether it serves. */
  readonly ready: (folder: string) => Promise<boolean>;
  /** Most servers end well on `SIGTERM`. */
  readonly signal?: Deno.Signal;
}

/** ms; generous, since the machine may be busy with everything else. */
const START_LIMIT = 120_000;

/** Starts a server and waits until it serves. */
export async function startServer(recipe: ServerRecipe): Promise<RunningServer> {
  const folder = await Deno.makeTempDir({ prefix: "kco-sinks-" });
  if (recipe.uid !== undefined) await Deno.chown(folder, recipe.uid, recipe.gid ?? null);
  let output = "";
  let process: Deno.ChildProcess | undefined;
  let reading: Promise<unknown> = Promise.resolve();

  const start = async () => {
    const started = new Deno.Command(recipe.command, {
      args: [...recipe.args(folder)],
      env: { ...recipe.env?.(folder) },
      cwd: folder,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      ...(recipe.uid !== undefined && { uid: recipe.uid, gid: recipe.gid ?? recipe.uid }),
    }).spawn();
    process = started;
    const read = async (stream: ReadableStream<Uint8Array>) => {
      const decoder = new TextDecoder();
      for await (const chunk of stream) output += decoder.decode(chunk, { stream: true });
    };
    reading = Promise.all([read(started.stdout), read(started.stderr)]);
    let ended: Deno.CommandStatus | undefined;
    started.status.then((status) => ended = status);
    const serves = () => ended !== undefined || recipe.ready(folder);
    await until(`${recipe.command} serves`, serves, START_LIMIT, () => output.slice(-2_000));
    if (ended !== undefined) throw new Error(`${recipe.command} ended with code ${ended.code}\n${output}`);
  };
  const stop = async (signal: Deno.Signal) => {
    try {
      process?.kill(signal);
    } catch (error) {
      // It has ended by itself.
      if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
    }
    await process?.status;
    await reading;
  };
  const server: RunningServer = {
    folder,
    output: () => output,
    async restart() {
      await stop("SIGKILL");
      await start();
    },
    stop: () => stop(recipe.signal ?? "SIGTERM"),
    async [Symbol.asyncDispose]() {
      await stop(recipe.signal ?? "SIGTERM");
      await Deno.remove(folder, { recursive: true });
    },
  };
  try {
    await recipe.prepare?.(folder);
    await start();
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

/** Waits for a condition; a rejection of it counts as "not yet". */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limit = 10_000,
  more: () => string = () => "",
): Promise<void> {
  const deadline = Date.now() + limit;
  let last: unknown;
  for (;;) {
    try {
      if (await condition()) return;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`Not within ${limit} ms: ${what}\n${more()}`, { cause: last });
    await pause(50);
  }
}

/** A port that nobody listens on now. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Whether somebody accepts connections. */
export async function accepts(port: number): Promise<boolean> {
  (await Deno.connect({ hostname: "127.0.0.1", port })).close();
  return true;
}

/** The path of a program, looked for on PATH and in `more`; `undefined` where it is not installed. */
export function programPath(name: string, more: readonly string[] = []): string | undefined {
  for (const folder of [...(Deno.env.get("PATH") ?? "").split(":"), ...more, "/usr/sbin", "/usr/lib/rabbitmq/bin"]) {
    const path = `${folder}/${name}`;
    try {
      if (Deno.statSync(path).isFile) return path;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) throw error;
    }
  }
  return undefined;
}

/** A context in which Secret `auth` has these keys. */
export function contextWith(auth: Readonly<Record<string, string>> = {}): SinkContext {
  return {
    name: "suite",
    secret: ({ key }) => key in auth ? Promise.resolve(auth[key] ?? "") : Promise.reject(new Error(`no key ${key}`)),
  };
}

/** Writes the tests' authority and certificate into a folder: `ca.pem`, `cert.pem`, `key.pem`. */
export async function writeCertificates(folder: string): Promise<void> {
  const files = { "ca.pem": TEST_CA, "cert.pem": TEST_CERTIFICATE, "key.pem": TEST_KEY };
  for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(join(folder, name), text, { mode: 0o600 });
}
