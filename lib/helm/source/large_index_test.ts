import assert from "node:assert/strict";
import { digestOf } from "./digest.ts";

const ARCHIVE = new TextEncoder().encode("an archive");
const MODULE = new URL("./mod.ts", import.meta.url).href;
const MEBIBYTE = 1024 * 1024;

/** An index of so many bytes, one chart behind the other; the one asked for stands in the middle. */
function indexOf(bytes: number): string {
  const entry = (name: string, version: number) =>
    `  - apiVersion: v2\n    description: ${"A chart with a description. ".repeat(8)}\n    name: ${name}\n` +
    `    version: 1.0.${version}\n    urls:\n    - ${name}-1.0.${version}.tgz\n`;
  const chart = (name: string) => `  ${name}:\n${Array.from({ length: 50 }, (_, i) => entry(name, i)).join("")}`;
  const count = Math.ceil(bytes / chart("chart00000").length);
  const names = Array.from({ length: count }, (_, i) => `chart${String(i).padStart(5, "0")}`);
  const wanted = `  web:\n  - {name: web, version: 1.0.0, urls: [web.tgz], digest: ${digestOf(ARCHIVE).slice(7)}}\n`;
  const half = names.length / 2;
  return `apiVersion: v1\nentries:\n${names.slice(0, half).map(chart).join("")}${wanted}${
    names.slice(half).map(chart).join("")
  }`;
}

Deno.test("fetchChart() finds a chart in an index of 20 MiB with a heap of 64 MiB", async () => {
  const index = new TextEncoder().encode(indexOf(20 * MEBIBYTE));
  assert.ok(index.length > 20 * MEBIBYTE);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => new Response(request.url.endsWith("index.yaml") ? index : ARCHIVE),
  );
  const code = `const { fetchChart } = await import(${JSON.stringify(MODULE)});
    const { version } = await fetchChart({ url: "http://127.0.0.1:${server.addr.port}", repo: "web" });
    console.log(version);`;
  try {
    const { code: status, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--v8-flags=--max-old-space-size=64", code],
      stdout: "piped",
      stderr: "piped",
    }).output();
    const text = new TextDecoder();
    assert.equal(status, 0, text.decode(stderr));
    assert.equal(text.decode(stdout).trim(), "1.0.0");
  } finally {
    await server.shutdown();
  }
});
