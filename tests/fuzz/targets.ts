/** What is fuzzed: each target feeds one input to a part of the product and says which errors are its own. */
import { gzipSync } from "node:zlib";
import {
  coalesceValues,
  decodeRelease,
  HelmChartError,
  loadArchive,
  loadChartFiles,
  readValues,
  type SetKind,
  setValues,
} from "../../lib/helm/mod.ts";
import {
  decodeJson,
  decodeToml,
  encodeJson,
  helmFunctions,
  sprigFunctions,
} from "../../lib/gotemplate/functions/mod.ts";
import { fromJson, TemplateError, TemplateSet } from "../../lib/gotemplate/mod.ts";
import { emitYaml, emitYamlPretty, parseYaml, parseYamlDocuments, YamlError } from "../../lib/yaml/mod.ts";
import { archive } from "../corpus/errors/case.ts";
import { entryText, tarOf } from "./tar_text.ts";

/** A part of the product under fuzzing. */
export interface Target {
  /** Inputs to start from. */
  readonly seeds: readonly string[];
  /** Pieces that mutations put in. */
  readonly pieces: readonly string[];
  /** Takes one input, a binary one as latin-1 text. */
  readonly run: (input: string) => void;
  /** Names of the errors that a bad input may end in. */
  readonly errors: readonly string[];
}

const functions = { ...sprigFunctions(), ...helmFunctions() };
const TEMPLATES = [
  "{{ if .a }}{{ .b | quote }}{{ else if .c }}x{{ else }}y{{ end }}",
  "{{- range $i, $x := .list -}}{{ $i }}={{ $x }}{{ break }}{{ end -}}",
  '{{ define "a" }}{{ . }}{{ end }}{{ template "a" .m.k }}{{ block "b" . }}z{{ end }}',
  '{{ $x := printf "%5.2f|%v" 1.5 (dict "a" 1) }}{{ $x = `raw` }}{{ with $y := 0x1F }}{{ $y }}{{ end }}',
  "{{/* comment */}}{{ 'c' }} {{ 1e3 }} {{ .a.b.c }} {{ (index .m \"k\").x }} {{ and true nil }}",
];
const TEMPLATE_PIECES = [
  "{{",
  "}}",
  "{{-",
  "-}}",
  "if",
  "else",
  "end",
  "range",
  "with",
  "define",
  "template",
  "block",
  "break",
  "continue",
  "nil",
  "true",
  ".",
  "$",
  "$x",
  ":=",
  "=",
  "|",
  "(",
  ")",
  ",",
  '"',
  "`",
  "'",
  "\\",
  "/*",
  "*/",
  "0x",
  "1e9",
  "1_0",
  "1i",
  " ",
  "\n",
  "é",
  "\u0000",
  "🙂",
  "dict",
  "list",
  "index",
  "len",
  "printf",
  "%",
  "call",
  "eq",
  "_",
  "__proto__",
  "constructor",
];
const DATA = fromJson({ a: true, b: "text", list: [1, "x", null], m: { k: { x: 1 } } });

function templateRun(execute: boolean): (input: string) => void {
  return (input) => {
    const set = new TemplateSet({ functions, missingKey: "zero", name: "t", limits: { output: 100_000 } });
    set.parse("t", input);
    if (execute) set.execute("t", DATA);
  };
}

const YAML_SEEDS = [
  "a: 1\nb: [x, {y: z}]\nc:\n  - d\n  - e: |\n      text\n",
  "x: &a {k: v}\ny: *a\nz:\n  <<: *a\n",
  "'q': \"e\\n\\u263a\"\n? k\n: v\n--- \n- 1\n...\n",
  "a: !!str 1\nb: >-\n  f\n  g\n\n  h\n%Y\n",
];
const YAML_PIECES = [
  ": ",
  "- ",
  "\n",
  "  ",
  "[",
  "]",
  "{",
  "}",
  ",",
  "&a ",
  "*a",
  "!!int ",
  "|",
  ">",
  "'",
  '"',
  "\\",
  "#",
  "---\n",
  "...",
  "? ",
  "<<: ",
  "~",
  "\t",
  "%",
  "@",
  "é",
  "🙂",
  "\u0000",
  "\ufeff",
  "1e9",
  ".inf",
  "__proto__: ",
];

