import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { packEntries } from "./archive_testing.ts";
import { parseIgnoreRules } from "./helmignore.ts";
import { loadArchive, loadChartFiles } from "./load.ts";
import { tarEntries } from "./tar.ts";

const CHART = "apiVersion: v2\nname: demo\nversion: 1.0.0\n";
const MIB = 1024 * 1024;
const tooLarge = { name: "HelmChartError", reason: "TooLarge" };

Deno.test("loadArchive() refuses what unpacks to more than a chart may be before it has unpacked it", () => {
  assert.throws(() => loadArchive(new Uint8Array(gzipSync(new Uint8Array(170 * MIB), { level: 1 }))), tooLarge);
});

Deno.test("loadArchive() takes a hundred thousand files in time proportional to their number", () => {
  const files = Array.from({ length: 100_000 }, (_, at) => [`demo/files/${at}`, ""]);
  const chart = loadArchive(packEntries({ "demo/Chart.yaml": CHART, ...Object.fromEntries(files) }));
  assert.equal(chart.files.length, 100_000);
});

Deno.test("loadArchive() bounds what archives within archives unpack to", () => {
  const big = new Uint8Array(4 * MIB);
  const files = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`demo/${at}`, big]));
  const inner = packEntries({ "demo/Chart.yaml": CHART, ...files });
  const archives = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`demo/charts/s${at}.tgz`, inner]));
  assert.throws(() => loadArchive(packEntries({ "demo/Chart.yaml": CHART, ...archives })), tooLarge);
});

Deno.test("loadChartFiles() refuses charts within charts without end", () => {
  const data = new TextEncoder().encode(CHART);
  const files = Array.from({ length: 200 }, (_, depth) => ({ name: `${"charts/sub/".repeat(depth)}Chart.yaml`, data }));
  assert.throws(() => loadChartFiles(files), tooLarge);
});

Deno.test("tarEntries() ends with sizes in extension headers that are none", () => {
  for (const size of ["-512", "-1024", "1.5", "abc", "0x10", "1e3", "99999999999999999999", ""]) {
    const body = ` size=${size}\n`;
    const record = `${body.length + 2}${body}`;
    const archive = new Uint8Array(4 * 512);
    archive.set(header("x", record.length));
    archive.set(new TextEncoder().encode(record), 512);
    archive.set(header("0", 0), 1024);
    assert.throws(() => [...tarEntries(archive)], { name: "HelmChartError", reason: "InvalidArchive" }, size);
  }
});

function header(type: string, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(512);
  const put = (text: string, at: number) => bytes.set(new TextEncoder().encode(text), at);
  put("name", 0);
  put(size.toString(8).padStart(11, "0"), 124);
  put(type, 156);
  const sum = bytes.reduce((total, byte) => total + byte, 8 * 0x20);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return bytes;
}

Deno.test("parseIgnoreRules() ends with patterns that can be matched in many ways", () => {
  const name = `${"a".repeat(200)}b`;
  assert.equal(parseIgnoreRules(`${"*a".repeat(60)}\n`)(name, false), false);
  assert.equal(parseIgnoreRules(`${"*a".repeat(60)}*\n`)(name, false), true);
  for (
    const [pattern, path, isIgnored] of [
      ["[a-c]", "b", true],
      ["[^a-c]", "b", false],
      ["[\\]]", "]", true],
      ["[\\d]", "d", true],
      ["[\\d]", "1", false],
      ["[a[:digit:]", "1", false],
      ["a\\*", "a*", true],
      ["a\\*", "ab", false],
      ["a.b", "axb", false],
      ["[é-ü]", "ö", true],
      ["?", "🙂", true],
    ] as const
  ) assert.equal(parseIgnoreRules(`${pattern}\n`)(path, false), isIgnored, `${pattern} ${path}`);
});
