/** kco in a process of its own, and what the operating system knows of it. Linux only: it reads `/proc`. */
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../mod.ts", import.meta.url));

/** Clock ticks a second in `/proc`, which Linux fixes for its users on every platform that Deno runs on. */
const TICKS = 100;

/** A running kco. */
export interface KcoProcess extends AsyncDisposable {
  /** Standard output, if asked for. */
  readonly stdout: ReadableStream<Uint8Array>;
  readonly exited: Promise<number>;
  /** CPU seconds that it used since its start, all threads. */
  cpuSeconds(): Promise<number>;
  /** The largest resident set since its start, all threads, in MiB; `undefined` once it is gone. */
  peakMemory(): Promise<number | undefined>;
}

/** Options of {@linkcode startKco}. */
export interface KcoOptions {
  /** Flags of `deno run`. Default: all permissions. */
  readonly flags?: readonly string[];
  readonly cwd?: string;
}

/** Starts `kco ARGUMENT …` from the sources, by this very Deno. */
export function startKco(args: readonly string[], options: KcoOptions = {}): KcoProcess {
  const { flags = ["-A", "--no-prompt"], cwd } = options;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, PROGRAM, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
    ...(cwd === undefined ? {} : { cwd }),
  }).spawn();
  let running = true;
  const exited = child.status.then(({ code }) => {
    running = false;
    return code;
  });
  return {
    stdout: child.stdout,
    exited,
    cpuSeconds: async () => cpuSecondsOf(await Deno.readTextFile(`/proc/${child.pid}/stat`)),
    peakMemory: async () => {
      const status = await Deno.readTextFile(`/proc/${child.pid}/status`).catch(() => ""); // gone meanwhile
      return peakMemoryOf(status);
    },
    [Symbol.asyncDispose]: async () => {
      if (running) child.kill("SIGTERM");
      await exited;
      await child.stdout.cancel().catch(() => undefined); // locked by whoever reads it
    },
  };
}

/** User and system time in `/proc/PID/stat`; the command's name in parentheses may hold spaces itself. */
export function cpuSecondsOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** The same of all its children that have ended and that it knows of. */
export function childCpuSecondsOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
}

/** `VmHWM` in `/proc/PID/status`, in MiB. A zombie has none. */
export function peakMemoryOf(status: string): number | undefined {
  return mebibytes(/^VmHWM:\s+(\d+) kB$/m.exec(status));
}

/** `VmRSS` in `/proc/PID/status`, in MiB. A zombie has none. */
export function memoryOf(status: string): number | undefined {
  return mebibytes(/^VmRSS:\s+(\d+) kB$/m.exec(status));
}

function mebibytes(found: RegExpExecArray | null): number | undefined {
  return found === null ? undefined : Number(found[1]) / 1024;
}
