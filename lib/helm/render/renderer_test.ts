import assert from "node:assert/strict";
import { testChart } from "../chart/archive_testing.ts";
import type { RenderRequest } from "../types.ts";
import type { RenderError } from "./errors.ts";
import { createRenderer } from "./renderer.ts";

const BASE = {
  values: {},
  release: { name: "rel", namespace: "ns", revision: 1, isInstall: true, isUpgrade: false },
  capabilities: { kubeVersion: "v1.33.0", apiVersions: ["v1"] },
} satisfies Omit<RenderRequest, "chart">;

const request = (template: string, more: Partial<RenderRequest> = {}): RenderRequest => ({
  ...BASE,
  ...more,
  chart: testChart({ "templates/x.yaml": template }),
});

Deno.test("createRenderer() renders in a worker, asks the caller for lookups and passes errors on", async () => {
  const renderer = createRenderer();
  try {
    const lookup = () => Promise.resolve({ data: "d" });
    const result = await renderer.render(request('found: {{ (lookup "v1" "Secret" "ns" "x").data }}', { lookup }));
    assert.deepEqual(result.documents.map(({ object }) => object), [{ found: "d" }]);
    await assert.rejects(renderer.render(request('{{ fail "boom" }}')), {
      name: "RenderError",
      reason: "Execution",
      message: "execution error at (demo/templates/x.yaml:1:3): boom",
    });
    const chart = testChart({ "templates/x.yaml": "count: {{ .Values.n }}" });
    const numbers = await Promise.all([1, 2, 3].map((n) => renderer.render({ ...BASE, chart, values: { n } })));
    assert.deepEqual(numbers.map(({ documents }) => documents[0]?.object["count"]), [1, 2, 3]);
  } finally {
    await renderer.close();
  }
});

Deno.test("Renderer.warm() starts the worker that renders; closed unused, or warmed after that, it leaves nothing behind", async () => {
  const used = createRenderer();
  used.warm();
  assert.equal((await used.render(request("a: b"))).manifest.includes("a: b"), true);
  await used.close();
  const unused = createRenderer();
  unused.warm();
  await unused.close();
  unused.warm();
  await assert.rejects(unused.render(request("a: b")), { reason: "Closed" });
});

Deno.test("createRenderer() ends a template that does not end, and goes on with a new worker", async () => {
  const renderer = createRenderer();
  try {
    const endless = "{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}";
    await assert.rejects(renderer.render(request(endless, { limits: { timeout: 300 } })), { reason: "Timeout" });
    const result = await renderer.render(request("a: 1"));
    assert.deepEqual(result.documents[0]?.object, { a: 1 });
  } finally {
    await renderer.close();
  }
});

Deno.test("createRenderer() lets nobody wait for a template that does not end", async () => {
  const renderer = createRenderer();
  // Hours of work that leaves no garbage, and a limit beyond that of any test run: only close() ends it.
  const step = "{{ range $.Values.steps }}";
  const endless = step.repeat(9) + "{{ end }}".repeat(9);
  const values = { steps: Array.from({ length: 100 }, (_, i) => i) };
  const hostile = renderer.render(request(endless, { values, limits: { timeout: 600_000 } }));
  const ended = hostile.then(() => "Done", (error: RenderError) => error.reason);
  try {
    const waiting = [1, 2, 3].map((n) => renderer.render(request(`a: ${n}`)));
    const results = await Promise.all(waiting);
    assert.deepEqual(results.map(({ documents }) => documents[0]?.object), [{ a: 1 }, { a: 2 }, { a: 3 }]);
  } finally {
    await renderer.close();
  }
  assert.equal(await ended, "Closed");
});

Deno.test("createRenderer() stops the longest of as many endless templates as there are workers, when others wait", async () => {
  const renderer = createRenderer({ fairShare: 300 });
  const endless = "{{ range $.Values.steps }}".repeat(9) + "{{ end }}".repeat(9);
  const values = { steps: Array.from({ length: 100 }, (_, i) => i) };
  const hostile = [1, 2, 3, 4].map(() => renderer.render(request(endless, { values, limits: { timeout: 600_000 } })));
  const ended = hostile.map((one) => one.then(() => "Done", (error: RenderError) => error.reason));
  try {
    const result = await renderer.render(request("a: 1"));
    assert.deepEqual(result.documents[0]?.object, { a: 1 });
  } finally {
    await renderer.close();
  }
  const reasons = (await Promise.all(ended)).sort();
  assert.equal(reasons[0], "Closed", "the others had no need to end");
  assert.equal(reasons.at(-1), "Timeout");
});

Deno.test("createRenderer() refuses what waits for a turn when it is closed", async () => {
  const renderer = createRenderer();
  const turns = [1, 2, 3].map((n) => assert.rejects(renderer.render(request(`a: ${n}`)), { reason: "Closed" }));
  await renderer.close();
  await Promise.all(turns);
});

Deno.test("createRenderer() refuses to render once closed", async () => {
  const renderer = createRenderer();
  await renderer.close();
  await assert.rejects(renderer.render(request("a: 1")), { reason: "Closed" });
});

Deno.test("createRenderer() works out of a bundle that is a program of its own", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const library = new URL("../mod.ts", import.meta.url).href;
    await Deno.writeTextFile(
      `${directory}/main.ts`,
      `import { createRenderer, loadChartFiles } from ${JSON.stringify(library)};
      if (import.meta.main) {
        const data = (text: string) => new TextEncoder().encode(text);
        const chart = loadChartFiles([
          { name: "Chart.yaml", data: data("apiVersion: v2\\nname: demo\\nversion: 1.0.0\\n") },
          { name: "templates/x.yaml", data: data("a: {{ .Values.a }}") },
        ]);
        const renderer = createRenderer();
        const result = await renderer.render({ ...${JSON.stringify(BASE)}, values: { a: 7 }, chart });
        console.log(JSON.stringify(result.documents[0]?.object));
        await renderer.close();
      }`,
    );
    await run("bundle", "--quiet", "--output", `${directory}/out.js`, `${directory}/main.ts`);
    assert.equal(await run("run", "--no-prompt", "--allow-read", `${directory}/out.js`), '{"a":7}\n');
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

async function run(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  const decoder = new TextDecoder();
  assert.equal(code, 0, decoder.decode(stderr));
  return decoder.decode(stdout);
}
