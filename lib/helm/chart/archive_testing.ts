/** Makes charts for tests. */
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import type { Chart, ChartFile } from "../types.ts";
import { loadChartFiles } from "./load.ts";

const ENCODER = new TextEncoder();
const BLOCK = 512;

/** A chart of files; Chart.yaml is added where it is missing. */
export function testChart(files: Readonly<Record<string, string>>): Chart {
  return loadChartFiles(testFiles(files));
}

/** A packed chart: entries as given, below no folder of their own. */
export function packEntries(
  entries: Readonly<Record<string, string | Uint8Array>>,
): Uint8Array<ArrayBuffer> {
  const blocks = Object.entries(entries).flatMap(([name, content]) => {
    const data = typeof content === "string" ? ENCODER.encode(content) : content;
    return [header(name, data.length), padded(data)];
  });
  return new Uint8Array(gzipSync(Buffer.concat([...blocks, new Uint8Array(2 * BLOCK)])));
}

/** A packed chart below a folder, as `helm package` makes it. */
export function packChart(files: Readonly<Record<string, string>>, folder = "demo"): Uint8Array<ArrayBuffer> {
  return packEntries(
    Object.fromEntries(Object.entries(withMetadata(files)).map(([name, text]) => [`${folder}/${name}`, text])),
  );
}

function testFiles(files: Readonly<Record<string, string>>): ChartFile[] {
  return Object.entries(withMetadata(files)).map(([name, text]) => ({ name, data: ENCODER.encode(text) }));
}

function withMetadata(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { "Chart.yaml": "apiVersion: v2\nname: demo\nversion: 1.0.0\n", ...files };
}

function header(name: string, size: number): Uint8Array {
  const bytes = new Uint8Array(BLOCK);
  const put = (at: number, value: string) => bytes.set(ENCODER.encode(value), at);
  put(0, name);
  put(100, "0000644\0");
  put(124, `${size.toString(8).padStart(11, "0")}\0`);
  put(148, "        ");
  put(156, "0");
  put(257, "ustar\x0000");
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return bytes;
}

function padded(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(data.length / BLOCK) * BLOCK);
  out.set(data);
  return out;
}
