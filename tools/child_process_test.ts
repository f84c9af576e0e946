import assert from "node:assert/strict";
import { join } from "node:path";
import { startChild } from "./child_process.ts";

/** A script that writes its process id and then waits far longer than any test. */
const WAITS = 'echo $$ > "$1"; exec sleep 600';

Deno.test("stop() ends the program and resolves when it is gone", async () => {
  await inFolder(async (folder) => {
    const pidFile = join(folder, "pid");
    const child = startChild("waits", "sh", ["-c", WAITS, "sh", pidFile], join(folder, "log"));
    const pid = await readPid(pidFile);
    assert.equal(isRunning(pid), true);
    await child.stop();
    assert.equal(isRunning(pid), false);
  });
});

Deno.test("exited resolves with the exit code of a program that ends by itself, and its output is in the log", async () => {
  await inFolder(async (folder) => {
    const log = join(folder, "log");
    const child = startChild("ends", "sh", ["-c", "echo out; echo err >&2; exit 7"], log);
    assert.equal(await child.exited, 7);
    assert.equal(await Deno.readTextFile(log), "out\nerr\n");
    await child.stop(); // nothing left to do
  });
});

Deno.test("a program ends with the process that started it, even when that is killed", async () => {
  await inFolder(async (folder) => {
    const pidFile = join(folder, "pid");
    const parent = join(folder, "parent.ts");
    await Deno.writeTextFile(
      parent,
      `import { startChild } from ${JSON.stringify(new URL("./child_process.ts", import.meta.url).href)};
await startChild("waits", "sh", ["-c", ${JSON.stringify(WAITS)}, "sh", ${JSON.stringify(pidFile)}], ${
        JSON.stringify(join(folder, "log"))
      }).exited;
`,
    );
    const process = new Deno.Command(Deno.execPath(), { args: ["run", "-A", "--no-lock", parent] }).spawn();
    const pid = await readPid(pidFile);
    process.kill("SIGKILL");
    await process.status;
    await until(() => !isRunning(pid), `process ${pid} still runs after its parent was killed`);
  });
});

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "kco-child-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function readPid(file: string): Promise<number> {
  let pid = NaN;
  await until(async () => {
    pid = Number.parseInt(await Deno.readTextFile(file).catch(() => ""), 10); // not written yet
    return Number.isInteger(pid);
  }, `nothing wrote ${file}`);
  return pid;
}

function isRunning(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT"); // changes nothing for a process that runs
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function until(holds: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!await holds()) {
    assert.ok(Date.now() < deadline, otherwise);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
