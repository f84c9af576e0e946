import assert from "node:assert/strict";
import { compareUtf8, encodeUtf8 } from "../bytes.ts";
import { TemplateError, TemplateSet } from "../mod.ts";
import { helmFunctions, sprigFunctions } from "./mod.ts";

const set = new TemplateSet({ functions: { ...sprigFunctions(), ...helmFunctions() } });

/** What an expression over `$b` gives, bytes that are no characters as `\xNN`. */
function shown(expression: string, hex: string): string {
  set.parse("main", `{{ $b := b64dec "${Uint8Array.fromHex(hex).toBase64()}" }}{{ ${expression} }}`);
  return set.execute("main", null).replace(/[\udc80-\udcff]/gu, (byte) => `\\x${encodeUtf8(byte).toHex()}`);
}

Deno.test("functions that go by characters make U+FFFD of each byte that is none; the others keep it", () => {
  for (
    const [expression, hex, wanted] of [
      ["upper $b", "ff61c3a962", "\ufffdAÉB"],
      ["lower $b", "41f09f99", "a\ufffd\ufffd\ufffd"],
      ["title $b", "ff61", "\ufffda"],
      ["untitle $b", "41ff", "a\ufffd"],
      ["swapcase $b", "41ff", "a\ufffd"],
      ["camelcase $b", "61ff5f62", "A\ufffdB"],
      ["snakecase $b", "ff61c3a962ff", "\\xffaéb\\xff"],
      ["kebabcase $b", "41c38962ff2042", "a-éb\ufffd-b"],
      ['trimAll "\ufffd" $b', "ff61ff", "a"],
      ["js $b", "61ffc280", "a\\xff\\u0080"],
      ["html $b", "ff3c", "\\xff&lt;"],
      ["toJson $b", "61ff", '"a\\ufffd"'],
      ["fromJson $b", "e298", "map[Error:invalid character 'â' looking for beginning of value]"],
      ["fromToml $b", "ff", "map[Error:toml: line 1: invalid UTF-8 byte: 0xff]"],
      [
        'fromToml "a\\x00"',
        "61",
        "map[Error:toml: line 1: files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8]",
      ],
      ["sortAlpha (list $b `é` `🙂`)", "e298", "[é \\xe2\\x98 🙂]"],
      ["lt $b `é`", "c3", "true"],
    ] as const
  ) assert.equal(shown(expression, hex), wanted, expression);
});

Deno.test("an expression that is not UTF-8 does not compile", () => {
  assert.throws(
    () => shown('regexFind $b "a"', "61ff"),
    (error) => error instanceof TemplateError && /error parsing regexp: invalid UTF-8: `/.test(error.message),
  );
});

Deno.test("compareUtf8() orders bytes that are not UTF-8 among the characters", () => {
  const byte = (code: number) => String.fromCharCode(0xdc00 + code);
  const sorted = ["z", byte(0xc3), "é", `${byte(0xe2)}${byte(0x98)}`, "日", "🙂", byte(0xff)];
  assert.deepEqual(sorted.toReversed().sort(compareUtf8), sorted);
});

Deno.test("fromToml: a key that ends with its line is named by that line", () => {
  assert.equal(
    shown('fromToml "x = 1\\na\\nb = 1"', "61"),
    "map[Error:toml: line 2: expected '.' or '=', but got '\\n' instead]",
  );
});
