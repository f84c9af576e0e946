import assert from "node:assert/strict";
import { fn, fromJson, TemplateError, TemplateSet, types } from "../mod.ts";
import { sprigFunctions } from "../functions/mod.ts";

const functions = { ...sprigFunctions(), short: fn([types.string], types.string, (text) => text) };

/** What stands behind the place: `<NODE>: MESSAGE`. */
function complaint(text: string, data: unknown = {}): string {
  const set = new TemplateSet({ functions, missingKey: "zero" });
  set.parse("main", text);
  try {
    return set.execute("main", fromJson(data));
  } catch (error) {
    if (error instanceof TemplateError) return error.message.replace(/^.* at </, "<");
    throw error;
  }
}

Deno.test("a complaint about the value of and/or names the argument evaluated last", () => {
  for (
    const [text, wanted] of [
      ['{{ short (and 0 "x") }}', "<0>: wrong type for value; expected string; got int"],
      ['{{ short (or "" 2 "x") }}', "<2>: wrong type for value; expected string; got int"],
      ['{{ short (or (and 0 "x") (or 7 "x")) }}', "<7>: wrong type for value; expected string; got int"],
      ['{{ (and 0 "x").field }}', "<0>: can't evaluate field field in type int"],
      ['{{ range or "a" "b" }}{{ end }}', '<"a">: range can\'t iterate over a'],
    ] as const
  ) assert.equal(complaint(text), wanted, text);
});

Deno.test("a complaint about a field names the type under which the value is held", () => {
  for (
    const [text, wanted] of [
      ["{{ .a.b }}", "<.a.b>: can't evaluate field b in type interface {}"],
      ["{{ $x := .a }}{{ $x.b }}", "<$x.b>: can't evaluate field b in type string"],
      ['{{ with split "," "a,b" }}{{ ._0.b }}{{ end }}', "<._0.b>: can't evaluate field b in type string"],
      ['{{ with split "," "a,b" }}{{ .missing.b }}{{ end }}', "<.missing.b>: can't evaluate field b in type string"],
      ['{{ with split "," "a" }}{{ $._0.b.c }}{{ end }}', "<$._0.b.c>: nil pointer evaluating interface {}.b"],
      [
        '{{ with split "," "a,b" }}{{ .x.Method 1 }}{{ end }}',
        "<.x.Method>: can't evaluate field Method in type string",
      ],
      ["{{ (.a).Method 1 }}", "<.a>: can't evaluate field Method in type string"],
      ['{{ (list 1 "x").Method 1 }}', '<"x">: can\'t evaluate field Method in type []interface {}'],
      ['{{ 1 | (semver "1.2").Compare 2 }}', '<"1.2">: wrong number of args for Compare: want 1 got 2'],
      ['{{ (semver "1.2").Compare 2 }}', "<2>: can't handle 2 for arg of type *semver.Version"],
      ["{{ .a.Method 1 }}", "<.a.Method>: can't evaluate field Method in type interface {}"],
      ["{{ range .list }}{{ .Method 1 }}{{ end }}", "<.Method>: can't evaluate field Method in type interface {}"],
      ["{{ range .list }}{{ .b }}{{ end }}", "<.b>: can't evaluate field b in type interface {}"],
    ] as const
  ) assert.equal(complaint(text, { a: "x", list: ["y"] }), wanted, text);
});

Deno.test("range over a named number gives values of its type", () => {
  const text = '{{ range (toDate "2006-01-02" "2023-03-02").Month }}{{ . }} {{ end }}';
  assert.equal(complaint(text), "%!Month(0) January February ");
  assert.equal(complaint('{{ range (semver "1.2") }}{{ end }}'), '<"1.2">: range can\'t iterate over 1.2.0');
});

Deno.test("an index behind the end of a text or a list is complained about by its kind", () => {
  assert.equal(
    complaint('{{ index "ab" 2 }}'),
    '<index "ab" 2>: error calling index: reflect: string index out of range',
  );
  assert.equal(complaint("{{ index .list 1 }}", { list: ["a"] }).split(": ").at(-1), "slice index out of range");
});

Deno.test("$ may be assigned to, and dot stays what it is", () => {
  for (
    const [text, wanted] of [
      ["{{ $ = .list }}{{ $ }} {{ .a }}", "[y] x"],
      ["{{ range $, $ = .list }}{{ $ }}{{ end }}{{ .a }}{{ $ }}", "yxy"],
      ["{{ with .a }}{{ $ = . }}{{ end }}{{ .list }}{{ $ }}", "[y]x"],
    ] as const
  ) assert.equal(complaint(text, { a: "x", list: ["y"] }), wanted, text);
});

Deno.test("eq compares times and versions as Go's == does", () => {
  for (
    const [text, wanted] of [
      ['{{ eq (toDate "2006" "2023") (toDate "2006" "2023") }}', "true"],
      ['{{ eq (toDate "2006" "2023") (toDate "2006" "2024") }}', "false"],
      ['{{ eq (toDate "2006" "2023") (toDate "2006" "2023").UTC }}', "false"],
      ['{{ eq (semver "1.2.3") (semver "1.2.3") }}', "false"],
      ['{{ eq (semver "1.2.3").IncMajor (semver "1.2.3").IncMajor }}', "true"],
      ['{{ eq (semver "1.2.3").IncMajor (semver "1.2.3").IncMinor }}', "false"],
    ] as const
  ) assert.equal(complaint(text), wanted, text);
});
