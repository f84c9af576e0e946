/** The image as far as it goes without a container engine: its bundle, run with its command line, its permissions above all. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

Deno.test("the bundle brings a chart to Ready with no more permissions than the image gives it", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "kco-image-" }));
  try {
    const app = join(folder, "app");
    await deno(ROOT, ["run", "-A", "--no-prompt", "tools/bundle.ts", app]);
    const [, ...args] = await entryPoint();
    const placed = args.map((arg) => arg.replaceAll("/tmp", folder).replaceAll("/app", app));
    const printed = await deno(folder, [...placed, "dev", "--once"]);
    assert.match(printed, /^ready:/m);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** `ENTRYPOINT` of the Dockerfile, which is a JSON array that may go on over several lines. */
async function entryPoint(): Promise<string[]> {
  const dockerfile = (await Deno.readTextFile(join(ROOT, "deploy/Dockerfile"))).replaceAll("\\\n", "");
  const [, array] = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile) ?? [];
  assert.ok(array !== undefined, "deploy/Dockerfile has no ENTRYPOINT");
  return JSON.parse(array);
}

async function deno(cwd: string, args: string[]): Promise<string> {
  const env = { NO_COLOR: "1", TMPDIR: cwd };
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd, env }).output();
  const text = new TextDecoder();
  assert.ok(success, `deno ${args.join(" ")} failed:\n${text.decode(stdout)}\n${text.decode(stderr)}`);
  return text.decode(stdout) + text.decode(stderr);
}
