import assert from "node:assert/strict";
import type { Values } from "../types.ts";
import { HelmChartError } from "./errors.ts";
import { type SetKind, setValues } from "./set_values.ts";

const SET: readonly [SetKind, string, Values][] = [
  ["set", "a=1,b.c=x,d=true,e=null,f=007", { a: 1n, b: { c: "x" }, d: true, e: null, f: "007" }],
  ["set", "l={a,2},m[1].n=x,o[0][1]=y", { l: ["a", 2n], m: [null, { n: "x" }], o: [[null, "y"]] }],
  ["set", "a\\.b=x\\,y,c=", { "a.b": "x,y", c: "" }],
  ["set", "a.b.=", {}],
  ["set", "a=1,b[0].=", { a: 1n, b: [] }],
  ["set-string", "a=1,b=true", { a: "1", b: "true" }],
  ["set-json", 'a={"x":[1,2]},b=,c="q,r"', { a: { x: [1, 2] }, b: null, c: "q,r" }],
  ["set", "a[0].b[0]", { a: [] }],
  ["set", "a[0].x.y=,b[1].c=", { a: [{ x: { y: "" } }], b: [] }],
  ["set", "a[0][0]", { a: [] }],
  ["set", "a=1,b[", { a: 1n }],
  ["set", "n=fal\u017fe,m=+7,o=-0", { n: false, m: 7n, o: 0n }],
  ["set-json", "b.[1]", {}],
  ["set-json", "a=\u00851,b=\u00852", { a: 1, b: 2 }],
  ["set-json", 'a="\\ud800"', { a: "\ufffd" }],
  ["set-json", "a=01=2,b=1.5.x=-1e2", { a: 0, 1: 2, b: 1.5 }],
  ["set-literal", "a[0].b[0]", { a: [] }],
  ["set-literal", "a.b=x,y=\\z", { a: { b: "x,y=\\z" } }],
];
for (const [kind, expression, expected] of SET) {
  Deno.test(`setValues() reads --${kind} ${expression}`, () => {
    const values: Values = {};
    setValues(values, expression, kind);
    assert.deepEqual(values, expected);
  });
}

/** What Helm says of each. */
const REFUSED: readonly [string, string][] = [
  ["a[9223372036854775808]=1", 'error parsing index: strconv.Atoi: parsing "9223372036854775808": value out of range'],
  ["a[9223372036854775807]=1", "index of 9223372036854775807 is greater than maximum supported index of 65536"],
  ["a[1_0]=1", 'error parsing index: strconv.Atoi: parsing "1_0": invalid syntax'],
  ["a[-1]=1", "negative -1 index not allowed"],
  ["m[1_0]=1", 'error parsing index: strconv.Atoi: parsing "1_0": invalid syntax'],
  ["m[1]=1", "unable to parse key: interface conversion: interface {} is map[string]interface {}, not []interface {}"],
];
for (const [expression, message] of REFUSED) {
  Deno.test(`setValues() says why it refuses --set ${expression}`, () => {
    assert.throws(() => setValues({ m: {} }, expression, "set"), { message: `failed parsing --set data: ${message}` });
  });
}

for (const expression of ["a=1.x=2", "a=1ex=2", "a=-", "a=[1.]", "a=tru", 'a="x', "a=1e999"]) {
  Deno.test(`setValues() refuses --set-json ${expression}`, () => {
    assert.throws(() => setValues({}, expression, "set-json"), {
      message: `failed parsing --set-json data ${expression}`,
    });
  });
}

for (const expression of ["a", "a,b=1", "a[x]=1", "a[-1]=1", "a[70000]=1", "a={x", "a.=b", "a[0]x=1"]) {
  Deno.test(`setValues() refuses --set ${expression}`, () => {
    assert.throws(
      () => setValues({}, expression, "set"),
      (error) => error instanceof HelmChartError && error.message.startsWith("failed parsing --set data: "),
    );
  });
}
