/** Charts from an OCI registry, by the distribution specification. */
import type { ChartReference, FetchedChart } from "../types.ts";
import { checkDigest, describeStatus, digestOf, type Source } from "./archive.ts";
import { ChartFetchError } from "./errors.ts";
import { basicAuthorization, get, type HttpAnswer } from "./http.ts";
import { chooseVersion } from "./versions.ts";

const MANIFEST_TYPES = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
/** Newest first; a manifest with a single layer of another type is taken too. */
const CHART_LAYERS = ["application/vnd.cncf.helm.chart.content.v1.tar+gzip", "application/tar+gzip"];
const PAGE_LIMIT = 1_000;

/** A repository in a registry. */
interface Repository {
  /** `https://host:port` */
  readonly origin: string;
  /** Path below `/v2/`. */
  readonly name: string;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
}

/** Fetches a chart from a registry; `reference.url` starts with `oci://`. */
export async function fetchFromRegistry(reference: ChartReference, source: Source): Promise<FetchedChart> {
  const { repository, wish } = parse(reference);
  const what = `chart "${repository.name}"`;
  const session = new Session(repository, what, source);
  const tag = wish.startsWith("sha256:") ? wish : await session.resolveTag(wish);
  const manifest = await session.manifest(tag);
  const layer = chartLayer(manifest, what, reference.url);
  const { bytes, url } = await session.blob(layer.digest);
  const digest = digestOf(bytes);
  checkDigest(digest, layer.digest, what, url);
  const host = new URL(repository.origin).host;
  return {
    bytes,
    digest,
    resolvedUrl: `oci://${host}/${repository.name}${tag.startsWith("sha256:") ? "@" : ":"}${tag}`,
  };
}

