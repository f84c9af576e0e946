/**
 * Asks the real Helm for its error on every case and writes `expected.json`.
 *
 *     deno run -A tests/corpus/errors/record.ts [--new]
 *
 * `--new` asks only about cases that have no recording yet. A case on which Helm does not fail is no case: it is named and left out.
 */
import { join } from "node:path";
import { helm } from "../../../tools/oracle.ts";
import type { ErrorCase } from "./case.ts";
import { cases } from "./cases.ts";
import before from "./expected.json" with { type: "json" };
import { helmText, writeCase } from "./run.ts";

const OPTIONS = {
  set: "--set",
  setString: "--set-string",
  setJson: "--set-json",
  setLiteral: "--set-literal",
} as const;

async function ask(one: ErrorCase): Promise<string | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "kco-errors-" });
  try {
    const { chart, values } = await writeCase(one, folder);
    const flags = (["set", "setString", "setJson", "setLiteral"] as const).flatMap((kind) =>
      (one[kind] ?? []).flatMap((expression) => [OPTIONS[kind], expression])
    );
    const run = await helm([
      "template",
      "rel",
      chart,
      ...(values === undefined ? [] : ["--values", values]),
      ...(one.kubeVersion === undefined ? [] : ["--kube-version", one.kubeVersion]),
      ...flags,
    ], { cwd: folder });
    return run.code === 0 ? undefined : helmText(run.stderr, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const recorded: Record<string, string | undefined> = Deno.args.includes("--new") ? { ...before } : {};
const asked = cases.filter(({ id }) => recorded[id] === undefined);
let next = 0;
await Promise.all(Array.from({ length: 2 }, async () => {
  for (let one = asked[next++]; one !== undefined; one = asked[next++]) {
    const text = await ask(one);
    if (text === undefined) console.log(`Helm takes it: ${one.id}`);
    else recorded[one.id] = text;
  }
}));
const sorted = Object.fromEntries(cases.flatMap(({ id }) => recorded[id] === undefined ? [] : [[id, recorded[id]]]));
await Deno.writeTextFile(
  join(import.meta.dirname ?? ".", "expected.json"),
  `${JSON.stringify(sorted, undefined, 1)}\n`,
);
console.log(`errors: ${Object.keys(sorted).length} of ${cases.length} recorded`);
