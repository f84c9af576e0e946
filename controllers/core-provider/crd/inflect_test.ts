import { deepEqual, equal } from "node:assert/strict";
import { pascalize, pluralize } from "./inflect.ts";

/** Word, PascalCase, lower-case plural of that, plural of the word: as the original's library gave them. */
const CASES: [string, string, string, string][] = JSON.parse(
  Deno.readTextFileSync(new URL("./testdata/inflections.json", import.meta.url)),
);

Deno.test("pascalize() and pluralize() agree with the original's naming on every recorded word", () => {
  equal(CASES.length > 400, true);
  for (const [word, ...expected] of CASES) {
    const pascal = pascalize(word);
    deepEqual([pascal, pluralize(pascal).toLowerCase(), pluralize(word)], expected, word);
  }
});

Deno.test("pluralize() of nothing is nothing", () => equal(pluralize("  "), ""));
