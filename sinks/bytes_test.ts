import { deepEqual, equal } from "node:assert/strict";
import { fc } from "../lib/deps/fast_check.ts";
import { joinedBytes } from "./_bytes.ts";

const AROUND = { before: "[", between: ",", after: "]\n" };

Deno.test("joinedBytes() are the bytes of the joined texts, whatever is in them", () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
    equal(new TextDecoder().decode(joinedBytes(texts, AROUND)), new TextDecoder().decode(encoded(`[${texts}]\n`)));
  }));
});

Deno.test("joinedBytes() grows for what is larger than all before, of more bytes than characters too", () => {
  const large = ["x".repeat(100_000), "ü".repeat(200_000), "漢".repeat(300_000)];
  deepEqual(joinedBytes(large, AROUND), encoded(`[${large}]\n`));
  deepEqual(joinedBytes([], {}), encoded(""));
});

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
