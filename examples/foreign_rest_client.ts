/**
 * Somebody else's HTTP client under ours: anything with the `performRequest` of `@cloudydeno/kubernetes-client` is a transport.
 *
 *     deno run -A examples/foreign_rest_client.ts http://127.0.0.1:8001     # kubectl proxy
 *
 * The real one is passed to `createClient` in the same way, with nothing in between. The headers of an answer, which such a client
 * does not show, are done without: `Retry-After` and `Warning` are not seen.
 */
import { createClient, type KubeObject } from "../lib/mod.ts";

/** The options that such a client takes; it knows more than the library asks for. */
interface ForeignRequest {
  readonly method: "GET" | "POST" | "DELETE" | "PUT" | "PATCH" | "OPTIONS" | "HEAD";
  readonly path: string;
  readonly querystring?: URLSearchParams;
  readonly abortSignal?: AbortSignal;
  readonly contentType?: string;
  readonly accept?: string;
  readonly bodyRaw?: Uint8Array<ArrayBuffer>;
  readonly bodyJson?: unknown;
  readonly expectStream?: boolean;
  readonly expectJson?: boolean;
}

/** A small client of that shape, without TLS and credentials: `kubectl proxy` has both. */
export class ProxyRestClient {
  readonly defaultNamespace = "default";
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  performRequest(request: ForeignRequest & { expectStream: true; expectJson: true }): Promise<ReadableStream<unknown>>;
  performRequest(request: ForeignRequest & { expectStream: true }): Promise<ReadableStream<Uint8Array>>;
  performRequest(request: ForeignRequest & { expectJson: true }): Promise<unknown>;
  performRequest(request: ForeignRequest): Promise<Uint8Array>;
  async performRequest(request: ForeignRequest): Promise<unknown> {
    const { method, path, querystring, abortSignal, contentType, accept, bodyRaw } = request;
    const response = await fetch(`${this.#url}${path}${querystring?.size ? `?${querystring}` : ""}`, {
      method,
      headers: { ...(contentType && { "Content-Type": contentType }), ...(accept && { Accept: accept }) },
      ...(abortSignal && { signal: abortSignal }),
      ...(bodyRaw && { body: bodyRaw }),
    });
    if (!response.ok) {
      const status: unknown = await response.json();
      throw Object.assign(new Error(`${method} ${path}: ${response.status}`), { httpCode: response.status, status });
    }
    return request.expectStream ? response.body : await response.bytes();
  }
}

if (import.meta.main) {
  const client = createClient(new ProxyRestClient(Deno.args[0] ?? "http://127.0.0.1:8001"));
  const pods = { group: "", version: "v1", kind: "Pod", plural: "pods", namespaced: true };
  client.watch<KubeObject>(pods).subscribe((change) => {
    if (change.type === "applied" || change.type === "deleted") console.log(change.type, change.object.metadata.name);
  });
}
