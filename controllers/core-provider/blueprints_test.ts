import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { concat, NEVER, of } from "../../lib/deps/rxjs.ts";
import { type ApiResource, type Change, type KubeClient, reflect } from "../../lib/kube/mod.ts";
import { ChartLibrary } from "../../lib/release/mod.ts";
import type { Composition } from "../composition-dynamic-controller/mod.ts";
import type { CompositionDefinition } from "./api.ts";
import { currentVersion, DefinitionBlueprints } from "./blueprints.ts";

const GROUP = "composition.krateo.io";
const APPS: ApiResource = { group: GROUP, version: "v1-0-0", kind: "App", plural: "apps", namespaced: true };

/** A definition that stands for these versions of `App`, the last one now; `namespace/name` as its key. */
function definition(key: string, ...versions: string[]): CompositionDefinition {
  const [namespace = "", name = ""] = key.split("/");
  return {
    apiVersion: "core.krateo.io/v1alpha1",
    kind: "CompositionDefinition",
    metadata: { name, namespace },
    status: {
      kind: "App",
      resource: "apps",
      apiVersion: `${GROUP}/${versions.at(-1)}`,
      managed: {
        group: GROUP,
        kind: "App",
        versionInfo: versions.map((version) => ({ version, chart: { url: `oci://${name}`, version } })),
      },
    },
  };
}

const nobody: Pick<KubeClient, "find"> = { find: () => Promise.reject(new Error("not asked for")) };

function blueprints(...definitions: CompositionDefinition[]): DefinitionBlueprints {
  const changes$ = of<Change<CompositionDefinition>[]>(
    { type: "reset" },
    ...definitions.map((object) => ({ type: "applied", object }) as const),
    { type: "synced", resourceVersion: "1" },
  );
  const store = reflect(concat(changes$, NEVER));
  store.changes$.subscribe();
  return new DefinitionBlueprints(store, new ChartLibrary(nobody));
}

function composition(definition?: string): Composition {
  const [namespace, name] = definition?.split("/") ?? [];
  const labels = definition === undefined ? {} : {
    "krateo.io/composition-definition-name": name!,
    ...(namespace ? { "krateo.io/composition-definition-namespace": namespace } : {}),
  };
  return { apiVersion: `${GROUP}/v1-0-0`, kind: "App", metadata: { name: "one", namespace: "demo", labels } };
}

/** Definitions, the one that the labels name, and the one that is found or what is said instead. */
const TABLE: readonly (readonly [string, CompositionDefinition[], string | undefined, string | RegExp])[] = [
  ["the one in the labels", [definition("demo/a", "v1-0-0"), definition("demo/b", "v1-0-0")], "demo/b", "demo/b"],
  ["the one in the labels, of the same namespace", [definition("demo/a", "v1-0-0")], "/a", "demo/a"],
  [
    "the only one of the version",
    [definition("demo/a", "v1-0-0"), definition("demo/b", "v2-0-0")],
    undefined,
    "demo/a",
  ],
  [
    "the only one where the labels name one that is gone",
    [definition("demo/a", "v1-0-0")],
    "demo/gone",
    "demo/a",
  ],
  [
    "the one that stands for the version now, of several that did",
    [definition("demo/a", "v1-0-0", "v2-0-0"), definition("demo/b", "v1-0-0")],
    undefined,
    "demo/b",
  ],
  ["the one that has gone on", [definition("demo/a", "v1-0-0", "v2-0-0")], undefined, "demo/a"],
  ["none", [definition("demo/b", "v2-0-0")], undefined, /^No CompositionDefinition has a chart for App v1-0-0/],
  [
    "too many",
    [definition("demo/b", "v1-0-0"), definition("demo/a", "v1-0-0")],
    undefined,
    /^Too many definitions \[2\] found for App v1-0-0 \(demo\/a, demo\/b\): name one in the labels/,
  ],
];
for (const [what, definitions, label, expected] of TABLE) {
  Deno.test(`DefinitionBlueprints.of() finds ${what}`, () => {
    const found = blueprints(...definitions).of(APPS, composition(label));
    if (expected instanceof RegExp) return match(String(found), expected);
    if (typeof found === "string") throw new Error(found);
    strictEqual(`${found.definition.namespace}/${found.definition.name}`, expected);
    strictEqual(found.chartSpec.url, `oci://${found.definition.name}`);
  });
}

Deno.test("DefinitionBlueprints.of() gives the chart of the composition's version, and the version to go on to", () => {
  const found = blueprints(definition("demo/a", "v1-0-0", "v2-0-0")).of(APPS, composition());
  if (typeof found === "string") throw new Error(found);
  deepStrictEqual([found.chartSpec.version, found.currentVersion], ["v1-0-0", "v2-0-0"]);
});

Deno.test("currentVersion() is unknown of a definition that was never ready", () => {
  strictEqual(currentVersion({ ...definition("demo/a", "v1"), status: {} }), undefined);
});
