import assert from "node:assert/strict";
import { Unit } from "./compile/unit.ts";
import { functionLookup } from "./function_lookup.ts";
import { UnitCache } from "./unit_cache.ts";

const lookup = functionLookup();
const unitOf = (text: string) => Unit.parse("file", text, lookup);

Deno.test("UnitCache keeps what was used last within its capacity, and the newest unit however heavy", () => {
  const texts = ["a{{ .x }}", "b{{ .x }}", "c{{ .x }}"] as const;
  const cache = new UnitCache(unitOf(texts[0]).weight * 2);
  const kept = () => texts.filter((text) => cache.find("file", text, lookup) !== undefined);
  cache.add(unitOf(texts[0]));
  cache.add(unitOf(texts[1]));
  cache.find("file", texts[0], lookup);
  cache.add(unitOf(texts[2]));
  assert.deepEqual(kept(), [texts[0], texts[2]]);
  const heavy = "{{ .x }}".repeat(100);
  cache.add(unitOf(heavy));
  assert.deepEqual(kept(), []);
  assert.notEqual(cache.find("file", heavy, lookup), undefined);
});

Deno.test("Unit weighs its statements and operands, whether they stand in many actions or in one", () => {
  const plain = unitOf("x".repeat(1000)).weight;
  assert.ok(unitOf("{{.}}".repeat(200)).weight > 10 * plain);
  assert.ok(unitOf(`{{print${" 1".repeat(500)}}}`).weight > 10 * plain);
});
