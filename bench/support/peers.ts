/**
 * The peers that benchmarks compare with: Go programs, one folder each in the one module `bench/peers`.
 *
 * Each is built once into the cache folder of `tools/binaries.ts`, under a name that carries a hash of its sources and of
 * the module's pins.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildOnce } from "../../tools/binaries.ts";
import { type Program, startProgram } from "./program.ts";

const MODULE = fileURLToPath(new URL("../peers/", import.meta.url));

/**
 * The path of the peer in `bench/peers/NAME`, built now if these sources never were.
 *
 * @param flags Of the linker. Default: strip.
 * @throws {BinaryError} Go is missing or the build fails.
 */
export async function peerPath(name: string, flags?: string): Promise<string> {
  const files = [join(MODULE, "go.mod"), join(MODULE, "go.sum")];
  for (const { name: file } of Deno.readDirSync(join(MODULE, name))) {
    if (file.endsWith(".go")) files.push(join(MODULE, name, file));
  }
  const sources = await Promise.all(files.sort().map((file) => Deno.readTextFile(file)));
  return await buildOnce(
    { name: `peer-${name}`, version: "dev", folder: MODULE, package: `./${name}`, ...(flags && { flags }) },
    sources.join("\0"),
  );
}

/** Starts a peer; it prints JSON lines, see {@linkcode Program}. */
export async function startPeer(name: string, args: readonly string[] = []): Promise<Program> {
  return startProgram(await peerPath(name), args);
}
