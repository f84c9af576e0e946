/** Runs a case with our engine, and brings both messages into one form. */
import { dirname, join } from "node:path";
import { runTemplate } from "../../../cli/mod.ts";
import { DEFAULT_KUBE_VERSION } from "../../../lib/helm/mod.ts";
import { type ErrorCase, filesOf } from "./case.ts";

/** Paths of a written case, relative to its folder. */
export interface WrittenCase {
  readonly chart: string;
  readonly values: string | undefined;
}

/** Writes a case's chart and values file into a folder. */
export async function writeCase(one: ErrorCase, folder: string): Promise<WrittenCase> {
  const values = one.values === undefined ? undefined : "given.yaml";
  if (one.values !== undefined) await Deno.writeTextFile(join(folder, "given.yaml"), one.values);
  if (one.archive !== undefined) {
    await Deno.writeFile(join(folder, "demo.tgz"), one.archive);
    return { chart: "demo.tgz", values };
  }
  for (const [name, text] of filesOf(one)) {
    const path = join(folder, "demo", name);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
  return { chart: "demo", values };
}

/** Helm's message: without what it puts around it, warnings and hints. */
export function helmText(stderr: string, folder: string): string {
  return stderr
    .replaceAll(`${folder}/`, "")
    .replace(/^level=.*\n/gm, "")
    .replace(/^Error: /, "")
    .replace(/\n+Use --debug flag to render out invalid YAML\n*$/, "")
    .replace(/^coalesce.go:.*\n/gm, "")
    .trim();
}

/** Our message for a case; undefined where ours renders. What is thrown but is no typed error goes on. */
export async function ourText(one: ErrorCase): Promise<string | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "kco-errors-" });
  try {
    const { chart, values } = await writeCase(one, folder);
    await runTemplate("rel", join(folder, chart), {
      namespace: "default",
      kubeVersion: one.kubeVersion ?? DEFAULT_KUBE_VERSION,
      hooks: true,
      ...(values === undefined ? {} : { values: [join(folder, values)] }),
      ...(one.set === undefined ? {} : { set: one.set }),
      ...(one.setString === undefined ? {} : { setString: one.setString }),
      ...(one.setJson === undefined ? {} : { setJson: one.setJson }),
      ...(one.setLiteral === undefined ? {} : { setLiteral: one.setLiteral }),
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof Error) || !["HelmChartError", "RenderError"].includes(error.name)) throw error;
    return error.message.replaceAll(`${folder}/`, "").trim();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
