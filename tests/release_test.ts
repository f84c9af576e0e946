/** Releases on the embedded API server, in process: install, upgrade, failure, hooks, removal, and what `helm` reads of it. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { type ApiServer, startApiServer } from "../lib/apiserver/mod.ts";
import { filter, firstValueFrom, map, timeout } from "../lib/deps/rxjs.ts";
import type { Chart, Hook, ReleaseStatus, RenderResult } from "../lib/helm/mod.ts";
import { type ApiResource, createClient, type KubeClient, type KubeObject } from "../lib/kube/mod.ts";
import {
  deploy,
  type Deployment,
  type DeployRequest,
  objectPath,
  ReleaseError,
  type ReleaseErrorReason,
  ReleaseHistory,
  uninstall,
} from "../lib/release/mod.ts";
import { emitYaml } from "../lib/yaml/mod.ts";
import { helm } from "../tools/oracle.ts";
import { cacheFolder } from "../tools/binaries.ts";

const NAMESPACE = "demo";
const resource = (group: string, kind: string, plural: string, version = "v1"): ApiResource => {
  return { group, version, kind, plural, namespaced: true };
};
const CONFIG_MAPS = resource("", "ConfigMap", "configmaps");
const SECRETS = resource("", "Secret", "secrets");
const JOBS = resource("batch", "Job", "jobs");
const NAMESPACES: ApiResource = { ...resource("", "Namespace", "namespaces"), namespaced: false };

/** Runs a test with a server of its own. */
function released(name: string, work: (bench: Bench) => Promise<void>, simulateWorkloads = true): void {
  Deno.test(name, async () => {
    const server = await startApiServer({ simulateWorkloads, simulationDelay: 1 });
    const client = createClient(server.transport);
    try {
      await client.create(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
      await work(new Bench(client, server));
    } finally {
      client.close();
      await server.close();
    }
  });
}

const CHART: Chart = {
  metadata: { name: "app", version: "1.2.3", apiVersion: "v2", appVersion: "9" },
  values: {},
  templates: [],
  files: [],
  crds: [],
  dependencies: [],
};

function rendered(objects: readonly KubeObject[], hooks: readonly Hook[] = []): RenderResult {
  return {
    documents: objects.map((object) => ({ source: "app/templates/all.yaml", text: "", object })),
    manifest: "",
    hooks,
    notes: "",
    crds: [],
    values: {},
    lookups: [],
  };
}

/** A ConfigMap of the chart. */
function config(name: string, data: Record<string, string> = {}, metadata: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...metadata }, data };
}

/** A hook: a Job, or any object. */
function hook(name: string, more: Partial<Hook> = {}, object: KubeObject = job(name)): Hook {
  return {
    source: `app/templates/${name}.yaml`,
    text: emitYaml(object),
    object,
    name,
    kind: object.kind,
    events: ["pre-install", "pre-upgrade"],
    weight: 0,
    deletePolicies: [],
    ...more,
  };
}

function job(name: string): KubeObject {
  const containers = [{ name: "main", image: "busybox" }];
  const spec = { template: { spec: { restartPolicy: "Never", containers } } };
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name }, spec };
}

/** A server, and one release on it. */
class Bench {
  readonly history: ReleaseHistory;

  constructor(readonly client: KubeClient, readonly server: ApiServer) {
    this.history = new ReleaseHistory(client, NAMESPACE, "rel");
  }

  async deploy(objects: readonly KubeObject[], more: Partial<DeployRequest> = {}): Promise<Deployment> {
    return await deploy(this.client, {
      name: "rel",
      namespace: NAMESPACE,
      chart: CHART,
      values: { a: 1 },
      render: rendered(objects),
      labels: { id: "1" },
      history: await this.history.list(),
      ...more,
    });
  }

