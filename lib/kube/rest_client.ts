/** `RestClient`: Kubernetes over Deno's `fetch`. */
import { type Clock, systemClock } from "./clock.ts";
import { type Credentials, credentialsOf, type CurrentCredentials } from "./credentials.ts";
import { describeRequest, fromStatus, fromText, isFailureStatus, KubeError } from "./errors.ts";
import type { KubeContext } from "./kubeconfig.ts";
import { readMaterial } from "./_material.ts";
import { nodeFetch, type NodeTls } from "./_node_fetch.ts";
import { Slots } from "./_slots.ts";
import type { KubeRequest, KubeResponse, KubeTransport } from "./transport.ts";

/** Options of {@linkcode createRestClient}. */
export interface RestClientOptions {
  /** Default `kco`. */
  readonly userAgent?: string;
  readonly clock?: Clock;
}

/**
 * Requests under way at once, each on a connection of its own.
 *
 * HTTP/1.1, because Deno's HTTP/2 writes a larger body in a second segment and leaves Nagle's algorithm on: such a request waits
 * 40 ms for the server's delayed acknowledgement (measured against kube-apiserver 1.35: 45 ms instead of 3 ms), and with it
 * whatever shares the connection.
 */
const CONNECTIONS = 32;

/** A transport for a context. */
export async function createRestClient(context: KubeContext, options: RestClientOptions = {}): Promise<RestClient> {
  const { cluster } = context;
  const caCert = cluster.certificateAuthority && await readMaterial(cluster.certificateAuthority);
  if (cluster.proxyUrl && (cluster.insecureSkipTlsVerify || cluster.tlsServerName)) {
    throw new KubeError(
      `Cannot use context "${context.name}": proxy-url together with insecure-skip-tls-verify or tls-server-name is not ` +
        "supported: give the certificate authority and a matching host name instead",
      { reason: "Unsupported" },
    );
  }
  return new RestClient(context, await credentialsOf(context, options.clock ?? systemClock), caCert, options);
}

/**
 * A transport on `fetch`: one HTTP client for requests, one for watches. Each request and each watch has a connection of its
 * own while it lasts, so that none can block another.
 *
 * A 401 refreshes rotating credentials once. What `fetch` cannot do goes through `node:https`: `insecure-skip-tls-verify`,
 * `tls-server-name`, and a header on several lines (`fetch` would join two groups to impersonate into one).
 */
export class RestClient implements KubeTransport, Disposable {
  readonly defaultNamespace: string | undefined;
  readonly #base: string;
  readonly #credentials: Credentials;
  readonly #userAgent: string;
  readonly #impersonation: Readonly<Record<string, string>>;
  readonly #proxyUrl: string | undefined;
  readonly #caCert: string | undefined;
  readonly #nodeTls: NodeTls;
  readonly #needsNode: boolean;
  readonly #slots = new Slots(CONNECTIONS);
  #clients: HttpClients | undefined;
  #closed = false;

