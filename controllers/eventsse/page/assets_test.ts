import assert from "node:assert/strict";
import { EVERYTHING, filterOf, hashOf, matches } from "./assets/filter.js";
import { describe } from "./assets/kubectl.js";

const EVENT = {
  metadata: { uid: "u1", labels: { "krateo.io/composition-id": "c1" } },
  involvedObject: { apiVersion: "apps/v1", kind: "Deployment", namespace: "demo", name: "web" },
  type: "Warning",
  reason: "FailedCreate",
  message: "Quota exceeded",
};

Deno.test("matches() needs the composition, the type and every word of the search", () => {
  const cases: [Partial<typeof EVERYTHING>, boolean][] = [
    [{}, true],
    [{ composition: "c1" }, true],
    [{ composition: "c" }, false],
    [{ type: "Warning" }, true],
    [{ type: "Normal" }, false],
    [{ search: "quota WEB" }, true],
    [{ search: "quota api" }, false],
    [{ composition: "c1", type: "Warning", search: "demo" }, true],
  ];
  for (const [filter, expected] of cases) {
    assert.equal(matches(EVENT, { ...EVERYTHING, ...filter }), expected, JSON.stringify(filter));
  }
});

Deno.test("matches() takes an event without labels or involved object", () => {
  assert.equal(matches({ metadata: {} }, EVERYTHING), true);
  assert.equal(matches({ metadata: {} }, { ...EVERYTHING, composition: "c1" }), false);
  assert.equal(matches({}, { ...EVERYTHING, search: "x" }), false);
});

Deno.test("filterOf() reads what hashOf() writes", () => {
  for (
    const filter of [EVERYTHING, { composition: "c1", type: "Warning", search: "a&b=c #d" }, {
      ...EVERYTHING,
      search: "ü",
    }]
  ) {
    assert.deepEqual(filterOf(hashOf(filter)), filter);
  }
  assert.equal(hashOf(EVERYTHING), "#");
});

Deno.test("describe() names the kind with its group, and quotes what a shell could read", () => {
  assert.equal(describe(EVENT.involvedObject), "kubectl describe Deployment.v1.apps/web --namespace demo");
  assert.equal(describe({ kind: "Node", name: "n1" }), "kubectl describe Node/n1");
  assert.equal(
    describe({ kind: "Pod", name: "$(reboot)'; x", namespace: "a b" }),
    `kubectl describe 'Pod/$(reboot)'\\''; x' --namespace 'a b'`,
  );
});