/** `oci://host[:port]/path[:tag][@digest]`, with the reference's own repo and version. */
function parse(reference: ChartReference): { repository: Repository; wish: string } {
  const match = /^oci:\/\/([^/]+)\/([^:@]+?)\/?(?::([^@]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(reference.url);
  if (!match) {
    throw new ChartFetchError(
      "InvalidReference",
      `Cannot read chart URL "${reference.url}": use oci://host/path, with the version in spec.chart.version`,
    );
  }
  const [, host = "", path = "", tag, digest] = match;
  const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(host);
  const name = reference.repo ? `${path}/${reference.repo}` : path;
  const wish = digest ?? reference.version ?? tag ?? "";
  return { repository: { origin: `${local ? "http" : "https"}://${host}`, name }, wish: wish === "latest" ? "" : wish };
}

function chartLayer(manifest: unknown, what: string, url: string): Descriptor {
  const layers = ((manifest as { layers?: unknown } | null)?.layers ?? []) as Descriptor[];
  for (const type of CHART_LAYERS) {
    const layer = layers.find((l) => l.mediaType === type);
    if (layer) return layer;
  }
  if (layers.length === 1) return layers[0]!;
  throw new ChartFetchError(
    "InvalidIndex",
    `Cannot use ${what} of ${url}: its manifest has no layer with a Helm chart`,
  );
}

/** Requests to one repository; gets a token when the registry asks for one. */
class Session {
  #authorization: string | undefined;

  constructor(
    private readonly repository: Repository,
    private readonly what: string,
    private readonly source: Source,
  ) {}

  /** The tag that a version or range stands for. A tag cannot have a plus sign: Helm writes an underscore. */
  async resolveTag(wish: string): Promise<string> {
    const exact = wish.replaceAll("+", "_");
    if (/^v?\d+\.\d+\.\d+[\w.+-]*$/.test(wish)) return exact;
    const tags = await this.#tags();
    const version = chooseVersion(tags.map((tag) => tag.replaceAll("_", "+")), wish);
    if (version !== undefined) return version.replaceAll("+", "_");
    throw new ChartFetchError(
      "VersionNotFound",
      `Cannot find ${wish ? `version "${wish}"` : "a stable version"} of ${this.what} in ${this.repository.origin}: ` +
        `it offers ${tags.slice(0, 5).join(", ") || "none"}: check spec.chart.version`,
    );
  }

  async #tags(): Promise<string[]> {
    const tags: string[] = [];
    let path: string | undefined = `/tags/list?n=${PAGE_LIMIT}`;
    for (let page = 0; path !== undefined && page < PAGE_LIMIT; page++) {
      const answer: HttpAnswer = await this.#get(path, "application/json");
      const list = this.#json(answer) as { tags?: unknown } | null;
      if (Array.isArray(list?.tags)) tags.push(...list.tags.filter((tag) => typeof tag === "string"));
      const next: string | undefined = /<([^>]+)>;\s*rel="?next"?/.exec(answer.headers.get("link") ?? "")?.[1];
      path = next?.slice(next.indexOf("/tags/list"));
    }
    return tags;
  }

  async manifest(reference: string): Promise<unknown> {
    const answer = await this.#get(`/manifests/${reference}`, MANIFEST_TYPES.join(", "));
    if (reference.startsWith("sha256:")) checkDigest(digestOf(answer.body), reference, this.what, answer.url);
    return this.#json(answer);
  }

  async blob(digest: string): Promise<{ bytes: Uint8Array<ArrayBuffer>; url: string }> {
    const answer = await this.#get(`/blobs/${digest}`, "*/*");
    return { bytes: answer.body, url: answer.url };
  }

  async #get(path: string, accept: string): Promise<HttpAnswer> {
    const url = `${this.repository.origin}/v2/${this.repository.name}${path}`;
    let answer = await this.#send(url, accept);
    if (answer.status === 401 && await this.#authorize(answer)) answer = await this.#send(url, accept);
    if (answer.status !== 200) throw describeStatus(answer.status, this.what, url);
    return answer;
  }

  #send(url: string, accept: string): Promise<HttpAnswer> {
    const { authorization: _basic, ...http } = this.source.http;
    return get(url, { ...http, accept, ...(this.#authorization ? { authorization: this.#authorization } : {}) });
  }

  /** Follows the challenge of a 401. @returns Whether there is something new to try. */
  async #authorize(answer: HttpAnswer): Promise<boolean> {
    if (this.#authorization !== undefined) return false;
    const challenge = answer.headers.get("www-authenticate") ?? "";
    const basic = basicAuthorization(this.source.username, this.source.password);
    if (/^basic/i.test(challenge)) this.#authorization = basic;
    else if (/^bearer/i.test(challenge)) this.#authorization = await this.#token(challenge, basic);
    return this.#authorization !== undefined;
  }

  async #token(challenge: string, basic: string | undefined): Promise<string> {
    const parameters = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!]));
    const realm = parameters.get("realm");
    if (!realm || !URL.canParse(realm)) {
      throw new ChartFetchError(
        "InvalidIndex",
        `Cannot log in to ${this.repository.origin}: it names no realm for tokens`,
      );
    }
    const url = new URL(realm);
    const service = parameters.get("service");
    if (service) url.searchParams.set("service", service);
    url.searchParams.set("scope", parameters.get("scope") ?? `repository:${this.repository.name}:pull`);
    const { authorization: _basic, ...http } = this.source.http;
    const answer = await get(url.href, {
      ...http,
      accept: "application/json",
      ...(basic ? { authorization: basic } : {}),
    });
    if (answer.status !== 200) throw describeStatus(answer.status, this.what, url.href);
    const { token, access_token } = this.#json(answer) as { token?: string; access_token?: string };
    return `Bearer ${token ?? access_token ?? ""}`;
  }

  #json(answer: HttpAnswer): unknown {
    try {
      return JSON.parse(new TextDecoder().decode(answer.body));
    } catch (error) {
      throw new ChartFetchError("InvalidIndex", `Cannot read the answer of ${answer.url}: it is no JSON`, {
        cause: error,
      });
    }
  }
}
