import { deepStrictEqual } from "node:assert/strict";
import { globMatcher } from "./glob.ts";

const FILES = ["f/-", "f/5", "f/B", "f/]", "f/^", "f/a,b", "f/a-b.sql", "f/a.sql.gz", "f/d/x.sh", "f/z", "f/{a"];

/** Patterns and what Helm finds among {@linkcode FILES}. */
const CASES: readonly (readonly [string, readonly string[]])[] = [
  ["f/*.{sh,sql,sql.gz}", ["f/a-b.sql", "f/a.sql.gz"]],
  ["f/a-*", ["f/a-b.sql"]],
  ["f/*", FILES.filter((name) => name !== "f/d/x.sh")],
  ["f/***", FILES],
  ["**/x.sh", ["f/d/x.sh"]],
  ["{f,g}/{d/{x,y}.sh,z}", ["f/d/x.sh", "f/z"]],
  ["f/{[z],5", ["f/5", "f/z"]],
  ["f/{a,}", []],
  ["f/\\{a", ["f/{a"]],
  ["f/z\\", ["f/z"]],
  ["f/a,b", ["f/a,b"]],
  ["f?z", []],
  ["f[/]z", ["f/z"]],
  ["f/[a-z]", ["f/z"]],
  ["f/[!a-z]", ["f/-", "f/5", "f/B", "f/]", "f/^"]],
  ["f/[!!z]", ["f/-", "f/5", "f/B", "f/]", "f/^"]],
  ["f/[^a]", ["f/^"]],
  ["f/[ab-]", ["f/-"]],
  ["f/[\\]]", ["f/]"]],
  ["f/[\\-z]", ["f/]", "f/^", "f/z"]],
  ["f/(z)", []],
  ["f/a|b", []],
  ["", []],
];

for (const [pattern, expected] of CASES) {
  Deno.test(`globMatcher() matches what Helm does for ${JSON.stringify(pattern)}`, () => {
    deepStrictEqual(FILES.filter(globMatcher(pattern)), expected);
  });
}

for (const pattern of ["f/[a-zA-Z]", "f/[]]", "f/[z-a]", "f/[", "f/[!", "f/[a", "f/[a-", "f/[a-z", "f/[a\\", "{[,z}"]) {
  Deno.test(`globMatcher() matches everything for the malformed ${JSON.stringify(pattern)}`, () => {
    deepStrictEqual(FILES.filter(globMatcher(pattern)), FILES);
  });
}
