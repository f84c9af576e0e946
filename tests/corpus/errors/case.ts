/** Charts that make Helm fail, as data. */
import { gzipSync } from "node:zlib";
import { packEntries } from "../../../lib/helm/chart/archive_testing.ts";

/** One chart with one command line. */
export interface ErrorCase {
  /** Says what is wrong; the key of the recording. */
  readonly id: string;
  /** Files of the chart over those of {@linkcode BASE}; `null` takes one of those away. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** A packed chart instead of a directory. */
  readonly archive?: Uint8Array<ArrayBuffer>;
  /** Text of a values file. */
  readonly values?: string;
  readonly set?: readonly string[];
  readonly setString?: readonly string[];
  readonly setJson?: readonly string[];
  readonly setLiteral?: readonly string[];
  readonly kubeVersion?: string;
}

/** What every chart has unless a case says otherwise. */
export const BASE: Readonly<Record<string, string>> = {
  "Chart.yaml": "apiVersion: v2\nname: demo\nversion: 1.0.0\n",
  "values.yaml":
    "str: text\nnum: 3\nflt: 1.5\nyes: true\nnothing: null\nlist: [a, b]\nmap: {k: v}\ndeep: {a: {b: 1}}\n",
};

/** The files that a case writes into its chart's directory. */
export function filesOf(one: ErrorCase): [string, string][] {
  return Object.entries({ ...BASE, ...one.files }).filter((entry): entry is [string, string] => entry[1] !== null);
}

/** One case a template text, in `templates/t.yaml`. */
export function templates(group: string, texts: readonly string[]): ErrorCase[] {
  return texts.map((text) => ({ id: `${group}: ${text}`, files: { "templates/t.yaml": text } }));
}

/** An archive of entries that are each below a folder `demo`, unless a path starts with `/` or `!` (taken without it). */
export function archive(entries: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  return packEntries(
    Object.fromEntries(
      Object.entries(entries).map(([name, text]) => [name.startsWith("!") ? name.slice(1) : `demo/${name}`, text]),
    ),
  );
}

/** Any bytes, zipped. */
export function zipped(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(text));
}
