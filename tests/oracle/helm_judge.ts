/**
 * What the `helm` command makes of one case: the last word where Helm's SDK and we do not agree, since a run takes 100 ms.
 */
import { dirname, join } from "node:path";
import { helm } from "../../tools/oracle.ts";
import { fileOf, FILES, readShown, SHOWN, shownOf, templateOf } from "./case_chart.ts";
import type { Outcome } from "./judge.ts";

/** The outcome of `helm template` for a case at its place among others. */
export async function judgeByHelm(text: string, index: number): Promise<Outcome> {
  const folder = await Deno.makeTempDir({ prefix: "kco-oracle-" });
  try {
    const files = { ...FILES, [fileOf(index)]: templateOf(text), [SHOWN]: shownOf([index]) };
    for (const [path, content] of Object.entries(files)) {
      await Deno.mkdir(dirname(join(folder, "demo", path)), { recursive: true });
      await Deno.writeTextFile(join(folder, "demo", path), content);
    }
    const run = await helm(["template", "rel", "demo"], { cwd: folder });
    if (run.code !== 0) return { error: messageOf(run.stderr) };
    const value = readShown(run.stdout).get(index);
    return value === undefined ? { error: "(no output)" } : { value };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Helm's message without what the command puts around it. */
function messageOf(stderr: string): string {
  return stderr.replace(/^level=.*\n/gm, "").replace(/^Error: /, "").replace(/\n+Use --debug.*\n*$/, "").trim();
}
