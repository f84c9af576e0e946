/**
 * A measured program in a process of its own, ours or a peer: it prints one JSON object a line, is told lines on standard
 * input, and ends when that closes. So the benchmark can look at what the process has used before it is gone.
 */
import { fileURLToPath } from "node:url";
import { cpuSecondsOf, memoryOf, peakMemoryOf } from "./process.ts";

/** What a process has used since its start, all threads. */
export interface Usage {
  /** Seconds. */
  readonly cpu: number;
  /** Resident set now, in MiB. */
  readonly memory: number;
  /** The largest resident set, in MiB. */
  readonly peak: number;
}

/** A running program. */
export interface Program extends AsyncDisposable {
  /** Writes a line to it. */
  tell(line: string): Promise<void>;
  /**
   * The next line that it prints and that has a field `name`; lines before are skipped.
   *
   * @throws {Error} The program ended without one.
   */
  line(name: string): Promise<Readonly<Record<string, unknown>>>;
  /** The number in such a line. */
  number(name: string): Promise<number>;
  usage(): Promise<Usage>;
}

/** Starts a program. Its standard error is ours. */
export function startProgram(command: string, args: readonly string[]): Program {
  const child = new Deno.Command(command, { args: [...args], stdin: "piped", stdout: "piped", stderr: "inherit" })
    .spawn();
  const stdin = child.stdin.getWriter();
  const lines = linesOf(child.stdout);
  const line = async (name: string) => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`Cannot measure: ${command} ${args.join(" ")} ended before it printed "${name}"`);
      const message: unknown = JSON.parse(value);
      if (typeof message === "object" && message !== null && name in message) {
        return message as Readonly<Record<string, unknown>>; // checked just now
      }
    }
  };
  return {
    line,
    number: async (name) => Number((await line(name))[name]),
    tell: (text) => stdin.write(new TextEncoder().encode(`${text}\n`)),
    usage: async () => {
      const [stat, status] = await Promise.all(
        ["stat", "status"].map((file) => Deno.readTextFile(`/proc/${child.pid}/${file}`)),
      );
      return {
        cpu: cpuSecondsOf(stat ?? ""),
        memory: memoryOf(status ?? "") ?? NaN,
        peak: peakMemoryOf(status ?? "") ?? NaN,
      };
    },
    [Symbol.asyncDispose]: async () => {
      await stdin.close().catch(() => undefined); // broken when it ended by itself
      const patience = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await lines.return(undefined);
      await child.status;
      clearTimeout(patience);
    },
  };
}

/** A small young generation: V8's own choice grows to 16 MiB and copies of it, which a controller at rest never gives back. */
export const LEAN = ["--v8-flags=--max-semi-space-size=2"];

/** Starts `bench/programs/NAME.ts` by this very Deno. */
export function startOurs(name: string, args: readonly string[] = [], flags: readonly string[] = []): Program {
  const file = fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url));
  return startProgram(Deno.execPath(), ["run", "-A", "--no-prompt", ...flags, file, ...args]);
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  let pending = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (pending + text).split("\n");
    pending = lines.pop() ?? "";
    yield* lines.filter((line) => line.trim() !== "");
  }
  return undefined;
}
