import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { fetchChart, loadArchive } from "../../lib/helm/mod.ts";
import { showChart } from "./chart.ts";

const CHART = "apiVersion: v2\nname: app\nversion: 1.0.0\n";

/** A folder with a chart, its name with a space in it. */
async function withChart(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "kco chart " });
  try {
    await Deno.mkdir(`${folder}/templates`);
    await Deno.writeTextFile(`${folder}/Chart.yaml`, CHART);
    await Deno.writeTextFile(`${folder}/templates/a.yaml`, "a: 1\n");
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Ways to name the same folder. */
const NAMES: readonly (readonly [string, (folder: string) => string])[] = [
  ["by its path", (folder) => folder],
  ["with a slash at its end", (folder) => `${folder}//`],
  ["with a dot at its end", (folder) => `${folder}/.`],
  ["from below", (folder) => `${folder}/templates/..`],
];
for (const [what, name] of NAMES) {
  Deno.test(`showChart() serves a folder that is named ${what}`, () =>
    withChart(async (folder) => {
      const shown = await showChart(name(folder));
      try {
        strictEqual(shown.spec.version, "1.0.0");
        const { bytes } = await fetchChart(shown.spec);
        deepStrictEqual(loadArchive(bytes).templates.map((t) => t.name), ["templates/a.yaml"]);
      } finally {
        await shown.server?.close();
      }
    }));
}

Deno.test("showChart() has an example of its own", async () => {
  const shown = await showChart(undefined);
  strictEqual(shown.spec.repo, "hello-app");
  await shown.server?.close();
});

for (const url of ["https://charts.example.org/a-1.tgz", "oci://charts.example.org/a"]) {
  Deno.test(`showChart() leaves ${url} to the controllers`, async () => {
    deepStrictEqual(await showChart(url), { spec: { url } });
  });
}

Deno.test("showChart() says what it was given, and what it takes", () =>
  rejects(showChart("/no/such/chart"), {
    reason: "UnreadableChart",
    message: /^Cannot read chart "\/no\/such\/chart": .*: give a \.tgz, a folder, a URL or oci:/,
  }));
