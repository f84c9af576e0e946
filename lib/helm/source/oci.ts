import { isTable } from "../chart/mod.ts";
import type { ChartReference, FetchedChart, FetchOptions } from "../types.ts";
import type { ChartCache } from "./cache.ts";
import { checkDigest } from "./digest.ts";
import { dockerCredentials } from "./docker_config.ts";
import { ChartFetchError } from "./errors.ts";
import { type OciReference, parseOciReference, tagOf, versionOf } from "./oci_reference.ts";
import { OciSession, readJson } from "./oci_session.ts";
import { chooseVersion, isExactVersion } from "./versions.ts";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";
/** What a chart's layer is called; the second is that of Helm's first releases with registries. */
const CHART_LAYERS = ["application/vnd.cncf.helm.chart.content.v1.tar+gzip", "application/tar+gzip"];
const MOST_TAG_PAGES = 100;

/**
 * Fetches a chart from an OCI registry: answers its challenge, chooses the tag, checks the digests. Plain HTTP is spoken
 * on loopback only.
 *
 * @throws ChartFetchError
 */
export async function fetchFromRegistry(
  reference: ChartReference,
  options: FetchOptions,
  cache: ChartCache,
): Promise<FetchedChart> {
  const oci = parseOciReference(reference);
  const name = oci.path.slice(oci.path.lastIndexOf("/") + 1);
  const what = `chart "${name}"${oci.version === "" ? "" : ` ${oci.version}`}`;
  const session = new OciSession(oci, withCredentials(oci, options), what);
  const tag = oci.digest ?? await tagFor(oci, session, what);
  const layer = await chartLayer(session, tag, oci, what);
  const digest = text(layer["digest"]);
  const kept = await cache.get(digest);
  const bytes = kept ?? (await session.get(session.address(`blobs/${digest}`))).bytes;
  if (kept === undefined) {
    checkDigest(bytes, digest, what, session.address(`blobs/${digest}`).href);
    await cache.put(digest, bytes);
  }
  const version = tag.startsWith("sha256:") ? {} : { version: versionOf(tag) };
  return { bytes, digest, resolvedUrl: resolved(oci, tag), ...version };
}

function withCredentials({ host, path }: OciReference, options: FetchOptions): FetchOptions {
  const { username, password, dockerConfigJson } = options;
  if (username !== undefined || password !== undefined || dockerConfigJson === undefined) return options;
  return { ...options, ...dockerCredentials(dockerConfigJson, `${host}/${path}`) };
}

async function tagFor(oci: OciReference, session: OciSession, what: string): Promise<string> {
  if (isExactVersion(oci.version)) return tagOf(oci.version);
  const tags = await allTags(session);
  const candidates = tags.map((tag) => ({ version: versionOf(tag) }));
  return tagOf(chooseVersion(candidates, oci.version, what, `oci://${oci.host}/${oci.path}`).version);
}

async function allTags(session: OciSession): Promise<string[]> {
  const tags: string[] = [];
  let url: URL | undefined = session.address("tags/list");
  for (let page = 0; url !== undefined && page < MOST_TAG_PAGES; page++) {
    const got = await session.get(url);
    const list = readJson(got.bytes)["tags"];
    if (Array.isArray(list)) tags.push(...list.filter((tag) => typeof tag === "string"));
    const next: string | undefined = /<([^>]+)>\s*;\s*rel="?next/.exec(got.headers.get("link") ?? "")?.[1];
    const from: URL = url;
    url = next === undefined ? undefined : sameHost(new URL(next, from), from);
  }
  return tags;
}

/** Tokens are for the registry: a page elsewhere is not asked for. */
function sameHost(url: URL, from: URL): URL | undefined {
  return url.host === from.host ? url : undefined;
}

async function chartLayer(
  session: OciSession,
  tag: string,
  oci: OciReference,
  what: string,
): Promise<Record<string, unknown>> {
  const url = session.address(`manifests/${tag}`);
  const got = await session.get(url, [MANIFEST, INDEX]);
  // What is asked for by its digest is that, or nothing: a manifest that an index names as well as a pinned one.
  if (tag.startsWith("sha256:")) checkDigest(got.bytes, tag, what, url.href);
  const manifest = readJson(got.bytes);
  const layers = list(manifest["layers"]);
  const layer = layers.find((entry) => CHART_LAYERS.includes(text(entry["mediaType"])));
  if (layer !== undefined && /^sha256:[0-9a-f]{64}$/.test(text(layer["digest"]))) return layer;
  const [inner] = list(manifest["manifests"]);
  if (inner !== undefined && /^sha256:[0-9a-f]{64}$/.test(text(inner["digest"])) && !tag.startsWith("sha256:")) {
    return await chartLayer(session, text(inner["digest"]), oci, what);
  }
  throw new ChartFetchError(
    "InvalidArchive",
    `Cannot fetch ${what} from ${resolved(oci, tag)}: the artifact is not a Helm chart: push it with "helm push"`,
  );
}

function resolved({ host, path }: OciReference, tag: string): string {
  return `oci://${host}/${path}${tag.startsWith("sha256:") ? "@" : ":"}${tag}`;
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isTable) : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
