import { deepStrictEqual, rejects } from "node:assert/strict";
import { objectsOf, valuesOf } from "./files.ts";

async function withFolder(files: Readonly<Record<string, string>>, work: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}`, text);
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("valuesOf() and objectsOf() are empty without a file and a folder", async () => {
  deepStrictEqual([await valuesOf(undefined), await objectsOf(undefined)], [{}, []]);
});

Deno.test("valuesOf() reads a values file, and names the one that it cannot use", () =>
  withFolder({ "good.yaml": "a: {b: 1}", "list.yaml": "[1]", "broken.yaml": "a: [" }, async (folder) => {
    deepStrictEqual(await valuesOf(`${folder}/good.yaml`), { a: { b: 1 } });
    await rejects(valuesOf(`${folder}/none.yaml`), { reason: "UnreadableFile", message: /none\.yaml.*--values$/ });
    for (const name of ["list.yaml", "broken.yaml"]) {
      await rejects(valuesOf(`${folder}/${name}`), {
        reason: "InvalidValues",
        message: new RegExp(`failed to parse .*${name}`),
      });
    }
  }));

Deno.test("objectsOf() reads every document of YAML and JSON, and names the file that it cannot read", () =>
  withFolder(
    { "b.yaml": "kind: A\n---\n---\nkind: B\n", "a.json": '{"kind":"C"}', "README.md": "x: [" },
    async (folder) => {
      deepStrictEqual((await objectsOf(folder)).map(({ kind }) => kind), ["C", "A", "B"]);
      await Deno.writeTextFile(`${folder}/c.yml`, "a: [");
      await rejects(objectsOf(folder), { reason: "UnreadableFile", message: /c\.yml.*--crds$/ });
      await rejects(objectsOf(`${folder}/none`), { reason: "UnreadableFile", message: /none.*--crds$/ });
    },
  ));
