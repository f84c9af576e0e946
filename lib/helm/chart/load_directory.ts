import { readdir, readFile, realpath, stat } from "node:fs/promises";
import type { Chart, ChartFile } from "../types.ts";
import { MAX_FILE_SIZE, withoutBom } from "./archive.ts";
import { HelmChartError } from "./errors.ts";
import { type IgnoreRules, parseIgnoreRules } from "./helmignore.ts";
import { loadChartFiles, type LoadOptions } from "./load.ts";

/**
 * Loads a chart from a directory: `.helmignore` applies, links are followed (a link to a directory above itself is
 * refused), sizes are limited as in an archive.
 *
 * @throws HelmChartError when Helm would refuse the chart or a file cannot be read.
 */
export async function loadChartDirectory(directory: string, options: LoadOptions = {}): Promise<Chart> {
  const rules = parseIgnoreRules(await readIgnoreFile(directory));
  const files: ChartFile[] = [];
  await walk(directory, "", rules, [await real(directory)], files);
  return loadChartFiles(files, options);
}

async function walk(
  root: string,
  folder: string,
  rules: IgnoreRules,
  above: string[],
  files: ChartFile[],
): Promise<void> {
  const names = (await attempt(folder, () => readdir(`${root}/${folder}`))).sort();
  for (const name of names) {
    const path = folder === "" ? name : `${folder}/${name}`;
    const found = await attempt(path, () => stat(`${root}/${path}`));
    if (rules(path, found.isDirectory())) continue;
    if (found.isDirectory()) {
      const target = await real(`${root}/${path}`);
      if (above.includes(target)) {
        throw new HelmChartError("UnreadableFile", `chart folder "${path}" links to a folder above it`);
      }
      await walk(root, path, rules, [...above, target], files);
      continue;
    }
    if (!found.isFile()) {
      throw new HelmChartError(
        "UnreadableFile",
        `cannot load irregular file ${path} as it has file mode type bits set`,
      );
    }
    if (found.size > MAX_FILE_SIZE) {
      throw new HelmChartError(
        "TooLarge",
        `chart file "${name}" is larger than the maximum file size ${MAX_FILE_SIZE}`,
      );
    }
    const data = await attempt(path, () => readFile(`${root}/${path}`));
    files.push({ name: path, data: withoutBom(new Uint8Array(data)) });
  }
}

async function readIgnoreFile(directory: string): Promise<string> {
  const names = await attempt(directory, () => readdir(directory));
  return names.includes(".helmignore")
    ? await attempt(".helmignore", () => readFile(`${directory}/.helmignore`, "utf8"))
    : "";
}

function real(path: string): Promise<string> {
  return attempt(path, () => realpath(path));
}

async function attempt<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new HelmChartError("UnreadableFile", `Cannot read chart file "${path}": ${message}`, { cause: error });
  }
}
