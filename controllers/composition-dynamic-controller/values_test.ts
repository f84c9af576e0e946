import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { childLabels, injectedGlobal, type KindContext } from "./values.ts";

const KIND: KindContext = {
  resource: { group: "composition.krateo.io", version: "v1-0-0", kind: "App", plural: "apps", namespaced: true },
  krateoNamespace: "krateo-system",
};
const COMPOSITION = {
  apiVersion: "composition.krateo.io/v1-0-0",
  kind: "App",
  metadata: { name: "one", namespace: "demo", uid: "12345678-0000" },
};

for (const paused of [false, true]) {
  Deno.test(`injectedGlobal() has the ten keys of the original, all of them strings, paused ${paused}`, () => {
    deepStrictEqual(injectedGlobal(COMPOSITION, KIND, paused), {
      compositionName: "one",
      compositionNamespace: "demo",
      compositionId: "12345678-0000",
      compositionApiVersion: "composition.krateo.io/v1-0-0",
      compositionGroup: "composition.krateo.io",
      compositionKind: "App",
      compositionResource: "apps",
      compositionInstalledVersion: "v1-0-0",
      gracefullyPaused: String(paused),
      krateoNamespace: "krateo-system",
    });
  });
}

Deno.test("injectedGlobal() has strings also of an object that lacks them", () => {
  const bare = { apiVersion: "a/v1", kind: "App", metadata: { name: "one" } };
  const values = Object.values(injectedGlobal(bare, KIND, false));
  strictEqual(values.length, 10);
  strictEqual(values.every((value) => typeof value === "string"), true);
});

Deno.test("childLabels() are the eight of the original", () => {
  deepStrictEqual(childLabels(COMPOSITION, KIND), {
    "krateo.io/composition-id": "12345678-0000",
    "krateo.io/composition-name": "one",
    "krateo.io/composition-namespace": "demo",
    "krateo.io/composition-group": "composition.krateo.io",
    "krateo.io/composition-kind": "App",
    "krateo.io/composition-resource": "apps",
    "krateo.io/composition-installed-version": "v1-0-0",
    "krateo.io/krateo-namespace": "krateo-system",
  });
});
