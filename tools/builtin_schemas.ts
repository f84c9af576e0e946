/**
 * Writes the schemas of the built-in kinds from the OpenAPI v3 documents of a running kube-apiserver.
 *
 * `deno run -A tools/builtin_schemas.ts KUBECONFIG` asks the server through kubectl, which knows every way to log in, and
 * rewrites `lib/apiserver/builtin/schemas/*.json`: one file a package of types, one type a line, so that a new Kubernetes
 * version is a readable diff. What the documents do not say, which scalars are left out when they are zero, it reads in the Go types
 * of the modules that `tools/kubernetes` builds. Descriptions stay, for `kubectl explain`; paths and operations go, the embedded server makes its own.
 */

/** Packages of types that the embedded server serves, and the file that each goes to. */
const PACKAGES: Readonly<Record<string, string>> = {
  "io.k8s.api.admissionregistration.v1": "admissionregistration.v1",
  "io.k8s.api.apps.v1": "apps.v1",
  "io.k8s.api.authentication.v1": "authentication.v1",
  "io.k8s.api.authorization.v1": "authorization.v1",
  "io.k8s.api.autoscaling.v1": "autoscaling.v1",
  "io.k8s.api.autoscaling.v2": "autoscaling.v2",
  "io.k8s.api.batch.v1": "batch.v1",
  "io.k8s.api.certificates.v1": "certificates.v1",
  "io.k8s.api.coordination.v1": "coordination.v1",
  "io.k8s.api.core.v1": "core.v1",
  "io.k8s.api.discovery.v1": "discovery.v1",
  "io.k8s.api.events.v1": "events.v1",
  "io.k8s.api.flowcontrol.v1": "flowcontrol.v1",
  "io.k8s.api.networking.v1": "networking.v1",
  "io.k8s.api.node.v1": "node.v1",
  "io.k8s.api.policy.v1": "policy.v1",
  "io.k8s.api.rbac.v1": "rbac.v1",
  "io.k8s.api.scheduling.v1": "scheduling.v1",
  "io.k8s.api.storage.v1": "storage.v1",
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1": "apiextensions.v1",
  "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1": "apiregistration.v1",
  "io.k8s.apimachinery.pkg.apis.meta.v1": "apimachinery",
  "io.k8s.apimachinery.pkg.api.resource": "apimachinery",
  "io.k8s.apimachinery.pkg.runtime": "apimachinery",
  "io.k8s.apimachinery.pkg.util.intstr": "apimachinery",
};

const OUT = new URL("../lib/apiserver/builtin/schemas/", import.meta.url);

type JsonObject = { [key: string]: unknown };

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function get(kubeconfig: string, path: string): Promise<JsonObject> {
  const out = await new Deno.Command("kubectl", { args: ["--kubeconfig", kubeconfig, "get", "--raw", path] }).output();
  if (!out.success) {
    throw new Error(`Cannot read ${path} with ${kubeconfig}: ${new TextDecoder().decode(out.stderr).trim()}`);
  }
  const parsed: unknown = JSON.parse(new TextDecoder().decode(out.stdout));
  if (!isObject(parsed)) throw new Error(`Cannot use the answer to ${path}: it is no JSON object`);
  return parsed;
}

