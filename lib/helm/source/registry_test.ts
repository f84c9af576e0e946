/** The registry program that distributions ship, on loopback; skipped where it is not installed. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createSign } from "node:crypto";
import { bcrypt } from "../../deps/bcryptjs.ts";
import { TemplateSet } from "../../gotemplate/mod.ts";
import { sprigFunctions } from "../../gotemplate/functions/mod.ts";
import { digestOf } from "./digest.ts";
import { ChartFetchError, createChartCache, fetchChart } from "./mod.ts";

const PROGRAM = "docker-registry";
const isInstalled = (Deno.env.get("PATH") ?? "").split(":").some((folder) => {
  try {
    return Deno.statSync(`${folder}/${PROGRAM}`).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
});

const ARCHIVE = new TextEncoder().encode("an archive");
const CREDENTIALS = { username: "u", password: "p" };
const AUTHORIZATION = { authorization: `Basic ${btoa("u:p")}` };

/** A port that is free now. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** A user with a password for everything. */
async function byPassword(folder: string): Promise<string> {
  await Deno.writeTextFile(`${folder}/users`, `u:${bcrypt.hashSync("p", 4)}\n`);
  return `{htpasswd: {realm: test, path: ${folder}/users}}`;
}

async function withRegistry(
  work: (host: string) => Promise<void>,
  authOf: (folder: string) => Promise<string> = byPassword,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "kco-registry-" });
  const host = `127.0.0.1:${freePort()}`;
  const auth = await authOf(folder);
  await Deno.writeTextFile(
    `${folder}/config.yml`,
    `version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: ${folder}/data}}\n` +
      `auth: ${auth}\nhttp: {addr: "${host}"}\n`,
  );
  const registry = new Deno.Command(PROGRAM, {
    args: ["serve", `${folder}/config.yml`],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    await untilServing(`http://${host}/v2/`);
    await work(host);
  } finally {
    registry.kill("SIGTERM");
    await registry.status;
    await Deno.remove(folder, { recursive: true });
  }
}

async function untilServing(url: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      await (await fetch(url)).body?.cancel();
      return;
    } catch (error) {
      if (!(error instanceof TypeError) || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50)); // nothing tells when it listens
    }
  }
}

async function send(method: string, url: string, body: BodyInit | null, type: string): Promise<Response> {
  const response = await fetch(url, { method, body, headers: { ...AUTHORIZATION, "content-type": type } });
  await response.body?.cancel();
  assert.ok(response.ok, `${method} ${url}: ${response.status}`);
  return response;
}

async function pushBlob(host: string, path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const started = await send("POST", `http://${host}/v2/${path}/blobs/uploads/`, null, "text/plain");
  const location = new URL(started.headers.get("location") ?? "", `http://${host}`);
  location.searchParams.set("digest", digestOf(bytes));
  await send("PUT", location.href, bytes, "application/octet-stream");
}

/** Pushes what `helm push` pushes. @returns The manifest's digest. */
async function pushChart(host: string, path: string, tag: string): Promise<string> {
  const config = new TextEncoder().encode(JSON.stringify({ name: "web", version: tag.replace("_", "+") }));
  await pushBlob(host, path, config);
  await pushBlob(host, path, ARCHIVE);
  const layer = (mediaType: string, bytes: Uint8Array) => ({ mediaType, digest: digestOf(bytes), size: bytes.length });
  const type = "application/vnd.oci.image.manifest.v1+json";
  const manifest = new TextEncoder().encode(JSON.stringify({
    schemaVersion: 2,
    mediaType: type,
    config: layer("application/vnd.cncf.helm.config.v1+json", config),
    layers: [layer("application/vnd.cncf.helm.chart.content.v1.tar+gzip", ARCHIVE)],
    annotations: { "org.opencontainers.image.version": tag },
  }));
  await send("PUT", `http://${host}/v2/${path}/manifests/${tag}`, manifest, type);
  return digestOf(manifest);
}