  /** A deployment that must fail. */
  async fails(
    reason: ReleaseErrorReason,
    objects: readonly KubeObject[],
    more: Partial<DeployRequest> = {},
  ): Promise<ReleaseError> {
    let failure: ReleaseError | undefined;
    await rejects(this.deploy(objects, more), (error) => {
      failure = error as ReleaseError;
      return error instanceof ReleaseError;
    });
    strictEqual(failure?.reason, reason, failure?.message);
    return failure;
  }

  uninstall() {
    return uninstall(this.client, { name: "rel", namespace: NAMESPACE });
  }

  /** `1 superseded`, `2 deployed`, … */
  async revisions(): Promise<string[]> {
    return (await this.history.list()).map(({ record }) => `${record.version} ${record.info.status}`);
  }

  config(name: string): Promise<KubeObject | undefined> {
    return this.client.find<KubeObject>(CONFIG_MAPS, name, NAMESPACE);
  }

  /** Names of the objects in the namespace. */
  async names(kind: ApiResource): Promise<string[]> {
    const { items } = await this.client.list(kind, { namespace: NAMESPACE });
    return items.map((o) => o.metadata.name).filter((name) => name !== "kube-root-ca.crt").sort();
  }

  /** Resolves with a Job as soon as there is one of the name. */
  job(name: string): Promise<KubeObject> {
    return firstValueFrom(
      this.client.watch<KubeObject>(JOBS, { namespace: NAMESPACE, fieldSelector: `metadata.name=${name}` }).pipe(
        map((change) => change.type === "applied" ? change.object : undefined),
        filter((object) => object !== undefined),
        timeout(10_000),
      ),
    );
  }

  /** Says that a Job ended. */
  async end(name: string, type: "Complete" | "Failed", message: string): Promise<void> {
    await this.job(name);
    const at = new Date().toISOString();
    const condition = { type, status: "True", reason: "BackoffLimitExceeded", message, lastTransitionTime: at };
    await this.client.patch(JOBS, name, NAMESPACE, "merge", {
      status: { startTime: at, conditions: [{ ...condition, type: `${type}Target` }, condition] },
    }, { subresource: "status" });
  }
}

released("deploy() installs: objects with the marks of their release, and a record", async (bench) => {
  const { record, applied } = await bench.deploy([config("one", { a: "b" })]);
  strictEqual(record.version, 1);
  strictEqual(record.info.description, "Install complete");
  deepStrictEqual(applied.map((a) => objectPath(a.target)), ["/api/v1/namespaces/demo/configmaps/one"]);
  const { metadata, ...rest } = (await bench.config("one"))!;
  deepStrictEqual(rest["data"], { a: "b" });
  deepStrictEqual(metadata.labels, { id: "1", "app.kubernetes.io/managed-by": "Helm" });
  strictEqual(metadata.annotations?.["meta.helm.sh/release-name"], "rel");
  deepStrictEqual(metadata.managedFields?.map((m) => [m.manager, m.operation]), [["helm", "Apply"]]);
  const secret = await bench.client.get<KubeObject>(SECRETS, "sh.helm.release.v1.rel.v1", NAMESPACE);
  strictEqual(secret["type"], "helm.sh/release.v1");
  const { createdAt, modifiedAt, ...labels } = secret.metadata.labels!;
  deepStrictEqual(labels, { name: "rel", owner: "helm", status: "deployed", version: "1" });
  ok(Number(createdAt) > 0 && Number(modifiedAt) > 0);
});

released("deploy() upgrades: what left the chart goes, but for what asks to be kept", async (bench) => {
  const kept = config("kept", {}, { annotations: { "helm.sh/resource-policy": "keep" } });
  await bench.deploy([config("one", { a: "1" }), config("gone"), kept]);
  const { record } = await bench.deploy([config("one", { b: "2" }), config("new")]);
  strictEqual(record.info.description, "Upgrade complete");
  deepStrictEqual(await bench.names(CONFIG_MAPS), ["kept", "new", "one"]);
  deepStrictEqual((await bench.config("one"))?.["data"], { b: "2" });
  deepStrictEqual(await bench.revisions(), ["1 superseded", "2 deployed"]);
});

