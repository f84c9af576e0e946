import { deepStrictEqual } from "node:assert/strict";
import { concat, NEVER, of } from "../../lib/deps/rxjs.ts";
import { TestScheduler } from "../../lib/deps/rxjs_testing.ts";
import { type Change, reflect } from "../../lib/kube/mod.ts";
import type { CompositionDefinition, DefinitionStatus } from "./api.ts";
import { kindsInUse, runEach, whenKeysChange } from "./kinds.ts";

/** Maps by the marble that stands for them: `n` is empty, `c` has the keys a and b, `d` the same with other values. */
const MAPS: Readonly<Record<string, Map<string, string>>> = {
  n: new Map(),
  a: new Map([["a", "A"]]),
  b: new Map([["b", "B"]]),
  c: new Map([["a", "A"], ["b", "B"]]),
  d: new Map([["b", "B2"], ["a", "A2"]]),
};

function marbles(work: Parameters<TestScheduler["run"]>[0]): void {
  new TestScheduler((actual, expected) => deepStrictEqual(actual, expected)).run(work);
}

Deno.test("runEach() keeps one stream a key, started when the key appears and stopped when it goes", () =>
  marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
    const a = cold("         -1--2--3--4--5");
    const b = cold("              -x--y----z");
    const source = hot("   --a----c------n--", MAPS);
    const result = "       ---1--2-x3-y4----";
    expectObservable(source.pipe(runEach((_, key) => key === "a" ? a : b))).toBe(result);
    expectSubscriptions(a.subscriptions).toBe("--^-----------!");
    expectSubscriptions(b.subscriptions).toBe("-------^------!");
  }));

Deno.test("runEach() does not start a key again whose value is another", () =>
  marbles(({ cold, hot, expectObservable }) => {
    const source = hot("a--d--", MAPS);
    const inner = { A: cold("-1---2"), B2: cold("-x") } as const;
    const result = "    -1--x2";
    expectObservable(source.pipe(runEach((value) => value === "A" ? inner.A : inner.B2))).toBe(result);
  }));

Deno.test("runEach() starts a key again that was gone", () =>
  marbles(({ cold, hot, expectObservable }) => {
    const source = hot("a--n--a--", MAPS);
    const result = "    -1-----1-";
    expectObservable(source.pipe(runEach(() => cold("-1--")))).toBe(result);
  }));

Deno.test("runEach() completes when the source and all that runs have", () =>
  marbles(({ cold, hot, expectObservable }) => {
    expectObservable(hot("c-|", MAPS).pipe(runEach((_, key) => cold(key === "a" ? "--1|" : "-x---|")))).toBe("-x1--|");
    expectObservable(hot("n-|", MAPS).pipe(runEach(() => cold("1")))).toBe("--|");
    expectObservable(hot("a-|", MAPS).pipe(runEach((value) => of(value)))).toBe("A-|");
  }));

Deno.test("runEach() fails with its source and with what runs, and stops the rest", () =>
  marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
    expectObservable(hot("a-#", MAPS).pipe(runEach(() => cold("1")))).toBe("1-#");
    const b = cold("-x---y");
    expectObservable(hot("c", MAPS).pipe(runEach((_, key) => key === "a" ? cold("--#") : b))).toBe("-x#");
    expectSubscriptions(b.subscriptions).toBe("^-!");
  }));

Deno.test("whenKeysChange() passes a map on when its keys are others than before", () =>
  marbles(({ hot, expectObservable }) => {
    const source = hot("n-a-a-c-d-b-n|", MAPS);
    const result = "    n-a---c---b-n|";
    expectObservable(source.pipe(whenKeysChange())).toBe(result, MAPS);
  }));

function definition(name: string, status?: DefinitionStatus): CompositionDefinition {
  return {
    apiVersion: "core.krateo.io/v1alpha1",
    kind: "CompositionDefinition",
    metadata: { name, namespace: "demo" },
    ...(status ? { status } : {}),
  };
}

function managed(kind: string, resource: string, ...versions: string[]): DefinitionStatus {
  const group = "composition.krateo.io";
  return { kind, resource, managed: { group, kind, versionInfo: versions.map((version) => ({ version })) } };
}

Deno.test("kindsInUse() has each kind and version that a definition stands for, once", () => {
  const definitions = [
    definition("new"),
    definition("app", managed("App", "apps", "v1", "v2")),
    definition("same", managed("App", "apps", "v2", "v3")),
    definition("other", managed("Job", "jobs", "v1")),
  ];
  const changes$ = of<Change<CompositionDefinition>[]>(
    { type: "reset" },
    ...definitions.map((object) => ({ type: "applied", object }) as const),
    { type: "synced", resourceVersion: "1" },
  );
  const store = reflect(concat(changes$, NEVER));
  const subscription = store.changes$.subscribe();
  deepStrictEqual([...kindsInUse(store).keys()].sort(), [
    "v1/apps.composition.krateo.io",
    "v1/jobs.composition.krateo.io",
    "v2/apps.composition.krateo.io",
    "v3/apps.composition.krateo.io",
  ]);
  deepStrictEqual(kindsInUse(store).get("v1/jobs.composition.krateo.io"), {
    group: "composition.krateo.io",
    version: "v1",
    kind: "Job",
    plural: "jobs",
    namespaced: true,
  });
  subscription.unsubscribe();
});