function yamlRun(input: string): void {
  const value = parseYaml(input);
  parseYamlDocuments(input);
  const text = emitYaml(value);
  emitYamlPretty(value);
  // What is written reads as what it was, and writes the same again.
  if (emitYaml(parseYaml(text)) !== text) throw new Error(`emitYaml() is not stable: ${JSON.stringify(text)}`);
}

const bytesOf = (latin: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(latin, (character) => character.charCodeAt(0) & 255);
const latinOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

const CHART =
  "apiVersion: v2\nname: demo\nversion: 1.0.0\ndependencies:\n- {name: sub, alias: x, condition: a.b, tags: [t], import-values: [c]}\n";
const ARCHIVE = archive({
  "Chart.yaml": CHART,
  "values.yaml": "a: {b: true}\n",
  "templates/x.yaml": "a: b",
  "charts/sub/Chart.yaml": "name: sub\nversion: 1.0.0\n",
});
/** The tar below an archive, zipped again after it was changed: otherwise the checksum ends every try. */
const TAR = latinOf(
  new Uint8Array(
    await new Response(new Blob([ARCHIVE]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer(),
  ),
);

/** Archives as texts of entries: changes to them hit names, sizes and contents, not checksums. */
const TAR_TEXTS = [
  [
    entryText("0", "demo/Chart.yaml", CHART),
    entryText("5", "demo/templates/", ""),
    entryText("0", "demo/templates/x.yaml", "a: {{ .Values.b }}"),
    entryText("2", "demo/link", ""),
    entryText("x", "PaxHeaders/1", "27 path=demo/charts/sub.yaml\n13 size=0002\n"),
    entryText("0", "short", "ab"),
  ],
  [
    entryText("L", "././@LongLink", `demo/${"x/".repeat(100)}y\u0000`),
    entryText("0", "short", "data"),
    entryText("0", "demo/Chart.yaml", CHART),
    entryText("S", "demo/sparse", "x", "\u0080\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0001"),
    entryText("g", "pax_global_header", "52 comment=0123456789012345678901234567890123456789\n"),
    entryText("0", "demo/charts/sub/Chart.yaml", "name: sub\nversion: 1.0.0\n"),
    entryText("0", "demo/charts/sub-1.tgz", latinOf(ARCHIVE)),
  ],
].flatMap((entries) => [`t${entries.join("\u0001")}`, `m${entries.join("\u0001")}`]);

/** `z` is taken as it is, `t` and `m` are texts of entries, the latter zipped in two parts, anything else is a tar. */
function archiveOf(input: string): Uint8Array<ArrayBuffer> {
  if (input.startsWith("z")) return bytesOf(input.slice(1));
  const zip = (bytes: Uint8Array<ArrayBuffer>) => new Uint8Array(gzipSync(bytes, { level: 1 }));
  if (input.startsWith("t")) return zip(tarOf(input.slice(1)));
  if (!input.startsWith("m")) return zip(bytesOf(input));
  const tar = tarOf(input.slice(1));
  const [first, second] = [zip(tar.slice(0, tar.length / 2)), zip(tar.slice(tar.length / 2))];
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

const SET_KINDS: readonly SetKind[] = ["set", "set-string", "set-json", "set-literal"];

function valuesRun(input: string): void {
  const [kind = "", ...rest] = input.split("\u0001");
  const chart = loadChartFiles([{
    name: "Chart.yaml",
    data: new TextEncoder().encode("apiVersion: v2\nname: demo\nversion: 1.0.0\n"),
  }]);
  if (SET_KINDS.includes(kind as SetKind)) {
    const values = {};
    setValues(values, rest.join(""), kind as SetKind);
    coalesceValues(chart, values);
    return;
  }
  coalesceValues(chart, readValues(input));
}

/** Targets by the name that the command line takes. */
export const TARGETS: Readonly<Record<string, Target>> = {
  lexer: { seeds: TEMPLATES, pieces: TEMPLATE_PIECES, run: templateRun(false), errors: ["TemplateError"] },
  parser: { seeds: TEMPLATES, pieces: TEMPLATE_PIECES, run: templateRun(true), errors: ["TemplateError"] },
  yaml: { seeds: YAML_SEEDS, pieces: YAML_PIECES, run: yamlRun, errors: ["YamlError"] },
  tgz: {
    seeds: [TAR, `z${latinOf(ARCHIVE)}`, ...TAR_TEXTS],
    pieces: [
      "\u0000",
      "\u00ff",
      "../",
      "/",
      "\\",
      "demo/",
      "Chart.yaml",
      "charts/",
      "0000777",
      "99999999999",
      "x",
      "L",
      "5",
      "2",
      "ustar",
      "\u0080\u0000\u0000\u0001",
      "27 path=../../etc/passwd\n",
      "13 size=-512\n",
      "12 size=1.5\n",
      "20 size=99999999999\n",
      "22 GNU.sparse.major=1\n",
      "\u0001",
      "\u0002",
      "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
      "S",
      "1",
      "x",
      "g",
      "K",
      "C:/",
      "demo/charts/sub/",
    ],
    run: (input) => void loadArchive(archiveOf(input)),
    errors: ["HelmChartError"],
  },
  values: {
    seeds: [
      ...YAML_SEEDS,
      ...SET_KINDS.flatMap((kind) => [`${kind}\u0001a.b[0]=1,c={x,y},d[1].e=null`, `${kind}\u0001a={"b":[1,"c"]},d=1`]),
    ],
    pieces: [
      ...YAML_PIECES,
      "=",
      ".",
      "[0]",
      "[65536]",
      "[99999999999]",
      "[-1]",
      "{",
      "}",
      "\\,",
      "a.".repeat(40),
      "null",
      '{"a":',
      "__proto__",
      "constructor.prototype.",
    ],
    run: valuesRun,
    errors: ["HelmChartError"],
  },
  codec: {
    seeds: [
      'j{"a":[1,2.5,"x\\u00e9",null,true]}',
      'ta = 1\n[b]\nc = [1, 2]\nd = "x"\n',
      `j${"[".repeat(6000)}${"]".repeat(6000)}`,
      `r${btoa('{"name":"a","version":1}')}`,
      `g{"name":"a","version":1,"info":{"status":"deployed","first_deployed":"","notes":"n"},"chart":{"metadata":{"name":"c"},"templates":[{"name":"t","data":"YQ=="}]},"manifest":"","hooks":[{"name":"h","events":["pre-install"]}]}`,
      `r${new Uint8Array(gzipSync('{"name":"a","version":1,"info":{"status":"deployed"}}')).toBase64()}`,
    ],
    pieces: [
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      "\\u",
      "\\ud83d",
      "1e999",
      "-",
      "0x",
      "'''",
      "=",
      "[[a]]",
      "\n",
      "H4sI",
      "=",
      "é",
      "\u0000",
      "__proto__",
      "[".repeat(2000),
    ],
    run: (input) => {
      const text = input.slice(1);
      if (input.startsWith("r")) decodeRelease(text);
      else if (input.startsWith("g")) decodeRelease(new Uint8Array(gzipSync(text)).toBase64());
      else if (input.startsWith("t")) decodeToml(text);
      else encodeJson(decodeJson(text));
    },
    errors: [
      "JsonDecodeError",
      "JsonEncodeError",
      "TomlDecodeError",
      "ReleaseRecordError",
      "ReleaseError",
      "FunctionError",
    ],
  },
};

/** The classes behind the names, so that a renamed class breaks the build and not the fuzzer. */
export const ERROR_CLASSES = [TemplateError, YamlError, HelmChartError] as const;
