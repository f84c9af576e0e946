/** A packed chart as a folder. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { archiveFiles, HelmChartError } from "../../lib/helm/mod.ts";
import { parseYaml } from "../../lib/yaml/mod.ts";

/**
 * Unpacks a chart below a folder, into one that has the chart's name.
 *
 * @returns The chart's own folder.
 * @throws HelmChartError when the archive is damaged, unsafe or too large, or has no chart's name.
 */
export async function expandArchive(archive: Uint8Array, folder: string): Promise<string> {
  const files = archiveFiles(archive);
  const chartFile = files.find(({ name }) => name === "Chart.yaml");
  if (chartFile === undefined) throw new HelmChartError("MissingChartYaml", "chart name not specified");
  const target = join(folder, nameOf(new TextDecoder().decode(chartFile.data)));
  for (const { name, data } of files) {
    const path = join(target, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, data);
  }
  return target;
}

function nameOf(chartYaml: string): string {
  const fields = parseYaml(chartYaml);
  const name = typeof fields === "object" && fields !== null && "name" in fields ? String(fields.name) : "";
  // The name becomes a folder's: nothing that could lead elsewhere.
  if (name === "" || name === "." || name === ".." || /[/\\]/.test(name)) {
    throw new HelmChartError("InvalidMetadata", `chart name ${JSON.stringify(name)} cannot be the name of a folder`);
  }
  return name;
}
