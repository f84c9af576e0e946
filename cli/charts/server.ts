/** A Helm repository and an OCI registry on loopback, for charts at hand. */
import { createHash } from "node:crypto";
import { Hono } from "../../lib/deps/hono.ts";
import type { ChartMetadata } from "../../lib/helm/mod.ts";
import { emitYaml } from "../../lib/yaml/mod.ts";

/** A chart to serve. */
export interface ServedChart {
  readonly metadata: ChartMetadata;
  readonly archive: Uint8Array<ArrayBuffer>;
}

/** A running server. */
export interface ChartServer {
  /** `http://127.0.0.1:PORT/charts`: a Helm repository. */
  readonly repository: string;
  /** `oci://127.0.0.1:PORT/charts`: an OCI registry. */
  readonly registry: string;
  close(): Promise<void>;
}

const CHART_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const CHART_CONFIG = "application/vnd.cncf.helm.config.v1+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

/** Serves charts until closed. */
export function serveCharts(charts: readonly ServedChart[]): ChartServer {
  const app = new Hono();
  addRepository(app, charts);
  addRegistry(app, charts);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, app.fetch);
  const host = `127.0.0.1:${server.addr.port}`;
  return {
    repository: `http://${host}/charts`,
    registry: `oci://${host}/charts`,
    close: () => server.shutdown(),
  };
}

function fileName({ metadata }: ServedChart): string {
  return `${metadata.name}-${metadata.version}.tgz`;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function addRepository(app: Hono, charts: readonly ServedChart[]): void {
  const entries: Record<string, unknown[]> = {};
  for (const chart of charts) {
    (entries[chart.metadata.name] ??= []).push({
      ...chart.metadata,
      created: "2026-01-01T00:00:00Z",
      digest: sha256(chart.archive),
      urls: [fileName(chart)],
    });
  }
  const index = emitYaml({ apiVersion: "v1", entries, generated: "2026-01-01T00:00:00Z" });
  app.get("/charts/index.yaml", (c) => c.text(index, 200, { "Content-Type": "application/yaml" }));
  for (const chart of charts) {
    app.get(`/charts/${fileName(chart)}`, (c) => c.body(chart.archive, 200, { "Content-Type": "application/gzip" }));
  }
}

function addRegistry(app: Hono, charts: readonly ServedChart[]): void {
  const blobs = new Map<string, Uint8Array<ArrayBuffer>>();
  const manifests = new Map<string, Uint8Array<ArrayBuffer>>();
  const tags = new Map<string, string[]>();
  for (const chart of charts) {
    const { name, version } = chart.metadata;
    const manifest = imageManifest(chart, blobs);
    // A tag cannot have a plus sign; Helm writes an underscore for it.
    const tag = version.replaceAll("+", "_");
    for (const reference of [tag, `sha256:${sha256(manifest)}`]) manifests.set(`${name}/${reference}`, manifest);
    tags.set(name, [...tags.get(name) ?? [], tag]);
  }
  app.get("/v2/", (c) => c.json({}));
  app.get("/v2/charts/:name/tags/list", (c) => {
    const name = c.req.param("name");
    const list = tags.get(name);
    return list ? c.json({ name: `charts/${name}`, tags: list }) : c.json(unknown("NAME_UNKNOWN"), 404);
  });
  app.get("/v2/charts/:name/manifests/:reference", (c) => {
    const manifest = manifests.get(`${c.req.param("name")}/${c.req.param("reference")}`);
    if (!manifest) return c.json(unknown("MANIFEST_UNKNOWN"), 404);
    return c.body(manifest, 200, { "Content-Type": MANIFEST, "Docker-Content-Digest": `sha256:${sha256(manifest)}` });
  });
  app.get("/v2/charts/:name/blobs/:digest", (c) => {
    const blob = blobs.get(c.req.param("digest"));
    return blob
      ? c.body(blob, 200, { "Content-Type": "application/octet-stream" })
      : c.json(unknown("BLOB_UNKNOWN"), 404);
  });
}

function imageManifest(
  { metadata, archive }: ServedChart,
  blobs: Map<string, Uint8Array<ArrayBuffer>>,
): Uint8Array<ArrayBuffer> {
  const config = new TextEncoder().encode(JSON.stringify(metadata));
  const put = (mediaType: string, data: Uint8Array<ArrayBuffer>) => {
    const digest = `sha256:${sha256(data)}`;
    blobs.set(digest, data);
    return { mediaType, digest, size: data.length };
  };
  return new TextEncoder().encode(JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: put(CHART_CONFIG, config),
    layers: [put(CHART_LAYER, archive)],
  }));
}

function unknown(code: string): unknown {
  return { errors: [{ code, message: "not known to this registry" }] };
}
