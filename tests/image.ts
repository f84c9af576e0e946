/** The image as far as it goes without a container engine: its bundle and its command line, with every permission as it says. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** The program of the image, placed in a folder of this machine. */
export interface PlacedImage {
  /** Stands for the image's `/tmp`: the one folder that the program may write. */
  readonly tmp: string;
  /** Arguments of this very Deno, up to the program's own. */
  readonly args: readonly string[];
}

/** Bundles the product below `folder` and takes the command line from the Dockerfile's `ENTRYPOINT`. */
export async function placeImage(folder: string): Promise<PlacedImage> {
  const app = join(folder, "app");
  const tmp = join(folder, "tmp");
  await Deno.mkdir(tmp);
  const bundled = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", "tools/bundle.ts", app],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  assert.ok(bundled.success, `tools/bundle.ts failed:\n${new TextDecoder().decode(bundled.stderr)}`);
  const [, ...args] = await entryPoint();
  return { tmp, args: args.map((arg) => arg.replaceAll("/tmp", tmp).replaceAll("/app", app)) };
}

/** `ENTRYPOINT` of the Dockerfile, which is a JSON array that may go on over several lines. */
async function entryPoint(): Promise<string[]> {
  const dockerfile = (await Deno.readTextFile(join(ROOT, "deploy/Dockerfile"))).replaceAll("\\\n", "");
  const [, array] = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile) ?? [];
  assert.ok(array !== undefined, "deploy/Dockerfile has no ENTRYPOINT");
  return JSON.parse(array);
}