released("deploy() writes nothing where an object belongs to somebody else, and names all of them", async (bench) => {
  await bench.client.create(CONFIG_MAPS, config("theirs", { a: "1" }, { namespace: NAMESPACE }));
  await bench.client.create(CONFIG_MAPS, config("also", { a: "1" }, { namespace: NAMESPACE }));
  const error = await bench.fails("OwnershipConflict", [config("ours"), config("theirs"), config("also")]);
  match(error.message, /configmaps\/also, .*configmaps\/theirs exists/);
  deepStrictEqual(await bench.names(CONFIG_MAPS), ["also", "theirs"]);
  deepStrictEqual(await bench.names(SECRETS), []);
});

released("deploy() writes nothing where kinds are missing or an object comes twice", async (bench) => {
  const widget = { apiVersion: "example.org/v1", kind: "Widget", metadata: { name: "w" } };
  const error = await bench.fails("MissingKinds", [config("one"), widget]);
  deepStrictEqual(error.missing, [{ apiVersion: "example.org/v1", kind: "Widget" }]);
  match((await bench.fails("ApplyFailed", [config("one"), config("one")])).message, /ConfigMap "one" twice/);
  deepStrictEqual([...await bench.names(CONFIG_MAPS), ...await bench.names(SECRETS)], []);
});

released("deploy() leaves a failed record that says why, and the next one succeeds", async (bench) => {
  const refused = { apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec: { ports: [{ port: -1 }] } };
  const error = await bench.fails("ApplyFailed", [config("one"), refused]);
  match(error.message, /^Cannot apply Service \/api\/v1\/namespaces\/demo\/services\/web: .*spec\.ports\[0\]\.port/s);
  deepStrictEqual(await bench.revisions(), ["1 failed"]);
  match((await bench.history.list())[0]!.record.info.description, /^Release "rel" failed: Cannot apply Service/);

  strictEqual((await bench.deploy([config("one")])).record.info.description, "Install complete");
  await bench.fails("ApplyFailed", [config("one"), refused]);
  strictEqual((await bench.deploy([config("one")])).record.info.description, "Upgrade complete");
  deepStrictEqual(await bench.revisions(), ["2 superseded", "3 failed", "4 deployed"]);
});

released("deploy() takes fields of another manager, or refuses to where that is asked for", async (bench) => {
  await bench.deploy([config("one", { a: "1" })]);
  await bench.client.apply(CONFIG_MAPS, { ...config("one", { a: "hand" }, { namespace: NAMESPACE }) }, {
    fieldManager: "hand",
    force: true,
  });
  const error = await bench.fails("ApplyConflict", [config("one", { a: "2" })], { force: false });
  match(error.message, /"hand"/);
  await bench.deploy([config("one", { a: "2" })]);
  deepStrictEqual((await bench.config("one"))?.["data"], { a: "2" });
});

released("deploy() leaves fields out that the server does not know, and names them", async (bench) => {
  const { applied } = await bench.deploy([{ ...config("one", { a: "1" }), colour: "blue" }]);
  deepStrictEqual(applied[0]?.ignored, [".colour"]);
  deepStrictEqual((await bench.config("one"))?.["data"], { a: "1" });
});

released("deploy() keeps as many revisions as it is told, and always the deployed one", async (bench) => {
  for (const i of [1, 2, 3, 4]) await bench.deploy([config("one", { i: String(i) })], { maxHistory: 2 });
  deepStrictEqual(await bench.revisions(), ["3 superseded", "4 deployed"]);
});

released("a record's own labels survive its Secret and each change of its status", async (bench) => {
  await bench.deploy([config("one")], { recordLabels: { team: "a" } });
  await bench.deploy([config("one")], { recordLabels: { team: "b" } });
  deepStrictEqual((await bench.history.list()).map(({ record }) => record.labels), [{ team: "a" }, { team: "b" }]);
});

