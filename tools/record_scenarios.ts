/**
 * Asks a real kube-apiserver what it makes of the scenarios that the tests of `lib/apiserver/apply` and `lib/apiserver/schema`
 * run, and writes its answers beside them.
 *
 * `deno run -A tools/record_scenarios.ts KUBECONFIG`, with a server that has nothing to lose: custom resource definitions of the
 * group `kco.test` come and go, and objects called `x` in the namespace `default`.
 */

type JsonObject = { [key: string]: unknown };

interface Step extends JsonObject {
  verb: "apply" | "create" | "merge";
  manager: string;
  force?: boolean;
  body: JsonObject;
}

interface Scenario extends JsonObject {
  resource: string;
  steps: Step[];
}

const APPLY = new URL("../lib/apiserver/apply/testdata/scenarios.json", import.meta.url);
const SCHEMA = new URL("../lib/apiserver/schema/testdata/scenarios.json", import.meta.url);
const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const PATHS: Readonly<Record<string, string>> = {
  things: "/apis/kco.test/v1/namespaces/default/things",
  deployments: "/apis/apps/v1/namespaces/default/deployments",
  configmaps: "/api/v1/namespaces/default/configmaps",
  services: "/api/v1/namespaces/default/services",
};

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A plain HTTP way to the server, through kubectl, which knows how to log in. */
class Server {
  #base = "";
  #proxy: Deno.ChildProcess | undefined;

  async open(kubeconfig: string): Promise<void> {
    const args = ["--kubeconfig", kubeconfig, "proxy", "--port", "0"];
    this.#proxy = new Deno.Command("kubectl", { args, stdout: "piped", stderr: "inherit" }).spawn();
    const reader = this.#proxy.stdout.getReader();
    const { value } = await reader.read();
    const address = /127\.0\.0\.1:\d+/.exec(new TextDecoder().decode(value))?.[0];
    if (address === undefined) throw new Error(`Cannot reach the server of ${kubeconfig}: kubectl proxy did not start`);
    await reader.cancel();
    this.#base = `http://${address}`;
  }

