import assert from "node:assert/strict";
import type { KubeObject } from "../../lib/kube/mod.ts";
import type { PatchSpec } from "./api.ts";
import { canonical, hashOf, holds } from "./compare.ts";
import { PatchError, type PatchErrorReason } from "./errors.ts";
import { compileGuard } from "./guard.ts";
import { planOf } from "./plan.ts";
import { joinedValue, transformed } from "./value.ts";

const OBJECT = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "s" },
  data: { user: btoa("admin"), text: "no base64!", nothing: null },
} as unknown as KubeObject;

function valueOf(from: PatchSpec["from"], to: PatchSpec["to"] = {}) {
  const reference = { objectReference: { kind: "Secret", name: "s" } };
  const sources = Array.isArray(from) ? from.map((one) => ({ ...reference, ...one })) : { ...reference, ...from };
  const spec = { from: sources, to: { objectReference: { kind: "ConfigMap", name: "t" }, fieldPath: "data.v", ...to } };
  const plan = planOf({ apiVersion: "krateo.io/v1alpha1", kind: "Patch", metadata: { name: "p" }, spec });
  return transformed(plan, joinedValue(plan, plan.sources.map(() => OBJECT)));
}

Deno.test("joinedValue() and transformed() decode, join, transform and encode", () => {
  const decoded = { fieldPath: "data.user", decode: "base64" } as const;
  assert.equal(valueOf({ fieldPath: "data.user" }), btoa("admin"));
  assert.equal(valueOf(decoded), "admin");
  assert.equal(valueOf(decoded, { transforms: ["upper ."], encode: "base64" }), btoa("ADMIN"));
  assert.deepEqual(valueOf([{ ...decoded, as: "a" }, { fieldPath: "metadata.name", as: "b" }]), { a: "admin", b: "s" });
  assert.deepEqual(valueOf({ ...decoded, as: "only" }), { only: "admin" });
});

Deno.test("joinedValue() and transformed() say what is wrong without the value", () => {
  const rows: [from: PatchSpec["from"], to: PatchSpec["to"], reason: PatchErrorReason, message: RegExp][] = [
    [{ fieldPath: "data.none" }, {}, "SourceFieldMissing", /Secret default\/s: data\.none: no such field/],
    [{ fieldPath: "data.nothing" }, {}, "SourceFieldMissing", /data\.nothing is null/],
    [{ fieldPath: "data.user.deep" }, {}, "SourceFieldMissing", /not an object/],
    [{ fieldPath: "data.text", decode: "base64" }, {}, "TransformFailed", /^Cannot decode base64: the value is not/],
    [{ fieldPath: "data.user" }, { transform: "${ null }" }, "TransformFailed", /null/],
    [{ fieldPath: "data.user" }, { transform: "${ 3 }", encode: "base64" }, "TransformFailed", /Cannot encode/],
    [{ fieldPath: "data.user" }, { transform: "${ . * 200000 }" }, "TransformFailed", /characters/],
  ];
  for (const [from, to, reason, message] of rows) {
    const isSo = (error: unknown) =>
      error instanceof PatchError && error.reason === reason && message.test(error.message) &&
      !/no base64!|admin|YWRtaW4=/.test(error.message);
    assert.throws(() => valueOf(from, to), isSo, `${message}`);
  }
});

Deno.test("compileGuard() looks at value, sources and target; what is missing is not so", () => {
  const scope = { value: { n: 3 }, sources: { source: OBJECT }, target: { spec: { replicas: 1 } } };
  const rows: [expression: string, result: boolean][] = [
    ["value.n > 2", true],
    ["value.n == 3 && target.spec.replicas + 1 == 2", true],
    ["sources.source.metadata.name == 'other'", false],
    ["value.missing == 'x'", false],
    ["!has(value.missing)", true],
  ];
  for (const [expression, result] of rows) assert.equal(compileGuard(expression)(scope), result, expression);
  assert.throws(() => compileGuard("value.n")(scope), /neither true nor false/);
  assert.throws(() => compileGuard("value.n + 'x' == 'y'")(scope), /check the types/);
  assert.throws(() => compileGuard("nosuch == 1")(scope), { reason: "Invalid" });
});

Deno.test("holds() lets others have more fields of an object, but not more elements of a list", () => {
  assert.ok(holds({ a: 1, b: [{ x: 1, y: 2 }] }, { b: [{ x: 1 }] }));
  assert.ok(!holds({ a: [1, 2] }, { a: [1] }));
  assert.ok(!holds({ a: "1" }, { a: 1 }));
  assert.ok(!holds(undefined, { a: 1 }));
});

Deno.test("hashOf() does not depend on the order of keys, but on the key", () => {
  assert.equal(canonical({ b: 1, a: { d: 1, c: 2 } }), canonical({ a: { c: 2, d: 1 }, b: 1 }));
  assert.equal(hashOf({ b: 1, a: 2 }, "k"), hashOf({ a: 2, b: 1 }, "k"));
  assert.notEqual(hashOf("secret", "uid-1"), hashOf("secret", "uid-2"));
});
