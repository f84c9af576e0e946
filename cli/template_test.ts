import assert from "node:assert/strict";
import { loadChartFiles, render } from "../lib/helm/mod.ts";
import { helmMessage } from "./helm_errors.ts";
import { runTemplate } from "./template.ts";
import { shownOnly } from "./template_output.ts";

const CONFIG = (name: string, more = "") => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}${more}}\n`;
const FILES: Readonly<Record<string, string>> = {
  "Chart.yaml": "apiVersion: v2\nname: demo\nversion: 1.0.0\n",
  "values.yaml": "a: 1\n",
  "templates/a.yaml": `${CONFIG("a-{{ .Release.Name }}-{{ .Values.a }}")}---\n${CONFIG("b")}`,
  "templates/hook.yaml": CONFIG("hook", ", annotations: {helm.sh/hook: pre-install}"),
  "templates/tests/t.yaml": CONFIG("t", ", annotations: {helm.sh/hook: test}"),
  "crds/c.yaml": "# kept as it is\n---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n",
};
const DEFAULTS = { namespace: "default", kubeVersion: "v1.35.0", hooks: true } as const;

async function withChart(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "kco-template-" });
  try {
    for (const [path, text] of Object.entries(files)) {
      const file = `${root}/demo/${path}`;
      await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(file, text);
    }
    await work(`${root}/demo`);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const sources = (text: string) => [...text.matchAll(/^# Source: demo\/(.*)$/mg)].map(([, path]) => path);

const OPTIONS:
  readonly (readonly [what: string, options: Readonly<Record<string, unknown>>, prints: readonly string[]])[] = [
    ["objects, then hooks", {}, [
      "templates/a.yaml",
      "templates/a.yaml",
      "templates/hook.yaml",
      "templates/tests/t.yaml",
    ]],
    ["no hooks", { hooks: false }, ["templates/a.yaml", "templates/a.yaml"]],
    ["no tests", { skipTests: true }, ["templates/a.yaml", "templates/a.yaml", "templates/hook.yaml"]],
    ["CRDs first", { includeCrds: true, hooks: false }, ["crds/c.yaml", "templates/a.yaml", "templates/a.yaml"]],
    ["one template", { showOnly: ["templates/hook.yaml"] }, ["templates/hook.yaml"]],
    ["templates by a pattern", { showOnly: ["templates/tests/*"] }, ["templates/tests/t.yaml"]],
  ];
for (const [what, options, prints] of OPTIONS) {
  Deno.test(`runTemplate() prints ${what} for ${JSON.stringify(options)}`, async () => {
    await withChart(FILES, async (folder) => {
      assert.deepEqual(sources(await runTemplate("rel", folder, { ...DEFAULTS, ...options })), prints);
    });
  });
}

Deno.test("runTemplate() prints a file of crds/ as it is", async () => {
  await withChart(FILES, async (folder) => {
    const text = await runTemplate("rel", folder, { ...DEFAULTS, includeCrds: true });
    assert.ok(
      text.startsWith(`---\n# Source: demo/crds/c.yaml\n${FILES["crds/c.yaml"]}\n---\n# Source: demo/templates/a`),
    );
  });
});

Deno.test("runTemplate() writes files below the release's folder, and the CRDs above it, as Helm does", async () => {
  await withChart(FILES, async (folder) => {
    const out = `${folder}/../out`;
    const options = { ...DEFAULTS, outputDir: out, releaseName: true, includeCrds: true, hooks: false };
    assert.equal(
      await runTemplate("rel", folder, options),
      ["demo/crds/c.yaml", "rel/demo/templates/a.yaml", "rel/demo/templates/a.yaml"].map((path) =>
        `wrote ${out}/${path}\n`
      )
        .join("") + "\n",
    );
    const written = await Deno.readTextFile(`${out}/rel/demo/templates/a.yaml`);
    assert.deepEqual(sources(written), ["templates/a.yaml", "templates/a.yaml"]);
  });
});

Deno.test("shownOnly() says which template gave nothing", () => {
  assert.throws(() => shownOnly("", ["templates/none.yaml"]), {
    message: "could not find template templates/none.yaml in chart",
  });
});

for (const name of ["Bad_Name", "x".repeat(54), ""]) {
  Deno.test(`runTemplate() refuses the release name "${name}"`, async () => {
    await withChart(FILES, async (folder) => {
      await assert.rejects(runTemplate(name, folder, DEFAULTS), {
        message: /^release name check failed: release name "/,
      });
    });
  });
}

Deno.test("helmMessage() adds Helm's hint to what went wrong while rendering, and nowhere else", async () => {
  const chart = (template: string, schema: string) =>
    loadChartFiles(
      Object.entries({ ...FILES, "templates/a.yaml": template, "values.schema.json": schema })
        .map(([name, text]) => ({ name, data: new TextEncoder().encode(text) })),
    );
  const messageOf = async (template: string, schema: string) => {
    const release = { name: "rel", namespace: "ns", revision: 1, isInstall: true, isUpgrade: false };
    const capabilities = { kubeVersion: "v1.35.0", apiVersions: [] };
    try {
      await render({ chart: chart(template, schema), values: {}, release, capabilities });
    } catch (error) {
      return helmMessage(error);
    }
    throw new Error("the chart must not render");
  };
  assert.match(
    await messageOf("{{ fail `boom` }}", "{}") ?? "",
    /boom\n\nUse --debug flag to render out invalid YAML$/,
  );
  assert.match(await messageOf("", '{"required":["z"]}') ?? "", /missing property 'z'\n+$/);
  assert.equal(helmMessage(new TypeError("a fault of ours")), undefined);
});
