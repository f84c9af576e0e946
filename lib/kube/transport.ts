/**
 * The seam between this product and an HTTP client: bytes in, bytes out.
 *
 * `RestClient` of `@cloudydeno/kubernetes-client` satisfies {@linkcode KubeTransport} structurally, and so does an
 * embedded API server called in process. Decoding, line splitting and error detection are ours on every transport.
 */

/** One request. `path` starts with `/`; `querystring` is appended to it. */
export interface KubeRequest {
  method: "GET" | "POST" | "DELETE" | "PUT" | "PATCH" | "OPTIONS" | "HEAD";
  path: string;
  querystring?: URLSearchParams;
  abortSignal?: AbortSignal;
  contentType?: string;
  accept?: string;
  bodyRaw?: Uint8Array<ArrayBuffer>;
}

/** A whole answer, for transports that can show it: lets the client honour `Retry-After` and log `Warning`. */
export interface KubeResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The body; `null` where there is none. */
  readonly body: ReadableStream<Uint8Array> | null;
}

/** The two byte-level calls that every transport has, and the optional richer one of our own. */
export interface KubeTransport {
  performRequest(request: KubeRequest & { expectStream: true }): Promise<ReadableStream<Uint8Array>>;
  performRequest(request: KubeRequest): Promise<Uint8Array>;
  /** Used instead of `performRequest` where present. Error answers resolve, they do not reject. */
  request?(request: KubeRequest, headers?: Readonly<Record<string, string>>): Promise<KubeResponse>;
  readonly defaultNamespace?: string | undefined;
  /** Whether writes are let through now, on a transport with a fence. Whoever acts elsewhere than on the API server asks this first. */
  readonly mayWrite?: boolean;
  close?(): void;
}
