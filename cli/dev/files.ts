/** What `dev` reads from files, before anything is started: a wrong path costs no time. */
import { readValues, type Values } from "../../lib/helm/mod.ts";
import type { KubeObject } from "../../lib/kube/mod.ts";
import { parseYamlDocuments } from "../../lib/yaml/mod.ts";
import { CliError } from "../errors.ts";

/** Values for the composition; none without a file. @throws CliError `UnreadableFile`, HelmChartError `InvalidValues` */
export async function valuesOf(file: string | undefined): Promise<Values> {
  if (file === undefined) return {};
  return readValues(await readText("--values", file), file);
}

/** All objects of the YAML and JSON files in a folder; none without a folder. @throws CliError `UnreadableFile` */
export async function objectsOf(folder: string | undefined): Promise<KubeObject[]> {
  const objects: KubeObject[] = [];
  for (const file of folder === undefined ? [] : await manifestsIn(folder)) {
    const text = await readText("--crds", file);
    try {
      objects.push(...parseYamlDocuments(text).filter((document) => document !== null) as KubeObject[]);
    } catch (error) {
      throw unreadable("--crds", file, error);
    }
  }
  return objects;
}

async function manifestsIn(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.filter(({ name }) => /\.(ya?ml|json)$/.test(name)).map(({ name }) => `${folder}/${name}`).sort();
  } catch (error) {
    throw unreadable("--crds", folder, error);
  }
}

async function readText(option: string, file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    throw unreadable(option, file, error);
  }
}

function unreadable(option: string, path: string, error: unknown): CliError {
  const why = error instanceof Error ? error.message : String(error);
  return new CliError("UnreadableFile", `Cannot read "${path}": ${why}: correct ${option}`, { cause: error });
}
