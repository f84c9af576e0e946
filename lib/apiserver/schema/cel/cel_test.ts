import assert from "node:assert/strict";
import type { StructuralSchema } from "../../../schema/mod.ts";
import { compileRule, RuleError } from "./mod.ts";
import { escapeField } from "./values.ts";

const schema: StructuralSchema = {
  type: "object",
  properties: {
    a: { type: "integer" },
    "b-c": { type: "string" },
    namespace: { type: "string" },
    l: { type: "array", items: { type: "object", properties: { k: { type: "string" } } } },
    m: { type: "object", additionalProperties: { type: "object", properties: { k: { type: "string" } } } },
    open: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  },
};

/** Rules, and the field that makes them wrong. */
const RULES: readonly (readonly [string, string | undefined])[] = [
  ["self.a > 0", undefined],
  ["self.b > 0", "b"],
  ["has(self.b)", "b"],
  ["self.b__dash__c == 'x' && self.__namespace__ == 'y'", undefined],
  ["self.l.all(x, x.k == 'a')", undefined],
  ["self.l.all(x, x.z == 'a')", "z"],
  ["self.l[0].z == 'a'", "z"],
  ["self.l.filter(x, x.k == 'a').exists(y, y.z == 'b')", "z"],
  ["self.m.anything.k == 'a'", undefined],
  ["self.m['x'].z == 'a'", "z"],
  ["self.open.whatever.more == 1", undefined],
  ["cel.bind(x, self.l, x[0].z == 'a')", "z"],
  ["oldSelf.a == self.nothing", "nothing"],
];

for (const [rule, field] of RULES) {
  Deno.test(`compileRule() ${field === undefined ? "takes" : "refuses"} ${rule}`, () => {
    if (field === undefined) return void compileRule({ rule }, schema);
    assert.throws(
      () => compileRule({ rule }, schema),
      new RuleError("rule", `compilation failed: undefined field '${field}'`),
    );
  });
}

Deno.test("compileRule() knows rules about changes by oldSelf, but not by its name in a text", () => {
  assert.equal(compileRule({ rule: "self == oldSelf" }).transition, true);
  assert.equal(compileRule({ rule: "self == 'oldSelf'" }).transition, false);
});

/** Expressions of Kubernetes' libraries that are true. */
const TRUE = [
  "[1, 2, 3].isSorted() && ![2, 1].isSorted() && ['a', 'b'].isSorted()",
  "[1, 2].sum() == 3 && [1, 5, 2].max() == 5 && [3, 1].min() == 1 && [1, 2, 1].lastIndexOf(1) == 2",
  "sets.contains([1, 2], [2]) && sets.intersects([1], [1, 2]) && sets.equivalent([1, 1], [1])",
  "'a1b22'.find('[0-9]+') == '1' && 'a1b22'.findAll('[0-9]+') == ['1', '22'] && 'a1b22'.findAll('[0-9]+', 1) == ['1']",
  "'aba'.replace('a', 'x') == 'xbx' && 'aba'.replace('a', 'x', 1) == 'xba' && 'abc'.charAt(1) == 'b'",
  "isURL('https://u@a.b:8080/p?q=1') && !isURL('../x') && url('https://a.b:8080/p?q=1').getPort() == '8080'",
  "url('https://[::1]:80/p').getHostname() == '::1' && url('/p?q=1').getQuery() == {'q': ['1']}",
  "isIP('::1') && !isIP('1.2.3') && ip('127.0.0.1').isLoopback() && ip('fe80::1').isLinkLocalUnicast() && ip('8.8.8.8').isGlobalUnicast()",
  "ip.isCanonical('2001:db8::1') && !ip.isCanonical('2001:DB8::1') && string(ip('::ffff')) == '::ffff'",
  "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8') && string(cidr('10.1.2.3/8').ip()) == '10.1.2.3'",
  "cidr('10.0.0.0/8').containsIP(ip('10.9.9.9')) && cidr('::/0').prefixLength() == 0 && !isCIDR('10.0.0.0/33')",
  "quantity('1Gi').isGreaterThan(quantity('1G')) && quantity('50k').add(quantity('20k')) == quantity('70k')",
  "quantity('500m').sign() == 1 && quantity('2').asInteger() == 2 && quantity('1.5').asApproximateFloat() == 1.5",
  "!format.dns1123Label().validate('ok').hasValue() && format.dns1123Label().validate('No').value().size() == 1",
  "format.named('uuid').value().validate('x').hasValue() && !format.named('nothing').hasValue()",
];

for (const rule of TRUE) {
  Deno.test(`CEL knows ${rule.slice(0, 70)}`, () => assert.equal(compileRule({ rule }).evaluate({}), true));
}

Deno.test("escapeField() writes fields as rules must", () => {
  const cases = [["a-b", "a__dash__b"], ["a.b/c", "a__dot__b__slash__c"], ["a__b", "a__underscores__b"], [
    "in",
    "__in__",
  ], ["plain", "plain"]] as const;
  for (const [field, escaped] of cases) assert.equal(escapeField(field), escaped);
});
