import assert from "node:assert/strict";
import { testChart } from "../chart/archive_testing.ts";
import type { RenderRequest, RenderResult } from "../types.ts";
import { RenderError, type RenderErrorReason } from "./errors.ts";
import { createRenderer, type Renderer } from "./renderer.ts";

const BASE = {
  values: {},
  release: { name: "rel", namespace: "ns", revision: 1, isInstall: true, isUpgrade: false },
  capabilities: { kubeVersion: "v1.33.0", apiVersions: ["v1"] },
} satisfies Omit<RenderRequest, "chart">;

/** Small ones: what grows without end meets them soon. */
const LIMITS = { timeout: 20_000, maxOutput: 200_000, maxMemory: 256 };

const growing = (start: string, step: string) =>
  `{{ $x := ${start} }}{{ range until 60 }}{{ $x = ${step} }}{{ end }}{{ len $x }}`;
const laughs = (keys: number) =>
  Array.from({ length: keys }, (_, i) => `k${i}: &k${i} [${Array(9).fill(i === 0 ? "x" : `*k${i - 1}`).join(",")}]\n`)
    .join("");

/** Templates that take all there is, and the reasons for which they may end. */
const ENDLESS: readonly (readonly [string, string, RenderErrorReason])[] = [
  ["include that includes itself", '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}', "Execution"],
  ["template that calls itself", '{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}', "TooDeep"],
  ["tpl of itself", "{{ tpl .Values.t . }}", "Execution"],
  [
    "tpl and include in turns",
    '{{ define "a" }}{{ tpl "{{ include \\"a\\" . }}" . }}{{ end }}{{ include "a" . }}',
    "Execution",
  ],
  ["output", '{{ range until 100000 }}{{ repeat 1000 "x" }}{{ end }}', "OutputTooLarge"],
  ["printf of itself", growing('"x"', 'printf "%s%s" $x $x'), "OutputTooLarge"],
  ["repeat", '{{ repeat 1000000000 "x" }}', "Execution"],
  ["until", "{{ until 1000000000 }}", "Execution"],
  ["untilStep", "{{ untilStep 0 1000000000 1 }}", "Execution"],
  ["seq", "{{ seq 1 1000000000 }}", "Execution"],
  ["nindent", '{{ nindent 1000000000 "x" }}', "Execution"],
  ["indent", '{{ indent 100000 (repeat 100000 "x\\n") }}', "Execution"],
  ["randAlphaNum", "{{ randAlphaNum 1000000000 }}", "Execution"],
  ["randBytes", "{{ randBytes 1000000000 }}", "Execution"],
  ["parentheses", `{{ ${"(".repeat(100_000)}1${")".repeat(100_000)} }}`, "TooDeep"],
  ["blocks within blocks", "{{ if 1 }}".repeat(20_000) + "{{ end }}".repeat(20_000), "TooDeep"],
  ["a version without end", '{{ semver (repeat 100000 "1.") }}', "Execution"],
  ["aliases of aliases, printed", laughs(12), "InvalidManifest"],
  ["brackets, printed", "[".repeat(100_000), "InvalidManifest"],
  ["a value within itself, printed", '{{ $_ := set .Values "self" .Values }}{{ .Values }}', "TooDeep"],
];

Deno.test("createRenderer() ends hostile templates with a reason, and renders the next chart as if nothing had been", async (t) => {
  const renderer = createRenderer();
  try {
    for (const [name, template, reason] of ENDLESS) {
      await t.step(name, async () => {
        const values = { t: "{{ tpl .Values.t . }}" };
        const error = await reasonOf(renderer, template, { values });
        // A thousand templates within one another are Helm's limit, and may be more than the stack holds.
        const isDeep = reason === "Execution" && error.reason === "TooDeep" && /include|tpl/.test(name);
        assert.equal(isDeep ? reason : error.reason, reason, error.message);
        assert.deepEqual(await objectOf(renderer, "a: 1"), { a: 1 });
      });
    }
  } finally {
    await renderer.close();
  }
});

