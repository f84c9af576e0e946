import assert from "node:assert/strict";
import { decodeJson, JsonDecodeError } from "./mod.ts";

Deno.test("decodeJson() refuses what is nested beyond Go's limit or our stack with its own error", () => {
  for (const depth of [9_000, 20_000]) {
    const text = "[".repeat(depth) + "]".repeat(depth);
    try {
      assert.ok(Array.isArray(decodeJson(text)));
    } catch (error) {
      assert.ok(error instanceof JsonDecodeError, String(error));
      assert.equal(error.message, "exceeded max depth");
    }
  }
});
