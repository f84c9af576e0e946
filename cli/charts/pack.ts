/** A chart folder as the archive that a chart server hands out. */
import { CliError } from "../errors.ts";

/** Files of a folder, paths relative to it, sorted. Links are followed, as Helm does when it packs a chart. */
async function filesOf(folder: string, prefix = "", above: readonly string[] = []): Promise<string[]> {
  const here = await Deno.realPath(`${folder}/${prefix}`);
  if (above.includes(here)) {
    throw unpackable(`${folder}/${prefix}`, "it links to a folder above itself: remove the link");
  }
  const files: string[] = [];
  for await (const { name } of Deno.readDir(`${folder}/${prefix}`)) {
    const path = `${prefix}${name}`;
    const found = await target(`${folder}/${path}`);
    if (found.isDirectory) files.push(...await filesOf(folder, `${path}/`, [...above, here]));
    else if (found.isFile) files.push(path);
    else throw unpackable(`${folder}/${path}`, "it is neither a file nor a folder: remove it");
  }
  return files.sort();
}

/** What stands at a path, or where a link there leads. */
async function target(path: string): Promise<Deno.FileInfo> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.FilesystemLoop)) throw error;
    throw unpackable(path, "it links to nothing: correct the link", error);
  }
}

function unpackable(path: string, what: string, cause?: unknown): CliError {
  return new CliError("UnreadableChart", `Cannot pack "${path}": ${what}`, { cause });
}

/**
 * Packs a chart folder; files lie below `name/` in the archive. Links are followed.
 *
 * @throws {CliError} `UnreadableChart` where a link leads nowhere or in a circle, or something is no file.
 */
export async function packChart(folder: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const paths = await filesOf(folder);
  return await packFiles(
    name,
    new Map(await Promise.all(paths.map(async (p) => [p, await Deno.readFile(`${folder}/${p}`)] as const))),
  );
}

/** Packs files, by path below the chart. Same input, same bytes. */
export async function packFiles(
  name: string,
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const blocks: Uint8Array<ArrayBuffer>[] = [];
  for (const [path, data] of files) {
    blocks.push(tarHeader(`${name}/${path}`, data.length), data, new Uint8Array(-data.length & 511));
  }
  blocks.push(new Uint8Array(1024));
  const zipped = new Blob(blocks).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(zipped).arrayBuffer());
}

/** One ustar header of 512 bytes; numbers are octal text. */
function tarHeader(path: string, size: number): Uint8Array<ArrayBuffer> {
  if (new TextEncoder().encode(path).length > 100) {
    throw unpackable(path, "the path is longer than 100 bytes: shorten it");
  }
  const header = new Uint8Array(512);
  const put = (offset: number, text: string) => header.set(new TextEncoder().encode(text), offset);
  const octal = (value: number, width: number) => value.toString(8).padStart(width - 1, "0") + "\0";
  put(0, path);
  put(100, octal(0o644, 8));
  put(108, octal(0, 8));
  put(116, octal(0, 8));
  put(124, octal(size, 12));
  put(136, octal(0, 12));
  put(148, "        ");
  put(156, "0");
  put(257, "ustar\x0000");
  const sum = header.reduce((a, b) => a + b, 0);
  put(148, sum.toString(8).padStart(6, "0") + "\0 ");
  return header;
}
