import assert from "node:assert/strict";
import { HelmChartError } from "./errors.ts";
import { parseIgnoreRules } from "./helmignore.ts";
import { loadChartDirectory } from "./load_directory.ts";

const CASES: readonly [string, string, boolean, boolean][] = [
  ["*.txt", "a/b.txt", false, true],
  ["*.txt", "a/b.md", false, false],
  ["/b.txt", "a/b.txt", false, false],
  ["a/*.txt", "a/b.txt", false, true],
  ["docs/", "docs", true, true],
  ["docs/", "docs", false, false],
  ["!keep.txt", "other.txt", false, true],
  ["# note\n\n", "note", false, false],
  ["", "templates/.hidden", false, true],
  ["[ab].txt", "b.txt", false, true],
];
for (const [rules, path, isDirectory, expected] of CASES) {
  Deno.test(`parseIgnoreRules() with ${JSON.stringify(rules)} ${expected ? "ignores" : "keeps"} ${path}`, () => {
    assert.equal(parseIgnoreRules(rules)(path, isDirectory), expected);
  });
}

Deno.test("parseIgnoreRules() refuses double stars", () => {
  assert.throws(() => parseIgnoreRules("**/x"), HelmChartError);
});

Deno.test("loadChartDirectory() applies .helmignore, follows links, strips byte order marks and refuses loops", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${root}/templates`);
    await Deno.writeTextFile(`${root}/Chart.yaml`, "\uFEFFapiVersion: v2\nname: demo\nversion: 1.0.0\n");
    await Deno.writeTextFile(`${root}/.helmignore`, "*.bak\n");
    await Deno.writeTextFile(`${root}/notes.bak`, "x");
    await Deno.writeTextFile(`${root}/real.txt`, "x");
    await Deno.symlink(`${root}/real.txt`, `${root}/link.txt`);
    await Deno.writeTextFile(`${root}/templates/x.yaml`, "a: 1\n");
    const chart = await loadChartDirectory(root);
    assert.deepEqual(chart.files.map((file) => file.name).sort(), [".helmignore", "link.txt", "real.txt"]);
    await Deno.symlink(root, `${root}/templates/loop`);
    await assert.rejects(loadChartDirectory(root), HelmChartError);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
