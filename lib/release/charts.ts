/** Charts that the cluster's objects refer to, fetched once and shared by all who need them. */
import {
  BoundedCache,
  type Chart,
  type ChartReference,
  fetchChart,
  type FetchedChart,
  type FetchOptions,
  HelmChartError,
  loadArchive,
} from "../helm/mod.ts";
import type { ApiResource, KubeClient, KubeObject } from "../kube/mod.ts";
import { ReleaseError } from "./errors.ts";

/** `spec.chart` of a CompositionDefinition. */
export interface ChartSpec {
  readonly url: string;
  readonly repo?: string;
  readonly version?: string;
  readonly insecureSkipVerifyTLS?: boolean;
  readonly credentials?: {
    readonly username: string;
    readonly passwordRef: { readonly name: string; readonly namespace: string; readonly key: string };
  };
}

/** A chart at hand. */
export interface LoadedChart {
  readonly chart: Chart;
  /** `sha256:<hex>` of the archive. */
  readonly digest: string;
  /** Where the archive really came from. */
  readonly resolvedUrl: string;
}

const SECRETS: ApiResource = { group: "", version: "v1", kind: "Secret", plural: "secrets", namespaced: true };

/** Bytes of unpacked charts kept by default. A large one has 2 MiB. */
const CAPACITY = 256 * 1024 * 1024;
/** What a chart takes besides its files, in bytes: so that many small ones have an end too. */
const BASE_WEIGHT = 64 * 1024;

/** Options of {@linkcode ChartLibrary}. */
export interface ChartLibraryOptions {
  /** Bytes of unpacked charts kept in memory. Default 256 MiB. */
  readonly capacity?: number;
}

/**
 * Fetches charts and keeps them in memory, by specification: the least recently used leave when there is no room.
 * Callers who ask for the same chart at once share one fetch; a failure is not remembered.
 */
export class ChartLibrary {
  readonly #loading = new Map<string, Promise<LoadedChart>>();
  readonly #charts: BoundedCache<string, LoadedChart>;

  constructor(private readonly client: Pick<KubeClient, "find">, options: ChartLibraryOptions = {}) {
    this.#charts = new BoundedCache(options.capacity ?? CAPACITY, ({ chart }) => weightOf(chart));
  }

  /**
   * The chart of a specification.
   *
   * @throws `ChartFetchError`, `HelmChartError`, or {@linkcode ReleaseError} `MissingCredentials`.
   */
  get(spec: ChartSpec): Promise<LoadedChart> {
    const key = keyOf(spec);
    const known = this.#charts.get(key);
    if (known) return Promise.resolve(known);
    const underWay = this.#loading.get(key);
    if (underWay) return underWay;
    const loading = this.#load(spec).finally(() => this.#loading.delete(key));
    this.#loading.set(key, loading);
    return loading;
  }

  async #load(spec: ChartSpec): Promise<LoadedChart> {
    const reference: ChartReference = {
      url: spec.url,
      ...(spec.repo === undefined ? {} : { repo: spec.repo }),
      ...(spec.version === undefined ? {} : { version: spec.version }),
    };
    const fetched = await fetchChart(reference, await this.#options(spec));
    const chart = chartOf(fetched, spec);
    const loaded: LoadedChart = { chart, digest: fetched.digest, resolvedUrl: fetched.resolvedUrl };
    this.#charts.set(keyOf(spec), loaded);
    // A range that was resolved is the same chart as the exact version.
    this.#charts.set(keyOf({ ...spec, version: chart.metadata.version }), loaded);
    return loaded;
  }

  async #options(spec: ChartSpec): Promise<FetchOptions> {
    const tls = spec.insecureSkipVerifyTLS ? { insecureSkipVerifyTLS: true } : {};
    if (!spec.credentials) return tls;
    const { username, passwordRef } = spec.credentials;
    return { ...tls, username, password: await this.#password(passwordRef) };
  }

  async #password(ref: { name: string; namespace: string; key: string }): Promise<string> {
    const secret = await this.client.find<KubeObject>(SECRETS, ref.name, ref.namespace);
    const data = (secret?.["data"] as Record<string, string> | undefined)?.[ref.key];
    if (data !== undefined) return new TextDecoder().decode(Uint8Array.from(atob(data), (c) => c.charCodeAt(0)));
    const what = secret ? `has no key "${ref.key}"` : "does not exist";
    throw new ReleaseError(
      "MissingCredentials",
      `Cannot read the chart's password: Secret "${ref.namespace}/${ref.name}" ${what}: create it or correct ` +
        `spec.chart.credentials.passwordRef`,
    );
  }
}

/** Helm's messages tell what is wrong with an archive, but not of which chart. */
function chartOf({ bytes, resolvedUrl }: FetchedChart, { url, repo, version }: ChartSpec): Chart {
  try {
    return loadArchive(bytes);
  } catch (error) {
    if (!(error instanceof HelmChartError)) throw error;
    const name = repo ?? (url.split("/").at(-1) || url);
    const message =
      `Cannot use chart "${name}"${version ? ` ${version}` : ""} from ${resolvedUrl}: ${error.message}: ` +
      "correct the chart, or name another in spec.chart";
    throw new HelmChartError(error.reason, message, { cause: error });
  }
}

/** What a chart takes in memory, roughly: its files, and its values twice, as text and as tables. */
function weightOf(chart: Chart): number {
  const files = [...chart.templates, ...chart.files, ...chart.crds];
  const texts = 2 * (chart.valuesText?.length ?? 0) + (chart.schemaText?.length ?? 0);
  const own = BASE_WEIGHT + texts + files.reduce((sum, { data }) => sum + data.length, 0);
  return chart.dependencies.reduce((sum, sub) => sum + weightOf(sub), own);
}

function keyOf({ url, repo, version, insecureSkipVerifyTLS, credentials }: ChartSpec): string {
  return JSON.stringify([url, repo, version, insecureSkipVerifyTLS, credentials]);
}