  async close(): Promise<void> {
    this.#proxy?.kill();
    await this.#proxy?.status;
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    type = "application/json",
  ): Promise<JsonObject & { code: number }> {
    const response = await fetch(this.#base + path, {
      method,
      headers: { "content-type": type, accept: "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    // A resource that is not served yet answers 404 in plain text.
    const parsed: unknown = text.startsWith("{") ? JSON.parse(text) : {};
    return { ...(isObject(parsed) ? parsed : {}), code: response.status };
  }

  /** Deletes an object and waits until it is gone. */
  async remove(path: string): Promise<void> {
    const clear = { metadata: { finalizers: null } };
    await this.call("PATCH", path, clear, "application/merge-patch+json");
    await this.call("DELETE", path, { propagationPolicy: "Background", gracePeriodSeconds: 0 });
    while ((await this.call("GET", path)).code !== 404) {
      await this.call("PATCH", path, clear, "application/merge-patch+json");
    }
  }

  async define(schema: unknown): Promise<void> {
    const path = `${DEFINITIONS}/things.kco.test`;
    await this.remove(path);
    const answer = await this.call("POST", DEFINITIONS, definition(schema));
    if (answer.code !== 201) throw new Error(`Cannot make the definition: ${String(answer["message"])}`);
    while (!JSON.stringify((await this.call("GET", path))["status"] ?? {}).includes('"type":"Established"')) continue;
    while ((await this.call("GET", PATHS["things"] ?? "")).code !== 200) continue;
  }
}

function definition(schema: unknown): JsonObject {
  const names = { kind: "Thing", plural: "things", singular: "thing", listKind: "ThingList" };
  const version = { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "things.kco.test" },
    spec: { group: "kco.test", names, scope: "Namespaced", versions: [version] },
  };
}

/** What matters of an answer: an object without what differs every time, or an error. */
function answered(answer: JsonObject & { code: number }): JsonObject {
  const { code, message, details, metadata, apiVersion: _, kind: __, status: ___, ...rest } = answer;
  if (code >= 300) {
    const causes = isObject(details) ? details["causes"] : undefined;
    return { code, message, ...(causes === undefined ? {} : { causes }) };
  }
  const meta = isObject(metadata) ? metadata : {};
  const { managedFields, labels, annotations, finalizers, ownerReferences } = meta;
  const entries = Array.isArray(managedFields) ? managedFields : [];
  return {
    code,
    ...rest,
    metadata: { labels, annotations, finalizers, ownerReferences },
    managedFields: entries.map(timed),
  };
}

/** Whether an entry has a time can be told again, which time it is cannot. */
function timed(entry: unknown): unknown {
  if (!isObject(entry)) return entry;
  const { time, ...rest } = entry;
  return { ...rest, time: time !== undefined };
}

async function run(server: Server, { resource, steps }: Scenario): Promise<void> {
  const collection = PATHS[resource] ?? "";
  const path = `${collection}/x`;
  await server.remove(path);
  for (const step of steps) step["expected"] = answered(await take(server, collection, path, step));
  await server.remove(path);
}

function take(server: Server, collection: string, path: string, { verb, manager, force, body }: Step) {
  const query = `fieldManager=${manager}`;
  switch (verb) {
    case "apply":
      return server.call("PATCH", `${path}?${query}&force=${force === true}`, body, "application/apply-patch+yaml");
    case "create":
      return server.call("POST", `${collection}?${query}`, body);
    case "merge":
      return server.call("PATCH", `${path}?${query}`, body, "application/merge-patch+json");
  }
}

function thing(spec: unknown): JsonObject {
  return { apiVersion: "kco.test/v1", kind: "Thing", metadata: { name: "x", namespace: "default" }, spec };
}

async function recordDocuments(server: Server, group: JsonObject): Promise<void> {
  await server.define(group["schema"]);
  const collection = PATHS["things"] ?? "";
  const answers: unknown[] = [];
  for (const spec of Array.isArray(group["documents"]) ? group["documents"] : []) {
    const { code, message, causes, ...object } = answered(
      await server.call("POST", `${collection}?dryRun=All`, thing(spec)),
    );
    answers.push(code === 201 ? { spec: object["spec"] } : { message, causes });
  }
  for (const pair of Array.isArray(group["updates"]) ? group["updates"] : []) {
    if (!Array.isArray(pair)) continue;
    await server.remove(`${collection}/x`);
    const created = await server.call("POST", collection, thing(pair[0]));
    const next = { ...thing(pair[1]), metadata: created["metadata"] };
    const { code, message, causes } = created.code === 201
      ? answered(await server.call("PUT", `${collection}/x`, next))
      : answered(created);
    answers.push(code === 200 ? {} : { message, causes });
  }
  group["expected"] = answers;
}

async function edit(file: URL, record: (data: JsonObject) => Promise<void>): Promise<void> {
  const data: unknown = JSON.parse(await Deno.readTextFile(file));
  if (!isObject(data)) throw new Error(`Cannot use ${file.pathname}: it is no JSON object`);
  await record(data);
  await Deno.writeTextFile(file, `${JSON.stringify(data, null, 1)}\n`);
}

if (import.meta.main) {
  const kubeconfig = Deno.args[0];
  if (kubeconfig === undefined) throw new Error("Usage: deno run -A tools/record_scenarios.ts KUBECONFIG");
  const server = new Server();
  await server.open(kubeconfig);
  try {
    await edit(APPLY, async (data) => {
      await server.define(data["definition"]);
      for (const scenario of data["scenarios"] as Scenario[]) await run(server, scenario);
    });
    await edit(SCHEMA, async (data) => {
      for (const group of data["documents"] as JsonObject[]) await recordDocuments(server, group);
      for (const bad of data["definitions"] as JsonObject[]) {
        bad["expected"] = answered(await server.call("POST", `${DEFINITIONS}?dryRun=All`, definition(bad["schema"])));
      }
    });
    await server.remove(`${DEFINITIONS}/things.kco.test`);
  } finally {
    await server.close();
  }
}
