import assert from "node:assert/strict";
import { labelMatcher, SelectorError } from "./label_selector.ts";

const LABELS = { app: "web", tier: "front", "krateo.io/team": "a", empty: "" };
const selected: [selector: string, expected: boolean][] = [
  ["", true],
  ["app", true],
  ["none", false],
  ["!none", true],
  ["!app", false],
  ["app=web", true],
  ["app == web", true],
  ["app=db", false],
  ["app!=db", true],
  ["none!=x", true],
  ["none=", false],
  ["empty=", true],
  ["app in (db, web)", true],
  ["app in (db)", false],
  ["app notin (db)", true],
  ["none notin (x)", true],
  ["none in (x,)", false],
  ["krateo.io/team=a,tier in (front,back),!none", true],
  ["krateo.io/team=a,tier in (back)", false],
  ["toString", false],
];
for (const [selector, expected] of selected) {
  Deno.test(`labelMatcher() reads "${selector}"`, () => assert.equal(labelMatcher(selector)(LABELS), expected));
}

for (const selector of ["a=b=c", "a in b", ",", "a,,b", "a>1", "=x"]) {
  Deno.test(`labelMatcher() refuses "${selector}"`, () => {
    assert.throws(() => labelMatcher(selector), SelectorError);
  });
}
