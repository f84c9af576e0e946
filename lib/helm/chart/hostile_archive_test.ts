import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { packEntries } from "./archive_testing.ts";
import { loadArchive, loadChartFiles } from "./load.ts";

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
