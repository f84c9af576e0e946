import assert from "node:assert/strict";
import { fc } from "../../deps/fast_check.ts";
import { decodeUtf8 } from "../bytes.ts";
import { fromJson, GoComplex, GoMap, GoSlice, int, types, type Value } from "../value.ts";
import { decodeBase32, decodeBase64, encodeBase32 } from "./base64.ts";
import { deepEqual } from "./deep_equal.ts";
import { diagnoseJson } from "./json_diagnosis.ts";
import { decodeJson, encodeJson, encodeToml, GoDuration, GoRegexp, mergeMaps, NANOSECONDS } from "./mod.ts";
import { GoCertificate } from "./sprig_crypto.ts";
import { yamlTree } from "./yaml_tree.ts";
import { decodeToml } from "./toml_decode.ts";

Deno.test("decodeJson() reads back what encodeJson() writes", () => {
  fc.assert(fc.property(fc.jsonValue(), (data) => {
    const value = fromJson(JSON.parse(JSON.stringify(data)));
    for (const indent of ["", "  "]) {
      assert.ok(deepEqual(decodeJson(encodeJson(value, { escapeHtml: true, indent })), value));
    }
  }));
});

Deno.test("diagnoseJson() complains exactly where JSON.parse() does", () => {
  const pieces = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    '"',
    "\\",
    "1",
    "-",
    ".",
    "e",
    "true",
    "nul",
    " ",
    "\n",
  );
  fc.assert(fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
    const text = parts.join("");
    let valid = true;
    try {
      JSON.parse(text);
    } catch {
      valid = false;
    }
    assert.equal(diagnoseJson(text, 100) === undefined, valid, text);
  }));
});

Deno.test("decodeJson() refuses nesting beyond Go's limit", () => {
  assert.throws(() => decodeJson("[".repeat(20_000)), { message: "exceeded max depth" });
});

Deno.test("decodeBase64() and decodeBase32() undo their encodings", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => {
    assert.deepEqual(decodeBase64(bytes.toBase64()), bytes);
    assert.deepEqual(decodeBase32(encodeBase32(bytes)), bytes);
  }));
});

Deno.test("encodeJson() writes an escape for each byte that is not UTF-8", () => {
  assert.equal(encodeJson(decodeUtf8(Uint8Array.of(0xff, 0x61, 0xc3))), '"\\ufffda\\ufffd"');
});

Deno.test("encodeToml() writes what stands alone as Helm does", () => {
  assert.equal(encodeToml(new GoSlice(types.strings, [], true)), "[]");
  assert.equal(encodeToml(new GoMap<Value>([["a", new GoSlice(types.strings, [], true)], ["b", 1]])), "b = 1.0\n");
  assert.equal(encodeToml(new GoDuration(90n * NANOSECONDS.s)), '"1m30s"');
  assert.throws(() => encodeToml(new GoComplex(0, 1)), /unsupported type for key '': complex128/);
  assert.throws(() => encodeToml(new GoMap([["a", new GoComplex(0, 1)]])), /unsupported type: complex128/);
});

Deno.test("yamlTree() keeps whole numbers apart, durations as text, and fields in lower case", () => {
  const list: Value[] = [int(1), 1, new GoDuration(90n * NANOSECONDS.s), new GoCertificate("c", "k")];
  assert.deepEqual(yamlTree(list), [1n, 1, "1m30s", new Map([["cert", "c"], ["key", "k"]])]);
  assert.throws(() => yamlTree(new GoComplex(0, 1)), /^FunctionError: cannot marshal type: complex128$/);
});

Deno.test("decodeToml() reads back what encodeToml() writes", () => {
  const leaf = fc.oneof(
    fc.string(),
    fc.boolean(),
    fc.integer().map(int),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  const maps = fc.dictionary(fc.string(), fc.oneof(leaf, fc.array(leaf), fc.dictionary(fc.string(), leaf).map(toMap)))
    .map(toMap);
  fc.assert(fc.property(maps, (map) => {
    const read = decodeToml(encodeToml(map));
    assert.equal(encodeToml(read), encodeToml(map));
  }));
});

function toMap<V extends Value>(object: Record<string, V>): GoMap {
  return new GoMap<Value>(Object.entries(object));
}

Deno.test("GoRegexp.replaceAll() takes the first group of a shared name that took part", () => {
  assert.equal(GoRegexp.compile("(?P<n>a)|(?P<n>b)").replaceAll("xbya", "<${n}>"), "x<b>y<a>");
});

Deno.test("GoRegexp.replaceAll() takes a number with a leading zero for a name", () => {
  assert.equal(GoRegexp.compile("(a)").replaceAll("xax", "<${01}${0}$01>"), "x<a>x");
});

Deno.test("GoRegexp.compile() says of a backslash at the end what Go says", () => {
  assert.throws(() => GoRegexp.compile("a\\"), {
    message: "error parsing regexp: trailing backslash at end of expression: ``",
  });
});

Deno.test("GoRegexp.compile() names groups in its messages as they were given", () => {
  const expression = "(?P<n>a)(?<n>b))";
  assert.throws(() => GoRegexp.compile(expression), {
    message: `error parsing regexp: unexpected ): \`${expression}\``,
  });
});

Deno.test("GoRegexp.findAll() skips an empty match right behind another", () => {
  assert.deepEqual(GoRegexp.compile("a*").findAll("baac", -1), ["", "aa", ""]);
});

Deno.test("mergeMaps() changes the target and shares values with the source", () => {
  const inner = new GoMap<Value>([["x", 1]]);
  const target = new GoMap<Value>([["keep", "k"], ["empty", ""]]);
  mergeMaps(target, new GoMap<Value>([["keep", "other"], ["empty", "filled"], ["m", inner]]), false);
  assert.equal(target.get("keep"), "k");
  assert.equal(target.get("empty"), "filled");
  assert.equal(target.get("m"), inner);
});