released("deploy() goes through where the revision to prune was left pending", async (bench) => {
  await bench.deploy([config("one")]);
  for (const version of [2, 3]) await leave(bench, version, "pending-upgrade", new Date());
  const { record } = await bench.deploy([config("one")], { maxHistory: 3 });
  strictEqual(record.info.status, "deployed");
  deepStrictEqual(await bench.revisions(), ["1 superseded", "3 failed", "4 deployed"]);
});

/** Leaves a revision behind as a program that stopped half-way would. */
async function leave(bench: Bench, version: number, status: ReleaseStatus, at: Date, by?: string): Promise<void> {
  const { record } = (await bench.history.list()).at(-1)!;
  const info = { ...record.info, status, last_deployed: at.toISOString() };
  await bench.history.create({ ...record, version, info });
  if (by === undefined) return;
  const name = `sh.helm.release.v1.rel.v${version}`;
  const { metadata, ...rest } = await bench.client.get<KubeObject>(SECRETS, name, NAMESPACE);
  await bench.client.delete(SECRETS, name, NAMESPACE);
  const copy = { ...rest, metadata: { name, namespace: NAMESPACE, labels: metadata.labels! } } as KubeObject;
  await bench.client.create(SECRETS, copy, { fieldManager: by });
}

released("deploy() waits for another program's operation, until that counts as abandoned", async (bench) => {
  await bench.deploy([config("one")]);
  await leave(bench, 2, "pending-upgrade", new Date(), "Helm");
  match((await bench.fails("Pending", [config("one")])).message, /pending-upgrade by another program since/);
  await bench.client.delete(SECRETS, "sh.helm.release.v1.rel.v2", NAMESPACE);
  await leave(bench, 2, "pending-upgrade", new Date(Date.now() - 3_600_000), "Helm");
  await bench.deploy([config("one")]);
  deepStrictEqual(await bench.revisions(), ["1 superseded", "2 failed", "3 deployed"]);
});

released("deploy() goes on at once where it was interrupted itself", async (bench) => {
  await bench.deploy([config("one")]);
  await leave(bench, 2, "pending-upgrade", new Date());
  await bench.deploy([config("one")]);
  deepStrictEqual(await bench.revisions(), ["1 superseded", "2 failed", "3 deployed"]);
});

released("deploy() lets one of two that work from the same history go on", async (bench) => {
  const history = await bench.history.list();
  const both = await Promise.allSettled([
    bench.deploy([config("one")], { history }),
    bench.deploy([config("one")], { history }),
  ]);
  deepStrictEqual(both.map((b) => b.status).sort(), ["fulfilled", "rejected"]);
  const lost = both.find((b) => b.status === "rejected");
  strictEqual((lost?.reason as ReleaseError).reason, "Pending");
});

released(
  "deploy() runs hooks by weight before and after the objects, and cleans up by their policies",
  async (bench) => {
    const seen: string[] = [];
    const watching = bench.client.watch<KubeObject>(JOBS, { namespace: NAMESPACE }).subscribe((change) => {
      const name = change.type === "applied" ? change.object.metadata.name : undefined;
      if (name !== undefined && !seen.includes(name)) seen.push(name);
    });
    const hooks = [
      hook("late", { weight: 5, events: ["post-install"] }),
      hook("second", { weight: 5, deletePolicies: ["hook-succeeded"] }),
      hook("first", { weight: -5, deletePolicies: ["hook-failed"] }),
      hook("never", { events: ["post-upgrade"] }),
    ];
    await bench.deploy([config("one")], { render: rendered([config("one")], hooks) });
    watching.unsubscribe();
    deepStrictEqual(seen, ["first", "second", "late"]);
    deepStrictEqual(await bench.names(JOBS), ["first", "late"]);
    const before = await bench.job("first");
    strictEqual(before.metadata.labels?.["id"], undefined);

    await bench.deploy([], { render: rendered([], [hook("first")]) });
    ok((await bench.job("first")).metadata.uid !== before.metadata.uid, "before-hook-creation is the default");
  },
);

