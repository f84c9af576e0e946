/** HTTP for chart servers: credentials that stay with their host, bounded answers, retries of what can heal. */
import { ChartFetchError } from "./errors.ts";
import { insecureFetch } from "./insecure_fetch.ts";

/** How to ask. */
export interface HttpOptions {
  /** Value of `Authorization`; sent to the first host only. */
  readonly authorization?: string;
  readonly accept?: string;
  readonly insecureSkipVerifyTLS?: boolean;
  /** PEM. */
  readonly caCert?: string;
  /** Largest body, bytes. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
  /** Conditional request headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer, read whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  /** After redirects. */
  readonly url: string;
}

/** ms one try may take. */
const TIMEOUT = 60_000;
/** Tries, and ms between them: what can heal does so soon or not at all. */
const BACKOFF = [250, 1_000];
const MAX_REDIRECTS = 10;

/**
 * GETs a URL.
 *
 * Network errors, 429 and 5xx are tried again; the last answer is returned whatever its status.
 *
 * @throws {ChartFetchError} `Network`, `TLS`, `TooLarge`.
 */
export async function get(url: string, options: HttpOptions): Promise<HttpAnswer> {
  for (let attempt = 0;; attempt++) {
    const delay = BACKOFF[attempt];
    try {
      const answer = await getOnce(url, options);
      const heals = answer.status === 429 || answer.status >= 500;
      if (!heals || delay === undefined) return answer;
    } catch (error) {
      options.signal?.throwIfAborted();
      const heals = error instanceof ChartFetchError && error.reason === "Network";
      if (!heals || delay === undefined) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, delay));
  }
}

async function getOnce(first: string, options: HttpOptions): Promise<HttpAnswer> {
  const client = options.caCert === undefined ? undefined : Deno.createHttpClient({ caCerts: [options.caCert] });
  const timeout = AbortSignal.timeout(TIMEOUT);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  try {
    let url = first;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await send(url, new URL(url).host === new URL(first).host, options, signal, client);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status >= 400 || response.status === 304 || location === null) {
        const body = await readBounded(response, options.maxBytes, url);
        return { status: response.status, headers: response.headers, body, url };
      }
      await response.body?.cancel();
      url = new URL(location, url).href;
      if (new URL(first).protocol === "https:" && new URL(url).protocol !== "https:") {
        throw new ChartFetchError(
          "Refused",
          `Cannot fetch ${redacted(first)}: it redirects from https to ${redacted(url)}`,
        );
      }
    }
    throw new ChartFetchError("Refused", `Cannot fetch ${redacted(first)}: more than ${MAX_REDIRECTS} redirects`);
  } catch (error) {
    throw explain(error, first, timeout.aborted);
  } finally {
    client?.close();
  }
}

async function send(
  url: string,
  sameHost: boolean,
  options: HttpOptions,
  signal: AbortSignal,
  client: Deno.HttpClient | undefined,
): Promise<Response> {
  const headers = new Headers({ ...options.headers, "User-Agent": "kco" });
  if (options.accept !== undefined) headers.set("Accept", options.accept);
  if (options.authorization !== undefined && sameHost) headers.set("Authorization", options.authorization);
  if (options.insecureSkipVerifyTLS && url.startsWith("https:")) return await insecureFetch(url, headers, signal);
  return await fetch(url, { headers, signal, redirect: "manual", ...(client ? { client } : {}) });
}

async function readBounded(response: Response, maxBytes: number, url: string): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > maxBytes) {
      throw new ChartFetchError("TooLarge", `Cannot fetch ${redacted(url)}: it has more than ${maxBytes} bytes`);
    }
    parts.push(part);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function explain(error: unknown, url: string, timedOut: boolean): unknown {
  if (error instanceof ChartFetchError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (timedOut) {
    return new ChartFetchError("Network", `Cannot fetch ${redacted(url)}: no answer within ${TIMEOUT / 1000} s`, {
      cause: error,
    });
  }
  if (/certificate|UnknownIssuer|self.signed|tls|NotValidForName/i.test(message)) {
    return new ChartFetchError(
      "TLS",
      `Cannot fetch ${redacted(url)}: its certificate is not trusted (${message}): correct the certificate, or set ` +
        `spec.chart.insecureSkipVerifyTLS where that is acceptable`,
      { cause: error },
    );
  }
  return new ChartFetchError("Network", `Cannot fetch ${redacted(url)}: ${message}: is the server up and reachable?`, {
    cause: error,
  });
}

/** A URL without user and password. */
export function redacted(url: string): string {
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  return parsed.href;
}

/** The value of `Authorization` for basic credentials; only where both parts are there. */
export function basicAuthorization(username?: string, password?: string): string | undefined {
  if (!username || !password) return undefined;
  return `Basic ${new TextEncoder().encode(`${username}:${password}`).toBase64()}`;
}