  constructor(context: KubeContext, credentials: Credentials, caCert: string | undefined, options: RestClientOptions) {
    const { cluster, user } = context;
    this.defaultNamespace = context.namespace;
    this.#base = cluster.server;
    this.#credentials = credentials;
    this.#userAgent = options.userAgent ?? "kco";
    this.#impersonation = user.impersonate === undefined ? {} : {
      "Impersonate-User": user.impersonate.user,
      ...(user.impersonate.groups.length > 0 && { "Impersonate-Group": user.impersonate.groups.join("\n") }),
    };
    this.#proxyUrl = cluster.proxyUrl;
    this.#caCert = caCert;
    this.#nodeTls = {
      ca: caCert,
      rejectUnauthorized: !cluster.insecureSkipTlsVerify,
      servername: cluster.tlsServerName,
    };
    const { insecureSkipTlsVerify, tlsServerName, server } = cluster;
    this.#needsNode = server.startsWith("https:") && (insecureSkipTlsVerify === true || tlsServerName !== undefined);
  }

  performRequest(request: KubeRequest & { expectStream: true }): Promise<ReadableStream<Uint8Array>>;
  performRequest(request: KubeRequest): Promise<Uint8Array>;
  async performRequest(
    request: KubeRequest & { expectStream?: boolean },
  ): Promise<Uint8Array | ReadableStream<Uint8Array>> {
    const response = await this.request(request);
    const body = response.body ?? new Blob([]).stream();
    if (response.status >= 400) throw await errorOf(request, response.status, body);
    return request.expectStream ? body : await new Response(body).bytes();
  }

  /** Error answers resolve; what rejects is the network, the caller's signal, or missing credentials. */
  async request(request: KubeRequest, headers: Readonly<Record<string, string>> = {}): Promise<KubeResponse> {
    const response = await this.#send(request, headers);
    if (response.status !== 401 || !this.#credentials.refresh()) return response;
    await response.body?.cancel();
    return await this.#send(request, headers);
  }

  close(): void {
    this.#closed = true;
    this.#clients?.close();
    this.#clients = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #send(request: KubeRequest, extra: Readonly<Record<string, string>>): Promise<KubeResponse> {
    const current = await this.#credentials.current();
    if (this.#closed) {
      throw new KubeError(`Cannot ${describeRequest(request)}: the client is closed`, { reason: "Aborted" });
    }
    const query = request.querystring?.toString();
    const url = `${this.#base}${request.path}${query ? `?${query}` : ""}`;
    const headers = this.#headers(request, current, extra);
    const repeated = new Set(headers.map(([name]) => name)).size < headers.length;
    if (this.#needsNode || repeated) return await this.#sendByNode(url, request, headers, current);
    const exchange = () => {
      const client = this.#clientFor(request, current);
      this.#distrustAfterDeadline(request.abortSignal, client);
      return fetch(url, {
        method: request.method,
        headers,
        body: request.bodyRaw ?? null,
        signal: request.abortSignal ?? null,
        redirect: "manual",
        client,
      });
    };
    // A watch keeps its connection for minutes: it must not take a slot.
    const response = await (isWatch(request) ? exchange() : this.#slots.run(exchange));
    return { status: response.status, headers: response.headers, body: response.body };
  }

  async #sendByNode(
    url: string,
    request: KubeRequest,
    headers: [string, string][],
    current: CurrentCredentials,
  ): Promise<KubeResponse> {
    if (this.#proxyUrl !== undefined) {
      throw new KubeError(
        `Cannot ${describeRequest(request)}: impersonating several groups through proxy-url is not supported: ` +
          "impersonate a user whose groups the server knows, such as a service account",
        { reason: "Unsupported" },
      );
    }
    return await nodeFetch(url, request, headers, { ...this.#nodeTls, ...current.certificate });
  }

  #headers(
    request: KubeRequest,
    current: CurrentCredentials,
    extra: Readonly<Record<string, string>>,
  ): [name: string, value: string][] {
    const headers: [string, string][] = [
      ["User-Agent", this.#userAgent],
      ["Accept", request.accept ?? "application/json"],
    ];
    if (request.contentType !== undefined) headers.push(["Content-Type", request.contentType]);
    if (current.authorization !== undefined) headers.push(["Authorization", current.authorization]);
    for (const [name, value] of Object.entries({ ...this.#impersonation, ...extra })) {
      for (const line of value.split("\n")) headers.push([name, line]);
    }
    return headers;
  }

  /**
   * Gives the pool of connections up when a request runs into its deadline. An HTTP/2 connection whose peer is gone without
   * a word stays in the pool otherwise, and every later request would go to it and wait in vain.
   */
  #distrustAfterDeadline(signal: AbortSignal | undefined, client: Deno.HttpClient): void {
    signal?.addEventListener("abort", () => {
      const timedOut = signal.reason instanceof DOMException && signal.reason.name === "TimeoutError";
      if (timedOut && this.#clients?.requests === client) this.#clients.renewRequests();
    });
  }

  #clientFor(request: KubeRequest, current: CurrentCredentials): Deno.HttpClient {
    // A renewed certificate needs new connections; watches on the old ones run to their end.
    if (this.#clients === undefined || this.#clients.certificate !== current.certificate) {
      this.#clients?.close();
      this.#clients = new HttpClients(this.#caCert, this.#proxyUrl, current.certificate);
    }
    return isWatch(request) ? this.#clients.watches : this.#clients.requests;
  }
}

class HttpClients {
  requests: Deno.HttpClient;
  readonly watches: Deno.HttpClient;
  readonly certificate: CurrentCredentials["certificate"];
  readonly #options: Deno.CreateHttpClientOptions;

  constructor(
    caCert: string | undefined,
    proxyUrl: string | undefined,
    certificate: CurrentCredentials["certificate"],
  ) {
    this.certificate = certificate;
    this.#options = {
      http2: false,
      ...(caCert && { caCerts: [caCert] }),
      ...(proxyUrl && { proxy: { url: proxyUrl } }),
      ...certificate,
    };
    this.requests = Deno.createHttpClient(this.#options);
    this.watches = Deno.createHttpClient(this.#options);
  }

  /** New connections for requests; those under way end on the old ones. */
  renewRequests(): void {
    this.requests.close();
    this.requests = Deno.createHttpClient(this.#options);
  }

  close(): void {
    this.requests.close();
    this.watches.close();
  }
}

function isWatch(request: KubeRequest): boolean {
  const query = request.querystring;
  return query?.get("watch") === "true" || query?.get("watch") === "1" || query?.get("follow") === "true";
}

async function errorOf(request: KubeRequest, code: number, body: ReadableStream<Uint8Array>): Promise<KubeError> {
  const text = await new Response(body).text();
  try {
    const value: unknown = JSON.parse(text);
    if (isFailureStatus(value)) return fromStatus(describeRequest(request), value, code);
  } catch {
    // Not JSON: a proxy's page, or the server's plain `404 page not found`.
  }
  return fromText(describeRequest(request), code, text);
}