released("deploy() fails with a hook, says where to look, and cleans up by the hooks' policies", async (bench) => {
  const hooks = [
    hook("before", { weight: -1, deletePolicies: ["hook-succeeded"] }),
    hook("keeps", { weight: 0 }),
    hook("breaks", { weight: 1, deletePolicies: ["hook-failed"] }),
    hook("after", { weight: 2 }),
  ];
  const failing = bench.fails("HookFailed", [config("one")], { render: rendered([config("one")], hooks) });
  await bench.end("before", "Complete", "");
  await bench.end("keeps", "Complete", "");
  await bench.end("breaks", "Failed", "it is broken");
  const error = await failing;
  match(error.message, /^Hook pre-install "breaks" \(Job, app\/templates\/breaks\.yaml\) failed: .*it is broken/);
  match(error.message, /kubectl -n demo describe jobs breaks/);
  deepStrictEqual(await bench.names(JOBS), ["keeps"]);
  deepStrictEqual(await bench.names(CONFIG_MAPS), []);
  deepStrictEqual(await bench.revisions(), ["1 failed"]);
}, false);

released("deploy() gives a hook up that takes too long", async (bench) => {
  const render = rendered([config("one")], [hook("hangs")]);
  const error = await bench.fails("HookFailed", [], { render, hookTimeout: 20 });
  match(error.message, /it has not ended after 0\.02 s/);
}, false);

released("deploy() that is called off rejects with the reason and leaves a failed record", async (bench) => {
  const stop = new AbortController();
  const render = rendered([config("one")], [hook("hangs")]);
  const deploying = bench.deploy([], { render, signal: stop.signal });
  await bench.job("hangs");
  stop.abort(new Error("called off"));
  await rejects(deploying, /called off/);
  deepStrictEqual(await bench.revisions(), ["1 failed"]);
}, false);

released(
  "uninstall() removes objects and records, but for what asks to be kept or is no longer ours",
  async (bench) => {
    const kept = config("kept", {}, { annotations: { "helm.sh/resource-policy": "keep" } });
    await bench.deploy([config("one"), kept, config("taken")]);
    await bench.client.patch(CONFIG_MAPS, "taken", NAMESPACE, "merge", {
      metadata: { annotations: { "meta.helm.sh/release-name": "other" } },
    });
    deepStrictEqual(await bench.uninstall(), { done: true, kept: ["/api/v1/namespaces/demo/configmaps/kept"] });
    deepStrictEqual(await bench.names(CONFIG_MAPS), ["kept", "taken"]);
    deepStrictEqual(await bench.names(SECRETS), []);
    deepStrictEqual(await bench.uninstall(), { done: true, kept: [] });
  },
);

released("uninstall() says what is held by a finalizer, and is done once that is gone", async (bench) => {
  await bench.deploy([config("one"), config("held", {}, { finalizers: ["example.org/hold"] })]);
  const remaining = ["/api/v1/namespaces/demo/configmaps/held"];
  deepStrictEqual(await bench.uninstall(), { done: false, remaining });
  deepStrictEqual(await bench.revisions(), ["1 uninstalling"]);
  deepStrictEqual(await bench.uninstall(), { done: false, remaining });
  await bench.client.patch(CONFIG_MAPS, "held", NAMESPACE, "merge", { metadata: { finalizers: null } });
  deepStrictEqual(await bench.uninstall(), { done: true, kept: [] });
});

released("uninstall() removes what a failed upgrade left behind", async (bench) => {
  await bench.deploy([config("one")]);
  const refused = { apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec: { ports: [{ port: -1 }] } };
  await bench.fails("ApplyFailed", [config("one"), config("stray"), refused]);
  deepStrictEqual(await bench.names(CONFIG_MAPS), ["one", "stray"]);
  deepStrictEqual(await bench.uninstall(), { done: true, kept: [] });
  deepStrictEqual(await bench.names(CONFIG_MAPS), []);
});

