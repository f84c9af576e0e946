import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { loadArchive } from "../../lib/helm/mod.ts";
import { packChart, packFiles } from "./pack.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const CHART = "apiVersion: v2\nname: app\nversion: 1.0.0\n";

Deno.test("packFiles() makes an archive that the loader reads", async () => {
  const long = "x".repeat(1_000);
  const archive = await packFiles(
    "app",
    new Map([
      ["Chart.yaml", bytes(CHART)],
      ["values.yaml", bytes("a: 1\n")],
      ["templates/empty.yaml", bytes("")],
      ["templates/exact.yaml", bytes("x".repeat(512))],
      ["templates/long.yaml", bytes(long)],
    ]),
  );
  const chart = loadArchive(archive);
  strictEqual(chart.metadata.version, "1.0.0");
  deepStrictEqual(chart.values, { a: 1 });
  deepStrictEqual(chart.templates.map((t) => [t.name, t.data.length]), [
    ["templates/empty.yaml", 0],
    ["templates/exact.yaml", 512],
    ["templates/long.yaml", 1_000],
  ]);
  strictEqual(new TextDecoder().decode(chart.templates[2]?.data), long);
});

Deno.test("packFiles() makes the same bytes of the same files", async () => {
  const files = new Map([["Chart.yaml", bytes(CHART)]]);
  deepStrictEqual(await packFiles("app", files), await packFiles("app", files));
});

Deno.test("packFiles() refuses a path that a header cannot hold", async () => {
  const path = "é".repeat(50);
  await rejects(packFiles("app", new Map([[path, bytes("")]])), { reason: "UnreadableChart", message: /100 bytes/ });
});

Deno.test("packChart() packs a folder, sub-folders included", async () => {
  const folder = await Deno.makeTempDir({ prefix: "kco-pack-" });
  try {
    await Deno.mkdir(`${folder}/templates/deep`, { recursive: true });
    await Deno.writeTextFile(`${folder}/Chart.yaml`, CHART);
    await Deno.writeTextFile(`${folder}/templates/deep/a.yaml`, "a: 1\n");
    const chart = loadArchive(await packChart(folder, "app"));
    deepStrictEqual(chart.templates.map((t) => t.name), ["templates/deep/a.yaml"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** A chart folder with a link to a file, one to a folder, and a test's own. */
async function withLinks(work: (folder: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "kco-pack-" });
  try {
    await Deno.mkdir(`${root}/app/templates`, { recursive: true });
    await Deno.mkdir(`${root}/shared`);
    await Deno.writeTextFile(`${root}/app/Chart.yaml`, CHART);
    await Deno.writeTextFile(`${root}/shared/a.yaml`, "a: 1\n");
    await Deno.symlink(`${root}/shared`, `${root}/app/templates/shared`);
    await Deno.symlink("../shared/a.yaml", `${root}/app/values.yaml`);
    await work(`${root}/app`);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("packChart() follows links to files and folders", async () => {
  await withLinks(async (folder) => {
    const chart = loadArchive(await packChart(folder, "app"));
    deepStrictEqual(chart.values, { a: 1 });
    deepStrictEqual(chart.templates.map(({ name }) => name), ["templates/shared/a.yaml"]);
  });
});

for (
  const [what, leads, message] of [["nowhere", "gone", /links to nothing/], [
    "in a circle",
    "..",
    /above itself/,
  ]] as const
) {
  Deno.test(`packChart() refuses a link that leads ${what}`, async () => {
    await withLinks(async (folder) => {
      await Deno.symlink(leads, `${folder}/templates/link`);
      await rejects(packChart(folder, "app"), { reason: "UnreadableChart", message });
    });
  });
}
