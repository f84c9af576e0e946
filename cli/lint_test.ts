import assert from "node:assert/strict";
import { packFiles } from "./charts/mod.ts";
import { runLint } from "./lint.ts";

const FILES: Readonly<Record<string, string>> = {
  "Chart.yaml": "apiVersion: v2\nname: demo\nversion: 1.0.0\ndependencies: [{name: sub, version: 1.0.0}]\n",
  "values.yaml": "{}\n",
  "templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: Loud\n",
  "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: bad\nicon: https://example.org/i.png\n",
  "charts/sub/values.yaml": "{}\n",
  "charts/sub/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n",
};

/** A chart's folder without its subchart, and one that has it. */
async function folders(): Promise<{ readonly root: string } & AsyncDisposable> {
  const root = await Deno.makeTempDir({ prefix: "kco-lint-" });
  for (const [path, text] of Object.entries(FILES)) {
    const file = `${root}/demo/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  const text = new TextEncoder();
  const own = Object.entries(FILES).filter(([path]) => !path.startsWith("charts/"));
  const archive = await packFiles("demo", new Map(own.map(([path, data]) => [path, text.encode(data)])));
  await Deno.writeFile(`${root}/demo-1.0.0.tgz`, archive);
  return { root, [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }) };
}

Deno.test("runLint() of an archive prints findings and a summary, and fails on warnings if it is strict", async () => {
  await using made = await folders();
  const path = `${made.root}/demo-1.0.0.tgz`;
  const { output, summary, failed } = await runLint([path], { namespace: "default" });
  assert.match(
    output,
    new RegExp(`^==> Linting ${path}\n\\[INFO\\] Chart\\.yaml: icon is recommended\n\\[WARNING\\] templates/a`),
  );
  assert.match(output, /\n\[WARNING\] \/.*demo: chart directory is missing these dependencies: sub\n\n$/);
  assert.deepEqual([summary, failed], ["1 chart(s) linted, 0 chart(s) failed", false]);
  assert.equal((await runLint([path], { namespace: "default", strict: true })).failed, true);
});

Deno.test("runLint() quietly leaves the harmless out, and a chart without warnings altogether", async () => {
  await using made = await folders();
  const noisy = await runLint([`${made.root}/demo-1.0.0.tgz`], { namespace: "default", quiet: true });
  assert.doesNotMatch(noisy.output, /INFO/);
  await Deno.writeTextFile(`${made.root}/demo/templates/a.yaml`, "");
  await Deno.remove(`${made.root}/demo/charts/sub`, { recursive: true });
  await Deno.writeTextFile(`${made.root}/demo/Chart.yaml`, "apiVersion: v2\nname: demo\nversion: 1.0.0\n");
  const silent = await runLint([`${made.root}/demo`], { namespace: "default", quiet: true });
  assert.deepEqual(silent, { output: "", summary: "", failed: false });
});

Deno.test("runLint() with subcharts examines those too", async () => {
  await using made = await folders();
  const { output, summary } = await runLint([`${made.root}/demo`], { namespace: "default", withSubcharts: true });
  assert.match(
    output,
    /==> Linting .*\/demo\/charts\/sub\n\[ERROR\] Chart\.yaml: version 'bad' is not a valid SemVer\n/,
  );
  assert.match(summary, /^2 chart\(s\) linted, /);
});

Deno.test("runLint() fails for what is no chart", async () => {
  const { output, failed } = await runLint(["/nonexistent"], { namespace: "default" });
  assert.equal(failed, true);
  assert.equal(
    output,
    "==> Linting /nonexistent\n" +
      "Error unable to check Chart.yaml file in chart: stat /nonexistent/Chart.yaml: no such file or directory\n\n",
  );
});
