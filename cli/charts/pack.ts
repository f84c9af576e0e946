/** A chart folder as the archive that a chart server hands out. */
import { CliError } from "../errors.ts";

/** Files of a folder, paths relative to it, sorted. */
async function filesOf(folder: string, prefix = ""): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(`${folder}/${prefix}`)) {
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory) files.push(...await filesOf(folder, `${path}/`));
    else if (entry.isFile) files.push(path);
  }
  return files.sort();
}

/** Packs a chart folder; files lie below `name/` in the archive. */
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
    throw new CliError("UnreadableChart", `Cannot pack "${path}": the path is longer than 100 bytes: shorten it`);
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
