import assert from "node:assert/strict";
import { parseYaml, YamlError } from "./mod.ts";

const SIZE = 20_000;
/** Texts that a parser which looks ahead or back too often takes square time or more for; each is small enough for one that does not. */
const LONG: readonly [string, string][] = [
  ["line breaks before what is no entry", `#x\n${"\n".repeat(SIZE)} - a\nb: c\n`],
  ["brackets in one line", `a: ${"[{x: ".repeat(400)}`],
  ["items in one line", `[${"a, ".repeat(SIZE)}b]`],
  ["quotes in one line", `[${"'a', ".repeat(SIZE)}'b']`],
  ["blanks", `a:${" ".repeat(SIZE)}b${" ".repeat(SIZE)}`],
  ["blank lines within a text", `a: |\n  x\n${"  \n".repeat(SIZE)}  y\n`],
  ["blank lines within a plain scalar", `a: x\n${"\n".repeat(SIZE)}  y\n`],
  ["a long plain scalar over lines", `a: ${"x\n  ".repeat(SIZE)}y`],
  ["markers of documents", "---\n".repeat(SIZE)],
  ["comments", "# c\n".repeat(SIZE)],
  ["anchors", `[${"&a x, ".repeat(SIZE)}*a]`],
  ["question marks", "? a\n".repeat(SIZE)],
  ["dashes", "- ".repeat(900)],
  ["escapes", `"${"\\u263a\\\n".repeat(SIZE)}"`],
  ["percent signs in a tag", `!${"%41".repeat(SIZE)} x`],
  ["an open quote", `a: "${"x\n".repeat(SIZE)}`],
  ["merges", `${"a: &a {x: 1}\n"}b:\n${"  <<: *a\n".repeat(900)}`],
];
for (const [name, text] of LONG) {
  Deno.test(`parseYaml() comes to an end soon with ${name}`, () => {
    try {
      parseYaml(text);
    } catch (error) {
      assert.ok(error instanceof YamlError, String(error));
    }
  });
}

Deno.test("parseYaml() refuses collections within collections beyond a limit, whatever their form", () => {
  for (const text of ["[".repeat(5000), "{a: ".repeat(5000), "- ".repeat(5000), "? ".repeat(5000), "[{".repeat(2500)]) {
    assert.throws(() => parseYaml(text), (error) => error instanceof YamlError && error.reason === "Depth");
  }
});
