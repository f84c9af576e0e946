import assert from "node:assert/strict";
import { checkCharacters } from "./characters.ts";

/** Bytes as they stand in a text: those that are no UTF-8 as lone surrogates. */
const octets = (...bytes: number[]) => String.fromCharCode(...bytes.map((byte) => byte + 0xdc00));

// What Helm's fromYaml says.
const FAULTS: readonly (readonly [text: string, message: string])[] = [
  ["a: \u0007", "control characters are not allowed"],
  [`a: ${octets(0xb3)}`, "invalid leading UTF-8 octet"],
  [`a: ${octets(0xfc, 0xb0, 0x80)}`, "invalid leading UTF-8 octet"],
  [`a: ${octets(0xe6, 0x97)}`, "incomplete UTF-8 octet sequence"],
  [`a: ${octets(0xe6, 0xe9)} `, "invalid trailing UTF-8 octet"],
  [`a: ${octets(0xe6)}é`, "invalid trailing UTF-8 octet"],
  [`a: ${octets(0xc0, 0x80)}`, "invalid length of a UTF-8 sequence"],
  [`a: ${octets(0xed, 0xa0, 0x80)}`, "invalid Unicode character"],
  [`a: ${octets(0xf5, 0x90, 0x80, 0x80)}`, "invalid Unicode character"],
];

for (const [text, message] of FAULTS) {
  Deno.test(`checkCharacters() refuses ${JSON.stringify(text)} in Go's words`, () => {
    assert.throws(() => checkCharacters(text), { message: `yaml: ${message}` });
  });
}

Deno.test("checkCharacters() says what is far behind when the reader gets there", () => {
  const text = "a".repeat(600) + octets(0xb3);
  const check = checkCharacters(text);
  check?.(0);
  assert.throws(() => check?.(text.length), { message: "yaml: invalid leading UTF-8 octet" });
  assert.equal(checkCharacters("a: é\n"), undefined);
});
