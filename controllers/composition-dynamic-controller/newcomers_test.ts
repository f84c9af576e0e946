import { deepStrictEqual, fail } from "node:assert/strict";
import { type Observable, Subject } from "../../lib/deps/rxjs.ts";
import { TestScheduler } from "../../lib/deps/rxjs_testing.ts";
import { type ApiResource, type Change, type KubeClient, KubeError, type KubeObject } from "../../lib/kube/mod.ts";
import { labelNewcomers } from "./newcomers.ts";

const APPS: ApiResource = {
  group: "composition.krateo.io",
  version: "v1-0-0",
  kind: "App",
  plural: "apps",
  namespaced: true,
};

/** An object as the metadata watch of another version shows it. */
function newcomer(
  name: string,
  ...writtenAt: readonly [version: string, fields: "f:spec" | "f:metadata"][]
): KubeObject {
  return {
    apiVersion: "meta.k8s.io/v1",
    kind: "PartialObjectMetadata",
    metadata: {
      name,
      namespace: "demo",
      uid: `uid-${name}`,
      managedFields: writtenAt.map(([version, field]) => {
        return { manager: "m", apiVersion: `composition.krateo.io/${version}`, fieldsV1: { [field]: {} } };
      }),
    },
  };
}

/** A watch that the test feeds, and patches that fail as often as it says. */
class ScriptedClient implements Pick<KubeClient, "watch" | "patch"> {
  readonly changes = new Subject<Change>();
  readonly patches: string[] = [];
  failures: KubeError[] = [];

  watch<T extends KubeObject>(): Observable<Change<T>> {
    return this.changes as Observable<Change> as Observable<Change<T>>;
  }

  patch<T extends KubeObject>(
    resource: ApiResource,
    name: string,
    namespace: string | undefined,
    _type: string,
    patch: unknown,
  ): Promise<T> {
    this.patches.push(`${resource.version} ${namespace}/${name} ${JSON.stringify(patch)}`);
    const failure = this.failures.shift();
    return failure ? Promise.reject(failure) : Promise.resolve(newcomer(name) as T);
  }
}

function scene() {
  const client = new ScriptedClient();
  const errors: unknown[] = [];
  const labelled: string[] = [];
  const scheduler = new TestScheduler(deepStrictEqual);
  const running = labelNewcomers(client, APPS, (error) => errors.push(error), () => ({}), scheduler)
    .subscribe((object) => labelled.push(object.metadata.name));
  const come = (object: KubeObject) => client.changes.next({ type: "applied", object });
  return { client, errors, labelled, scheduler, running, come };
}

/** Lets promises that are settled be heard. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

const WRITTEN: readonly (readonly [string, KubeObject, string])[] = [
  ["its spec was first written at", newcomer("a", ["v2-0-0", "f:spec"], ["v1-0-0", "f:spec"]), "v2-0-0"],
  ["its spec was written at, not its labels", newcomer("a", ["v1-0-0", "f:metadata"], ["v2-0-0", "f:spec"]), "v2-0-0"],
  ["it was written at without a spec", newcomer("a", ["v3-0-0", "f:metadata"]), "v3-0-0"],
  ["it is watched at where nothing else is known", newcomer("a"), "v1-0-0"],
];
for (const [what, object, version] of WRITTEN) {
  Deno.test(`labelNewcomers() gives a newcomer the version that ${what}, written through that version`, async () => {
    const { client, labelled, running, come } = scene();
    come(object);
    await settle();
    const patch = { metadata: { uid: "uid-a", labels: { "krateo.io/composition-version": version } } };
    deepStrictEqual(client.patches, [`${version} demo/a ${JSON.stringify(patch)}`]);
    deepStrictEqual(labelled, ["a"]);
    running.unsubscribe();
  });
}

const busy = () => new KubeError("busy", { reason: "ServiceUnavailable", code: 503 });

Deno.test("labelNewcomers() tries again after a failure, ever more slowly", async () => {
  const { client, errors, labelled, scheduler, running, come } = scene();
  client.failures = [busy(), busy(), busy()];
  come(newcomer("a"));
  const waited: number[] = [];
  for (const ms of [1_000, 2_000, 4_000]) {
    await settle();
    const [action] = scheduler.actions;
    waited.push((action?.delay ?? 0) - scheduler.frame);
    scheduler.maxFrames = scheduler.frame + ms;
    scheduler.flush();
  }
  await settle();
  deepStrictEqual(waited, [1_000, 2_000, 4_000]);
  deepStrictEqual([client.patches.length, errors.length, labelled], [4, 3, ["a"]]);
  running.unsubscribe();
});

Deno.test("labelNewcomers() lets go of an object that is labelled, changed or gone meanwhile", async () => {
  const { client, labelled, scheduler, running, come } = scene();
  client.failures = [busy()];
  come(newcomer("a"));
  await settle();
  client.changes.next({ type: "deleted", object: newcomer("a") });
  scheduler.flush();
  await settle();
  deepStrictEqual([client.patches.length, labelled], [1, []]);

  client.failures = [new KubeError("gone", { reason: "NotFound", code: 404 })];
  come(newcomer("b"));
  await settle();
  scheduler.flush();
  await settle();
  deepStrictEqual([client.patches.length, labelled], [2, []]);
  running.unsubscribe();
});

Deno.test("labelNewcomers() puts the marks of the watched version on in the same write, and on no other version's", async () => {
  const client = new ScriptedClient();
  const marks = () => ({ labels: { a: "b" }, finalizers: ["f"], resourceVersion: "7" });
  const running = labelNewcomers(client, APPS, fail, marks).subscribe();
  client.changes.next({ type: "applied", object: newcomer("a", ["v1-0-0", "f:spec"]) });
  client.changes.next({ type: "applied", object: newcomer("b", ["v2-0-0", "f:spec"]) });
  await settle();
  const label = (version: string) => ({ "krateo.io/composition-version": version });
  const a = { uid: "uid-a", labels: { a: "b", ...label("v1-0-0") }, finalizers: ["f"], resourceVersion: "7" };
  const b = { uid: "uid-b", labels: label("v2-0-0") };
  deepStrictEqual(client.patches, [
    `v1-0-0 demo/a ${JSON.stringify({ metadata: a })}`,
    `v2-0-0 demo/b ${JSON.stringify({ metadata: b })}`,
  ]);
  running.unsubscribe();
});
