/** Servers that are made of jars: what `tools/<module>/pom.xml` names, in a cache folder outside the repository. */
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../../tools/binaries.ts";
import { programPath } from "./_server.ts";

const DOWNLOAD_LIMIT = 120_000;

/** Why the jars of a module are not to be had; `undefined` where they are there. In CI they are downloaded where they are missing. */
export async function jarsMissing(module: string): Promise<string | undefined> {
  if (programPath("java") === undefined) return "java is not installed";
  if (await exists(await jarFolder(module))) return undefined;
  if (Deno.env.get("CI") === undefined) return "its jars are not in the cache: CI=true downloads them";
  if (programPath("mvn") === undefined) return "its jars are not in the cache, and mvn is not installed";
  return await download(module);
}

/** The path of a file of a module. */
export function moduleFile(module: string, name: string): string {
  return fileURLToPath(new URL(`../../tools/${module}/${name}`, import.meta.url));
}

/** The path of `java`, and its arguments for a quick start with the jars of a module. */
export async function javaWith(
  module: string,
  megabytes: number,
): Promise<{ command: string; options: readonly string[] }> {
  const classpath = join(await jarFolder(module), "*");
  const options = [`-Xmx${megabytes}m`, "-XX:TieredStopAtLevel=1", "-cp", classpath];
  return { command: programPath("java") ?? "java", options };
}

async function jarFolder(module: string): Promise<string> {
  const pom = await Deno.readTextFile(moduleFile(module, "pom.xml"));
  return join(cacheFolder(), `${module}-${createHash("sha256").update(pom).digest("hex").slice(0, 12)}`);
}

/** Into a folder that gets its name when it is complete. */
async function download(module: string): Promise<string | undefined> {
  const folder = await jarFolder(module);
  const unfinished = `${folder}.${Deno.pid}.tmp`;
  await Deno.mkdir(dirname(folder), { recursive: true });
  console.error(`Downloading the jars of ${module} (once) …`);
  const plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
  const pom = moduleFile(module, "pom.xml");
  const args = ["-q", "-B", "-f", pom, plugin, `-DoutputDirectory=${unfinished}`, "-DincludeScope=runtime"];
  const signal = AbortSignal.timeout(DOWNLOAD_LIMIT);
  const { success, stdout } = await new Deno.Command("mvn", { args, stdout: "piped", stderr: "null", signal }).output();
  if (!success) {
    if (await exists(unfinished)) await Deno.remove(unfinished, { recursive: true });
    return `its jars cannot be had: ${new TextDecoder().decode(stdout).split("\n")[0]}`;
  }
  await Deno.rename(unfinished, folder);
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
