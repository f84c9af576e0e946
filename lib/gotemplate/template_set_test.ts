import assert from "node:assert/strict";
import {
  fn,
  fromJson,
  FunctionError,
  GoMap,
  int,
  TemplateError,
  type TemplateErrorReason,
  TemplateSet,
  type TemplateSetOptions,
  types,
  type Value,
} from "./mod.ts";

/** Renders one text. */
function render(text: string, data: unknown = {}, options: TemplateSetOptions = {}): string {
  const set = new TemplateSet(options);
  set.parse("main", text);
  return set.execute("main", fromJson(data));
}

function reasonOf(run: () => unknown): TemplateErrorReason {
  try {
    run();
  } catch (error) {
    if (error instanceof TemplateError) return error.reason;
    throw error;
  }
  throw new assert.AssertionError({ message: "expected a TemplateError" });
}

Deno.test("parse() leaves the set as it is when a text is wrong", () => {
  const set = new TemplateSet();
  set.parse("a", "one");
  assert.equal(reasonOf(() => set.parse("a", '{{ define "b" }}x{{ end }}{{ nosuch }}')), "parse");
  assert.deepEqual(set.names(), ["a"]);
  assert.equal(set.execute("a", null), "one");
});

Deno.test("clone() is independent of its origin", () => {
  const set = new TemplateSet();
  set.parse("a", '{{ template "b" }}{{ define "b" }}old{{ end }}');
  const copy = set.clone();
  copy.parse("c", '{{ define "b" }}new{{ end }}');
  assert.equal(set.execute("a", null), "old");
  assert.equal(copy.execute("a", null), "new");
  assert.equal(set.has("c"), false);
});

Deno.test("clone() binds other functions of the same type", () => {
  const named = (answer: string) => ({ name: fn([], types.string, () => answer) });
  const set = new TemplateSet({ functions: named("first") });
  set.parse("a", "{{ name }}");
  assert.equal(set.execute("a", null), "first");
  assert.equal(set.clone({ functions: named("second") }).execute("a", null), "second");
  assert.equal(set.execute("a", null), "first");
});

Deno.test("parse() compiles a text anew for functions of another type", () => {
  const text = "{{ one | printf `%T` }}";
  assert.equal(render(text, {}, { functions: { one: fn([], types.int, () => int(1)) } }), "int");
  assert.equal(render(text, {}, { functions: { one: fn([], types.float64, () => 1) } }), "float64");
});

Deno.test("parse() takes the same text under several names, each named in its errors", () => {
  const set = new TemplateSet();
  set.parse("a", "{{ .x.y.z }}");
  set.parse("b", "{{ .x.y.z }}");
  const data = fromJson({ x: { y: "s" } });
  assert.throws(() => set.execute("a", data), { message: /^template: a:1:5: executing "a" at <\.x\.y\.z>: / });
  assert.throws(() => set.execute("b", data), { message: /^template: b:1:5: executing "b" at <\.x\.y\.z>: / });
});

Deno.test("a function may execute templates of its set", () => {
  const holder: { set?: TemplateSet } = {};
  const include = fn([types.string, types.any], types.string, (name, data) => holder.set?.execute(name, data) ?? "");
  const set = new TemplateSet({ functions: { include } });
  holder.set = set;
  set.parse("a", '{{ define "b" }}<{{ .x }}>{{ end }}{{ include "b" . | printf "%q" }}');
  assert.equal(set.execute("a", fromJson({ x: 1 })), '"<1>"');
  set.parse("c", '{{ include "nope" . }}');
  assert.throws(() => set.execute("c", null), {
    message: 'template: c:1:3: executing "c" at <include "nope" .>: error calling include: ' +
      'template: no template "nope" associated with template ""',
  });
});

Deno.test("a map that a function changes is changed for everybody", () => {
  const set = fn([types.map, types.string, types.any], types.map, (map, key, value) => map.set(key, value) as GoMap);
  const text = '{{ define "t" }}{{ $_ := set . "k" 2 }}{{ end }}{{ template "t" .m }}{{ .m.k }}';
  assert.equal(render(text, { m: {} }, { functions: { set } }), "2");
});

Deno.test("what a function throws besides FunctionError passes unchanged", () => {
  const suspension = new Error("look this up first");
  const lookup = fn([], types.any, (): Value => {
    throw suspension;
  });
  assert.throws(() => render("{{ print (lookup) }}", {}, { functions: { lookup } }), suspension);
});

Deno.test("FunctionError is kept as the cause", () => {
  const cause = new FunctionError("boom");
  const fail = fn([], types.any, (): Value => {
    throw cause;
  });
  assert.throws(() => render("{{ fail }}", {}, { functions: { fail } }), { cause });
});

Deno.test("keys of Object.prototype are ordinary keys", () => {
  const data = JSON.parse('{"__proto__": {"polluted": true}, "constructor": "c"}');
  assert.equal(render("{{ .__proto__.polluted }} {{ .constructor }} {{ .toString }}", data), "true c <no value>");
  assert.equal(Reflect.get({}, "polluted"), undefined);
  assert.equal(reasonOf(() => render("{{ toString }}")), "parse");
  assert.equal(reasonOf(() => render("{{ __proto__ }}")), "parse");
});

const hostileTexts: readonly string[] = [
  '"; throw new Error("out"); //',
  "`${globalThis.escaped = 1}`",
  "\\u0022; globalThis.escaped = 1; //",
  "*/ globalThis.escaped = 1; /*",
  "\u2028globalThis.escaped = 1\u2029",
  "</script>\n\r\0\ud800",
];

Deno.test("text that would be code elsewhere stays text", () => {
  for (const text of hostileTexts) {
    assert.equal(render(text), text);
    const quoted = text.replaceAll("`", "'").replaceAll("\r", "");
    assert.equal(
      render(`{{ print \`${quoted}\` }}{{ define \`${quoted}\` }}x{{ end }}{{ template \`${quoted}\` }}`),
      `${quoted}x`,
    );
  }
  assert.equal(Reflect.get(globalThis, "escaped"), undefined);
});

Deno.test("a loop without end stops at the deadline", () => {
  const limits = { deadline: Date.now() - 1 };
  assert.equal(reasonOf(() => render("{{ range 1000000000000 }}{{ end }}", {}, { limits })), "limit");
});

Deno.test("an output without end stops at its limit", () => {
  const limits = { output: 10_000 };
  assert.equal(reasonOf(() => render("{{ range 1000000000000 }}xxxxxxxx{{ end }}", {}, { limits })), "limit");
});

Deno.test("recursion without end stops with Go's message", () => {
  const text = '{{ define "r" }}{{ template "r" . }}{{ end }}{{ template "r" . }}';
  const message = /at <{{template "r" \.}}>: exceeded maximum template depth \(100000\)$/;
  assert.throws(() => render(text), { message });
  const limits = { depth: 50 };
  assert.throws(() => render(text, {}, { limits }), { message: /exceeded maximum template depth \(50\)$/ });
});

Deno.test("nesting without end is refused", () => {
  const deep = 30_000;
  assert.equal(reasonOf(() => render(`{{ ${"(".repeat(deep)}1${")".repeat(deep)} }}`)), "limit");
  assert.equal(reasonOf(() => render(`${"{{ if 1 }}".repeat(deep)}${"{{ end }}".repeat(deep)}`)), "limit");
});

Deno.test("a value that contains itself ends with an error", () => {
  const map = new GoMap();
  map.set("self", map);
  const set = new TemplateSet();
  set.parse("main", "{{ . }}");
  assert.equal(reasonOf(() => set.execute("main", map)), "limit");
});
