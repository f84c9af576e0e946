/** Plain HTTP before an API server that can be restarted: its clients see a server that was away and is back at the same address. */
import type { KubeRequest, KubeTransport } from "../../lib/kube/mod.ts";

/** A front on loopback. */
export class ApiFront {
  /** The server behind it; `undefined` while it is down. */
  upstream: KubeTransport | undefined;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #streams = new Set<AbortController>();

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#answer(request),
    );
  }

  get address(): { readonly hostname: string; readonly port: number } {
    return { hostname: "127.0.0.1", port: this.#server.addr.port };
  }

  /** Ends every exchange under way, as a server does that goes down. */
  cut(): void {
    for (const stream of this.#streams) stream.abort();
    this.#streams.clear();
  }

  async close(): Promise<void> {
    this.cut();
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const { upstream } = this;
    if (upstream?.request === undefined) return new Response("down", { status: 503 });
    const { pathname, searchParams } = new URL(request.url);
    const stop = new AbortController();
    this.#streams.add(stop);
    try {
      const bodyRaw = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
      const call: KubeRequest = {
        // The seam where a string of HTTP becomes one of the verbs that the transport has.
        method: request.method as KubeRequest["method"],
        path: pathname,
        querystring: searchParams,
        accept: request.headers.get("accept") ?? "application/json",
        abortSignal: stop.signal,
        ...(bodyRaw && { bodyRaw, contentType: request.headers.get("content-type") ?? "application/json" }),
      };
      const response = await upstream.request(call);
      const headers = new Headers({ "content-type": response.headers.get("content-type") ?? "application/json" });
      if (searchParams.get("watch") !== "true") {
        const text = response.body === null ? null : await new Response(response.body).bytes();
        this.#streams.delete(stop);
        return new Response(text, { status: response.status, headers });
      }
      return new Response(response.body?.pipeThrough(untilAborted(stop.signal)) ?? null, {
        status: response.status,
        headers,
      });
    } catch (error) {
      return new Response(String(error), { status: 503 });
    }
  }
}

/** Ends a stream when the signal aborts. */
function untilAborted(signal: AbortSignal): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    start(controller) {
      signal.addEventListener("abort", () => controller.terminate());
    },
  });
}