Deno.test("createRenderer() gives hostile arguments what Go gives, or says that they are too much", async (t) => {
  // Each of these is small work that a careless implementation makes large.
  const table: readonly (readonly [string, string])[] = [
    ['printf "%1000000000d" 1 | len', "25"],
    ['regexMatch "^(a+)+$" (printf "%sb" (repeat 20000 "a"))', "false"],
    ['regexMatch "(x{1000}){1000}" "x"', "false"],
    ['regexReplaceAll "(x+x+)+y" (repeat 20000 "x") "" | len', "20000"],
    ['fromYaml .Values.laughs | keys | join ","', "Error"],
    ['fromYaml (repeat 100000 "[") | keys | join ","', "Error"],
    ['fromJson (repeat 100000 "[") | keys | join ","', "Error"],
    ["untilStep 0 10 0 | len", "0"],
    ["seq 0 0 5", ""],
    ['splitn "x" 1000000000 (repeat 100 "x") | len', "101"],
    ['trunc -1000000000 "x"', "x"],
    ['trunc 1000000000 "x"', "x"],
    ['abbrev 1000000000 "x"', "x"],
    ["round 1.5 3", "1.5"],
    ['derivePassword 1 "long" "p" "u" "s" | len', "14"],
  ];
  const renderer = createRenderer();
  try {
    for (const [expression, want] of table) {
      await t.step(expression, async () => {
        const values = { laughs: laughs(12) };
        const found = await objectOf(renderer, `a: {{ ${expression} | toString | quote }}`, { values });
        assert.equal(found?.["a"], want);
      });
    }
  } finally {
    await renderer.close();
  }
});

/** Names that mean something to objects of JavaScript, and nothing to Go. */
const NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "then",
  "__defineGetter__",
];

Deno.test("createRenderer() takes names like __proto__ for names, wherever they stand", async (t) => {
  const renderer = createRenderer();
  const before = Object.getOwnPropertyNames(Object.prototype);
  try {
    for (const name of NAMES) {
      await t.step(name, async () => {
        const values = JSON.parse(`{${JSON.stringify(name)}: {"polluted": "evil"}, "m": {}}`);
        const template = [
          `key: {{ .Values.${name}.polluted }}`,
          `absent: {{ .Values.m.${name} | default "none" }}`,
          `index: {{ index .Values ${JSON.stringify(name)} "polluted" }}`,
          `{{ define ${JSON.stringify(name)} }}defined{{ end }}include: {{ include ${JSON.stringify(name)} . }}`,
          `dict: {{ dict ${JSON.stringify(name)} 1 | toJson }}`,
          `unset: {{ unset (dict ${JSON.stringify(name)} 1) ${JSON.stringify(name)} | toJson }}`,
          `set: {{ set (dict) ${JSON.stringify(name)} 1 | keys | join "" }}`,
          `merge: {{ merge (dict) (dict ${JSON.stringify(name)} (dict "polluted" 1)) | toJson | quote }}`,
          `has: {{ hasKey (dict) ${JSON.stringify(name)} }}`,
          `pluck: {{ pluck ${JSON.stringify(name)} (dict) (dict ${JSON.stringify(name)} 1) | toJson }}`,
          `{{ $${name.replaceAll("_", "x")} := 1 }}var: {{ $${name.replaceAll("_", "x")} }}`,
          `${name}: {${name}: manifest}`,
        ].join("\n");
        const found = await objectOf(renderer, template, { values });
        const one = Object.fromEntries([[name, 1]]);
        assert.equal(found?.["key"], "evil");
        assert.equal(found["absent"], "none");
        assert.equal(found["index"], "evil");
        assert.equal(found["include"], "defined");
        assert.equal(JSON.stringify(found["dict"]), JSON.stringify(one));
        assert.deepEqual(found["unset"], {});
        assert.equal(found["set"], name);
        assert.equal(found["merge"], JSON.stringify(Object.fromEntries([[name, { polluted: 1 }]])));
        assert.equal(found["has"], false);
        assert.deepEqual(found["pluck"], [1]);
        assert.equal(found["var"], 1);
        assert.ok(Object.hasOwn(found, name));
        const error = await reasonOf(renderer, `{{ ${name} }}`);
        assert.match(error.message, /function ".*" not defined|bad character|unexpected|wrong number of args/);
      });
    }
    assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), before);
    assert.equal(Reflect.get({}, "polluted"), undefined);
  } finally {
    await renderer.close();
  }
});