/** Every type of every package that we serve, by its full name. */
async function collect(kubeconfig: string): Promise<Map<string, JsonObject>> {
  const index = (await get(kubeconfig, "/openapi/v3"))["paths"];
  const types = new Map<string, JsonObject>();
  for (const [path, entry] of Object.entries(isObject(index) ? index : {})) {
    if (!/^apis?\//.test(path) || !isObject(entry)) continue;
    const components = (await get(kubeconfig, String(entry["serverRelativeURL"])))["components"];
    const schemas = isObject(components) && isObject(components["schemas"]) ? components["schemas"] : {};
    for (const [name, schema] of Object.entries(schemas)) {
      if (isObject(schema) && packageOf(name) in PACKAGES) types.set(name, schema);
    }
  }
  return types;
}

function packageOf(typeName: string): string {
  return typeName.slice(0, typeName.lastIndexOf("."));
}

/** `DeleteOptions` and its like list every group version that they serve; one is enough for us. */
function trim(schema: JsonObject): JsonObject {
  const kinds = schema["x-kubernetes-group-version-kind"];
  if (!Array.isArray(kinds) || kinds.length < 2) return schema;
  const { "x-kubernetes-group-version-kind": _, ...rest } = schema;
  return rest;
}

async function write(types: Map<string, JsonObject>): Promise<void> {
  const files = new Map<string, string[]>();
  for (const name of [...types.keys()].sort()) {
    const file = PACKAGES[packageOf(name)] ?? "apimachinery";
    const line = `${JSON.stringify(name)}:${JSON.stringify(trim(types.get(name) ?? {}))}`;
    files.set(file, [...files.get(file) ?? [], line]);
  }
  for (const [file, lines] of files) {
    await Deno.writeTextFile(new URL(`${file}.json`, OUT), `{\n${lines.join(",\n")}\n}\n`);
    console.log(`${file}.json: ${lines.length} types`);
  }
}

/** Where the Go types of each package are: a module and a folder in it. */
const SOURCES: readonly (readonly [string, string, RegExp])[] = [
  ["k8s.io/api", "", /^io\.k8s\.api\.(\w+)\.(\w+)$/],
  ["k8s.io/apiextensions-apiserver", "pkg/apis/apiextensions/v1", /^io\.k8s\.apiextensions-apiserver\./],
  ["k8s.io/kube-aggregator", "pkg/apis/apiregistration/v1", /^io\.k8s\.kube-aggregator\./],
  ["k8s.io/apimachinery", "pkg/apis/meta/v1", /^io\.k8s\.apimachinery\.pkg\.apis\.meta\.v1$/],
];

async function moduleFolder(module: string): Promise<string> {
  const cwd = new URL("./kubernetes/", import.meta.url);
  const out = await new Deno.Command("go", { args: ["list", "-m", "-f", "{{.Dir}}", module], cwd }).output();
  if (!out.success) {
    throw new Error(`Cannot find the Go module ${module}: ${new TextDecoder().decode(out.stderr).trim()}`);
  }
  return new TextDecoder().decode(out.stdout).trim();
}

/** Fields that Go leaves out when they are zero: `omitempty` or `omitzero`, and no pointer. */
async function omittedZeros(types: Map<string, JsonObject>): Promise<Record<string, string[]>> {
  const omitted: Record<string, string[]> = {};
  const packages = new Set([...types.keys()].map(packageOf));
  for (const pkg of [...packages].sort()) {
    const source = SOURCES.find(([, , pattern]) => pattern.test(pkg));
    if (source === undefined) continue;
    const [module, folder, pattern] = source;
    const [, group, version] = pattern.exec(pkg) ?? [];
    const file = `${await moduleFolder(module)}/${folder === "" ? `${group}/${version}` : folder}/types.go`;
    readStructs(await Deno.readTextFile(file), pkg, types, omitted);
  }
  return omitted;
}

function readStructs(
  source: string,
  pkg: string,
  types: Map<string, JsonObject>,
  omitted: Record<string, string[]>,
): void {
  for (const [, name = "", body = ""] of source.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
    const properties = types.get(`${pkg}.${name}`)?.["properties"];
    if (!isObject(properties)) continue;
    for (const [, goType = "", json = ""] of body.matchAll(/^\s+\w+\s+(\S+)\s+`[^`]*json:"([^"]*)"/gm)) {
      const [field = "", ...options] = json.split(",");
      const property = properties[field];
      if (goType.startsWith("*") || !options.some((option) => option === "omitempty" || option === "omitzero")) {
        continue;
      }
      const type = isObject(property) ? property["type"] : undefined;
      if (type === "string" || type === "integer" || type === "number" || type === "boolean") {
        (omitted[`${pkg}.${name}`] ??= []).push(field);
      }
    }
  }
}

async function writeOmittedZeros(omitted: Record<string, string[]>): Promise<void> {
  const lines = Object.keys(omitted).sort().map((name) => `${JSON.stringify(name)}:${JSON.stringify(omitted[name])}`);
  await Deno.writeTextFile(new URL("omitted_zeros.json", OUT), `{\n${lines.join(",\n")}\n}\n`);
  console.log(`omitted_zeros.json: ${lines.length} types`);
}

if (import.meta.main) {
  const kubeconfig = Deno.args[0];
  if (kubeconfig === undefined) throw new Error("Usage: deno run -A tools/builtin_schemas.ts KUBECONFIG");
  const types = await collect(kubeconfig);
  await write(types);
  await writeOmittedZeros(await omittedZeros(types));
}