released("uninstall() runs the hooks of deletion from the record alone", async (bench) => {
  const hooks = [
    hook("pre", { events: ["pre-delete"] }, config("pre")),
    hook("post", { events: ["post-delete"] }, config("post")),
  ];
  await bench.deploy([], { render: rendered([config("one")], hooks) });
  deepStrictEqual(await bench.names(CONFIG_MAPS), ["one"]);
  deepStrictEqual(await bench.uninstall(), { done: true, kept: [] });
  deepStrictEqual(await bench.names(CONFIG_MAPS), ["post", "pre"]);
});

/** Whether `helm` has been built; a test does not build it. */
function helmIsBuilt(): boolean {
  return existsSync(cacheFolder()) && readdirSync(cacheFolder()).some((name) => name.startsWith("helm-"));
}

Deno.test({
  name: "helm reads the records: list, history, get manifest and values",
  ignore: !helmIsBuilt(),
  fn: async () => {
    const server = await startApiServer();
    const client = createClient(server.transport);
    const kubeconfig = await Deno.makeTempFile({ prefix: "kco-release-" });
    try {
      await Deno.writeTextFile(kubeconfig, server.kubeconfig());
      await client.create(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
      const bench = new Bench(client, server);
      await bench.deploy([config("one", { a: "1" })]);
      await bench.deploy([config("one", { a: "2" })]);
      const read = async (...args: string[]) => {
        const { code, stdout, stderr } = await helm([...args, "-n", NAMESPACE], { kubeconfig });
        strictEqual(code, 0, stderr);
        return stdout;
      };
      const [listed] = JSON.parse(await read("list", "-o", "json"));
      deepStrictEqual([listed.name, listed.revision, listed.status, listed.chart, listed.app_version], [
        "rel",
        "2",
        "deployed",
        "app-1.2.3",
        "9",
      ]);
      const revisions = JSON.parse(await read("history", "rel", "-o", "json")) as Record<string, unknown>[];
      deepStrictEqual(revisions.map((r) => [r["revision"], r["status"], r["description"]]), [
        [1, "superseded", "Install complete"],
        [2, "deployed", "Upgrade complete"],
      ]);
      const { record } = (await bench.history.list()).at(-1)!;
      strictEqual((await read("get", "manifest", "rel")).trim(), record.manifest.trim());
      deepStrictEqual(JSON.parse(await read("get", "values", "rel", "-o", "json")), { a: 1 });
    } finally {
      await Deno.remove(kubeconfig);
      client.close();
      await server.close();
    }
  },
});

const GADGET_CRD: KubeObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "gadgets.example.org" },
  spec: {
    group: "example.org",
    scope: "Namespaced",
    names: { kind: "Gadget", listKind: "GadgetList", plural: "gadgets", singular: "gadget" },
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
  },
};

released(
  "deploy() creates the CRDs of a chart before its objects, and leaves those that are there alone",
  async (bench) => {
    const gadget = { apiVersion: "example.org/v1", kind: "Gadget", metadata: { name: "one" } };
    const crds = [{ source: "app/crds/gadget.yaml", text: "", object: GADGET_CRD }];
    await bench.deploy([gadget], { render: { ...rendered([gadget]), crds } });
    const crd = (await bench.client.discovery.resourceFor("apiextensions.k8s.io/v1", "CustomResourceDefinition"))!;
    const before = await bench.client.get(crd, "gadgets.example.org");
    strictEqual((await bench.uninstall()).done, true);
    await bench.deploy([gadget], { render: { ...rendered([gadget]), crds } });
    const after = await bench.client.get(crd, "gadgets.example.org");
    strictEqual(after.metadata.resourceVersion, before.metadata.resourceVersion);
  },
);
