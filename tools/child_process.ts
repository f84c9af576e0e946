/** A child process that cannot outlive this one, however this one ends. */

/** A running child. */
export interface Child {
  readonly name: string;
  /** File that receives its standard output and error. */
  readonly log: string;
  /** Resolves with the exit code when the child has ended, for whatever reason. */
  readonly exited: Promise<number>;
  /** Ends the child and resolves when it is gone. */
  stop(): Promise<void>;
}

/**
 * Runs "$@" and ends it when standard input does. A parent that is killed cannot clean up, but the operating system closes its
 * pipes, so the child goes with it. SIGKILL because whoever uses this throws the child's state away, and a graceful
 * stop of a kube-apiserver waits up to a minute for its watches.
 */
const SUPERVISOR = `
exec 3<&0 >"$1" 2>&1
shift
"$@" 3<&- </dev/null &
child=$!
{ cat <&3 >/dev/null; kill -KILL "$child" 2>/dev/null; } &
watcher=$!
exec 3<&-
trap '' INT
wait "$child"
code=$?
kill "$watcher" 2>/dev/null
exit "$code"
`;

/** Starts a program, its output going to the file `log`. A program that cannot be run exits with code 127. */
export function startChild(name: string, command: string, args: readonly string[], log: string): Child {
  const process = new Deno.Command("sh", {
    args: ["-c", SUPERVISOR, "sh", log, command, ...args],
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let closed: Promise<void> | undefined;
  const close = () => closed ??= process.stdin.close().catch(() => undefined); // already broken when the child is gone
  const exited = process.status.then(async ({ code }) => {
    await close();
    return code;
  });
  return {
    name,
    log,
    exited,
    stop: async () => {
      await close();
      await exited;
    },
  };
}