/** Texts that would end a string, a comment or a template of JavaScript. */
const PIECES = [
  "`",
  "${1+1}",
  "'",
  "\\",
  "*/",
  "/*",
  "//",
  "\u2028",
  "\u2029",
  "</script>",
  "\0",
  "\r",
  "});",
  "\\u0060",
  "${globalThis.x=1}",
];

Deno.test("createRenderer() lets no text of a template become code", async (t) => {
  const renderer = createRenderer();
  try {
    for (const piece of PIECES) {
      await t.step(JSON.stringify(piece), async () => {
        const text = JSON.stringify(piece).replaceAll("\\u0000", "\\x00");
        // In a text, a raw text, a comment, names of templates and keys, and where nothing is quoted at all.
        const raw = piece.includes("`") || piece.includes("\r") ? '"-"' : `\`${piece}\``;
        const comment = piece === "*/" ? "" : `{{/* ${piece} */}}`;
        const template = `${comment}{{ define ${text} }}x{{ end }}` +
          `{{ $d := dict ${text} ${text} }}a: {{ index $d ${text} | b64enc }}\nb: {{ include ${text} . }}\nc: {{ ${raw} | len }}\n`;
        const found = await objectOf(renderer, template);
        assert.equal(found?.["a"], new TextEncoder().encode(piece).toBase64());
        assert.equal(found["b"], "x");
      });
    }
    const unknown = await reasonOf(renderer, "{{ globalThis }}");
    assert.match(unknown.message, /function "globalThis" not defined/);
    assert.deepEqual(await objectOf(renderer, "a: {{ .constructor }}x"), { a: "x" });
  } finally {
    await renderer.close();
  }
});

Deno.test("createRenderer() matches file patterns without trying all ways to do so", async () => {
  const renderer = createRenderer();
  try {
    const name = `files/${"a".repeat(80)}b`;
    for (const pattern of [`files/${"*a".repeat(60)}`, `files/${"{a,aa}".repeat(30)}`, "**/".repeat(60) + "c"]) {
      const chart = testChart({
        [name]: "x",
        "templates/x.yaml": `count: {{ len (.Files.Glob ${JSON.stringify(pattern)}) }}`,
      });
      let outcome: unknown;
      try {
        outcome = (await renderer.render({ ...BASE, chart, limits: LIMITS })).documents[0]?.object["count"];
      } catch (error) {
        outcome = error instanceof RenderError ? error.reason : error;
      }
      assert.ok(outcome === 0 || outcome === "Execution", `${pattern}: ${outcome}`);
    }
  } finally {
    await renderer.close();
  }
});

async function render(renderer: Renderer, template: string, more: Partial<RenderRequest> = {}): Promise<RenderResult> {
  return await renderer.render({
    ...BASE,
    limits: LIMITS,
    ...more,
    chart: testChart({ "templates/x.yaml": template }),
  });
}

async function objectOf(
  renderer: Renderer,
  template: string,
  more?: Partial<RenderRequest>,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  return (await render(renderer, template, more)).documents[0]?.object;
}

async function reasonOf(renderer: Renderer, template: string, more?: Partial<RenderRequest>): Promise<RenderError> {
  try {
    await render(renderer, template, more);
  } catch (error) {
    if (error instanceof RenderError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: "It rendered" });
}
