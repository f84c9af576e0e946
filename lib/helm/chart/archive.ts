import { gunzipSync } from "node:zlib";
import type { ChartFile } from "../types.ts";
import { HelmChartError } from "./errors.ts";
import { tarEntries } from "./tar.ts";

/** Largest chart that Helm takes, all files unpacked. Bytes. */
export const MAX_CHART_SIZE = 100 * 1024 * 1024;
/** Largest file that Helm takes. Bytes. */
export const MAX_FILE_SIZE = 5 * 1024 * 1024;

/** All archives of a chart, those within archives included: Helm has no such limit, and no end to what they may hold. Bytes. */
const MAX_TOTAL_SIZE = 256 * 1024 * 1024;

/** What the archives of one chart may still unpack to. */
export class UnpackBudget {
  #left = MAX_TOTAL_SIZE;

  /** @throws HelmChartError `TooLarge` when nothing is left. */
  take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left >= 0) return;
    throw new HelmChartError(
      "TooLarge",
      `decompressed chart with its subcharts is larger than the maximum size ${MAX_TOTAL_SIZE}`,
    );
  }
}

/** Headers and padding come on top of the files; this much is allowed for them. */
const MAX_TAR_SIZE = MAX_CHART_SIZE + 64 * 1024 * 1024;

/**
 * Unpacks a chart archive with Helm's checks: the first path segment is dropped, paths stay inside the chart, sizes are
 * limited. Memory is bounded by the limits whatever the archive claims.
 *
 * @param budget Shared by all archives of a chart.
 * @throws HelmChartError `NotAnArchive`, `InvalidArchive`, `UnsafePath` or `TooLarge`.
 */
export function archiveFiles(bytes: Uint8Array, budget = new UnpackBudget()): ChartFile[] {
  const files: ChartFile[] = [];
  let remaining = MAX_CHART_SIZE;
  const tar = unzip(bytes);
  budget.take(tar.length);
  for (const entry of tarEntries(tar)) {
    if (entry.kind === "directory") continue;
    const name = safeName(entry.name);
    if (entry.data.length > remaining) throw tooLarge();
    if (entry.data.length > MAX_FILE_SIZE) {
      throw new HelmChartError(
        "TooLarge",
        `decompressed chart file "${entry.name}" is larger than the maximum file size ${MAX_FILE_SIZE}`,
      );
    }
    remaining -= entry.data.length;
    files.push({ name, data: withoutBom(entry.data) });
  }
  if (files.length === 0) throw new HelmChartError("InvalidArchive", "no files in chart archive");
  return files;
}

/** The data without a leading UTF-8 byte order mark. */
export function withoutBom(data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? data.subarray(3) : data;
}

function unzip(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 0x08) {
    throw new HelmChartError(
      "NotAnArchive",
      "file does not appear to be a gzipped archive: expected a chart packed as .tgz",
    );
  }
  try {
    const unpacked = gunzipSync(bytes, { maxOutputLength: MAX_TAR_SIZE, chunkSize: chunkSizeFor(bytes) });
    return new Uint8Array(unpacked.buffer as ArrayBuffer, unpacked.byteOffset, unpacked.byteLength);
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    const message = error instanceof Error ? error.message : String(error);
    throw new HelmChartError("InvalidArchive", `gzip: ${message}`, { cause: error });
  }
}

/** Size of the pieces in which an archive is unpacked: all at once, as far as what its end says of its length is sensible. */
function chunkSizeFor(bytes: Uint8Array): number {
  const stated = bytes.length < 18
    ? 0
    : new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4).getUint32(0, true);
  return Math.min(Math.max(stated + 1, 16 * 1024), 8 * 1024 * 1024);
}

function safeName(entryName: string): string {
  // An archive made on Windows may separate with backslashes.
  const delimiter = entryName.includes("\\") ? "\\" : "/";
  const parts = entryName.split(delimiter);
  const rest = parts.slice(1).join("/");
  if (rest.startsWith("/")) throw unsafe("chart illegally contains absolute paths");
  const name = cleanPath(rest);
  if (name === ".") throw unsafe(`chart illegally contains content outside the base directory: "${entryName}"`);
  if (name.startsWith("..")) throw unsafe("chart illegally references parent directory");
  if (/^[a-zA-Z]:\//.test(name)) throw unsafe("chart contains illegally named files");
  if (parts[0] === "Chart.yaml") throw unsafe("chart yaml not in base directory");
  return name;
}

/** Go's `path.Clean` for a relative path. */
function cleanPath(path: string): string {
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && out.length > 0 && out.at(-1) !== "..") out.pop();
    else out.push(part);
  }
  return out.length === 0 ? "." : out.join("/");
}

function unsafe(message: string): HelmChartError {
  return new HelmChartError("UnsafePath", message);
}

function tooLarge(): HelmChartError {
  return new HelmChartError("TooLarge", `decompressed chart is larger than the maximum size ${MAX_CHART_SIZE}`);
}
