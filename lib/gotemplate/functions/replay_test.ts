import assert from "node:assert/strict";
import { fromJson, TemplateSet } from "../mod.ts";
import { randomInteger, randomText, shuffled } from "./random.ts";
import { sprigFunctions } from "./mod.ts";

/** A generator that gives the same bytes for the same seed. Not for secrets. */
function seeded(seed: number): (count: number) => Uint8Array {
  let state = seed;
  return (count) =>
    Uint8Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
}

const RANDOM = [
  "randAlphaNum 20",
  "uuidv4",
  "randBytes 8",
  "randInt 0 1000000",
  'shuffle "abcdefghij"',
  'genPrivateKey "ecdsa"',
  'genPrivateKey "ed25519"',
  '(genCA "ca" 10).Key',
  '(genCA "ca" 10).Cert',
  'htpasswd "user" "password"',
  'encryptAES "key" "text"',
  "now",
].map((expression) => `{{ ${expression} }}`).join("\n");

function render(seed: number): string {
  const now = () => new Date("2024-05-06T07:08:09.123Z");
  const set = new TemplateSet({ functions: sprigFunctions({ random: seeded(seed), now }) });
  set.parse("t", RANDOM);
  return set.execute("t", fromJson({}));
}

Deno.test("sprigFunctions() repeats a render byte by byte when randomness and clock are given", () => {
  const first = render(1);
  assert.equal(render(1), first);
  assert.notEqual(render(2), first);
  assert.ok(first.endsWith("2024-05-06 07:08:09.123 +0000 UTC"));
});

Deno.test("randomInteger() stays below its bound and reaches all values", () => {
  const random = seeded(7);
  const seen = new Set(Array.from({ length: 500 }, () => randomInteger(random, 5)));
  assert.deepEqual([...seen].sort(), [0, 1, 2, 3, 4]);
});

Deno.test("randomText() draws from its alphabet only, shuffled() keeps every item", () => {
  assert.match(randomText(seeded(3), 200, "abc"), /^[abc]{200}$/);
  assert.deepEqual(shuffled(seeded(3), [1, 2, 3, 4, 5]).sort(), [1, 2, 3, 4, 5]);
});