Deno.test({
  name: "fetchChart() takes charts from a real registry: by version, range, none and digest, with credentials alone",
  ignore: !isInstalled,
  fn: () =>
    withRegistry(async (host) => {
      await pushChart(host, "team/web", "1.0.0");
      const digest = await pushChart(host, "team/web", "1.2.0_build.1");
      const url = `oci://${host}/team/web`;
      for (const [version, found] of [["1.0.0", "1.0.0"], ["^1", "1.2.0+build.1"], ["", "1.2.0+build.1"]] as const) {
        const fetched = await fetchChart({ url, version }, CREDENTIALS, createChartCache());
        assert.deepEqual([fetched.version, fetched.digest], [found, digestOf(ARCHIVE)]);
        assert.deepEqual(fetched.bytes, ARCHIVE);
      }
      const config = JSON.stringify({ auths: { [host]: { auth: btoa("u:p") } } });
      const pinned = await fetchChart({ url: `${url}@${digest}` }, { dockerConfigJson: config }, createChartCache());
      assert.deepEqual(pinned.bytes, ARCHIVE);
      await refuses({ url, version: "1.0.0" }, {}, "Unauthorized");
      await refuses({ url, version: "1.0.0" }, { username: "u", password: "wrong" }, "Unauthorized");
      await refuses({ url, version: "3.0.0" }, CREDENTIALS, "NotFound");
      await refuses({ url, version: "^3" }, CREDENTIALS, "VersionNotFound");
      await refuses({ url: `${url}@sha256:${"0".repeat(64)}` }, CREDENTIALS, "NotFound");
    }),
});

/** A token service: who it knows gets a token for what was asked, signed so that the registry believes it. */
function serveTokens(asked: string[]): { readonly realm: string; readonly cert: string; close(): Promise<void> } {
  const set = new TemplateSet({ functions: sprigFunctions() });
  set.parse("ca", '{{ $ca := genCA "test" 1 }}{{ dict "cert" $ca.Cert "key" $ca.Key | toJson }}');
  const { cert, key } = JSON.parse(set.execute("ca", null));
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { searchParams } = new URL(request.url);
    const scope = searchParams.get("scope") ?? "";
    asked.push(scope);
    if (request.headers.get("authorization") !== AUTHORIZATION.authorization) return new Response("", { status: 401 });
    const [type, name, actions = ""] = scope.split(":");
    const now = Math.floor(Date.now() / 1000);
    const access = [{ type, name, actions: actions.split(",") }];
    const times = { iat: now, nbf: now - 60, exp: now + 300 };
    const claims = { iss: "test", sub: "u", aud: searchParams.get("service"), jti: "1", access, ...times };
    return Response.json({ token: signed(claims, cert, key) });
  });
  return { realm: `http://127.0.0.1:${server.addr.port}/token`, cert, close: () => server.shutdown() };
}

function signed(claims: Readonly<Record<string, unknown>>, cert: string, key: string): string {
  const x5c = [cert.replace(/-----[^-]+-----|\s/g, "")];
  const parts = [{ alg: "RS256", typ: "JWT", x5c }, claims].map((part) => Buffer.from(JSON.stringify(part)));
  const text = parts.map((part) => part.toString("base64url")).join(".");
  return `${text}.${createSign("RSA-SHA256").update(text).sign(key).toString("base64url")}`;
}

Deno.test({
  name: "fetchChart() gets the token that a real registry wants, for the repository alone",
  ignore: !isInstalled,
  fn: async () => {
    const asked: string[] = [];
    const tokens = serveTokens(asked);
    try {
      await withRegistry(async (host) => {
        const url = `oci://${host}/team/web`;
        await refuses({ url, version: "1.0.0" }, { username: "u", password: "wrong" }, "Unauthorized");
        await refuses({ url, version: "1.0.0" }, CREDENTIALS, "NotFound");
        assert.deepEqual([...new Set(asked)], ["repository:team/web:pull"]);
      }, async (folder) => {
        await Deno.writeTextFile(`${folder}/ca.pem`, tokens.cert);
        return `{token: {realm: "${tokens.realm}", service: registry, issuer: test, rootcertbundle: ${folder}/ca.pem}}`;
      });
    } finally {
      await tokens.close();
    }
  },
});

async function refuses(
  reference: Parameters<typeof fetchChart>[0],
  options: Parameters<typeof fetchChart>[1],
  reason: string,
): Promise<void> {
  await assert.rejects(
    fetchChart(reference, options, createChartCache()),
    (error) => error instanceof ChartFetchError && error.reason === reason,
    `${reference.url} ${reference.version ?? ""} is refused: ${reason}`,
  );
}
