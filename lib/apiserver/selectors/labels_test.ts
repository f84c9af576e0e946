import assert from "node:assert/strict";
import { ApiError } from "../status.ts";
import { labelSelectorMatcher, parseFieldSelector, parseLabelSelector } from "./mod.ts";

const LABELS = { a: "b", "x.y/z": "1", empty: "" };

Deno.test("parseLabelSelector() reads what kubectl writes", () => {
  const table: readonly (readonly [string, boolean])[] = [
    ["a=b", true],
    ["a==b", true],
    ["a = b", true],
    ["a!=b", false],
    ["other!=b", true],
    ["a", true],
    ["!a", false],
    ["!other", true],
    ["empty=", true],
    ["a in (b,c)", true],
    ["a in (c)", false],
    ["a notin (c)", true],
    ["other notin (c)", true],
    ["x.y/z>0", true],
    ["x.y/z<1", false],
    ["a>0", false],
    ["a in (b,c),x.y/z=1,!none", true],
    ["a=b,other", false],
  ];
  for (const [text, wanted] of table) assert.equal(parseLabelSelector(text)?.(LABELS), wanted, text);
  assert.equal(parseLabelSelector(" "), undefined);
});

Deno.test("parseLabelSelector() refuses what is none", () => {
  for (const text of ["a=b=c", "=b", "a in", "a in b", "a b", "a>x", ",", "a=b c", "-a=b"]) {
    assert.throws(
      () => parseLabelSelector(text),
      (error) => error instanceof ApiError && error.reason === "BadRequest",
      text,
    );
  }
});

Deno.test("labelSelectorMatcher() takes labels and expressions together", () => {
  const matches = labelSelectorMatcher({
    matchLabels: { a: "b" },
    matchExpressions: [{ key: "x.y/z", operator: "In", values: ["1", "2"] }, { key: "c", operator: "DoesNotExist" }],
  });
  assert.equal(matches(LABELS), true);
  assert.equal(matches({ ...LABELS, c: "" }), false);
  assert.equal(labelSelectorMatcher({})({}), true);
});

Deno.test("parseFieldSelector() matches by name and by a kind's own fields", () => {
  const object = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "n" }, spec: { nodeName: "m" } };
  const table: readonly (readonly [string, boolean])[] = [
    ["metadata.name=p", true],
    ["metadata.name!=p", false],
    ["metadata.namespace=n,spec.nodeName=m", true],
    ["spec.nodeName=", false],
  ];
  for (const [text, wanted] of table) {
    assert.equal(parseFieldSelector(text, ["spec.nodeName"])?.matches(object), wanted, text);
  }
  assert.throws(() => parseFieldSelector("spec.other=1", ["spec.nodeName"]), /field label not supported: spec\.other/);
  assert.throws(() => parseFieldSelector("spec.other=1", undefined), /"spec\.other" is not a known field selector/);
});
