/** The server called inside this process: the same handler, no sockets. */
import type { KubeRequest, KubeResponse, KubeTransport } from "../kube/mod.ts";
import type { Answer, Exchange } from "./rest/exchange.ts";
import { warningHeader } from "./rest/exchange.ts";
import { ApiError } from "./status.ts";

/** Answers an exchange; watches that are open when the caller goes away end through their stream. */
export type Serve = (exchange: Exchange, userAgent: string) => Promise<Answer>;

/** Makes the transport. The caller is trusted: it needs no token. */
export function createTransport(serve: Serve): KubeTransport {
  return new InProcessTransport(serve);
}

class InProcessTransport implements KubeTransport {
  readonly #serve: Serve;

  constructor(serve: Serve) {
    this.#serve = serve;
  }

  async request(request: KubeRequest, headers: Readonly<Record<string, string>> = {}): Promise<KubeResponse> {
    const answer = await this.#call(request, headers);
    const responseHeaders = new Headers({ ...answer.headers });
    for (const warning of answer.warnings ?? []) responseHeaders.append("warning", warningHeader(warning));
    return { status: answer.status, headers: responseHeaders, body: streamOf(answer, request.abortSignal) };
  }

  performRequest(request: KubeRequest & { expectStream: true }): Promise<ReadableStream<Uint8Array>>;
  performRequest(request: KubeRequest): Promise<Uint8Array>;
  async performRequest(
    request: KubeRequest & { expectStream?: boolean },
  ): Promise<Uint8Array | ReadableStream<Uint8Array>> {
    const answer = await this.#call(request, {});
    if (answer.status >= 400) throw failureOf(answer);
    if (request.expectStream === true) return streamOf(answer, request.abortSignal) ?? new ReadableStream();
    return await bytesOf(answer);
  }

  async #call(request: KubeRequest, headers: Readonly<Record<string, string>>): Promise<Answer> {
    request.abortSignal?.throwIfAborted();
    const given = new Map(
      Object.entries({ "user-agent": "kco", ...headers }).map(([name, value]) => [name.toLowerCase(), value]),
    );
    if (request.contentType !== undefined) given.set("content-type", request.contentType);
    if (request.accept !== undefined) given.set("accept", request.accept);
    const [path = "", inPath = ""] = request.path.split("?", 2);
    const query = new URLSearchParams([...new URLSearchParams(inPath), ...request.querystring ?? []]);
    return await this.#serve({
      method: request.method,
      path,
      query,
      header: (name) => given.get(name),
      body: () => Promise.resolve(request.bodyRaw ?? new Uint8Array()),
      byteStream: true,
    }, given.get("user-agent") ?? "kco");
  }
}

/** An error answer as foreign clients throw it, with `httpCode` and `status`. */
function failureOf(answer: Answer): Error {
  if (typeof answer.body === "string" && answer.headers["content-type"] === "application/json") {
    const status: unknown = JSON.parse(answer.body);
    return Object.assign(new Error(`Kubernetes returned ${answer.status}`), { httpCode: answer.status, status });
  }
  return new ApiError("NotFound", typeof answer.body === "string" ? answer.body.trim() : "the request failed");
}

const encoder = new TextEncoder();

async function bytesOf({ body }: Answer): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  if (typeof body === "string") return encoder.encode(body);
  if (body instanceof Uint8Array) return body;
  return new Uint8Array(await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

/** The body as a stream that ends when the caller aborts. */
function streamOf({ body }: Answer, signal: AbortSignal | undefined): ReadableStream<Uint8Array> | null {
  if (body === null) return null;
  if (body instanceof ReadableStream) return signal === undefined ? body : abortable(body, signal);
  const bytes = typeof body === "string" ? encoder.encode(body) : body.slice();
  return new ReadableStream({
    type: "bytes",
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
}

/** Passes chunks on as they come; an abort errors the stream and cancels its source, as `fetch` does. */
function abortable(source: ReadableStream<Uint8Array>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let abort = () => {};
  return new ReadableStream({
    type: "bytes",
    start(controller) {
      abort = () => {
        controller.error(signal.reason);
        void reader.cancel(signal.reason);
      };
      if (signal.aborted) abort();
      else signal.addEventListener("abort", abort, { once: true });
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (signal.aborted) return;
      if (!done) return controller.enqueue(value as Uint8Array<ArrayBuffer>);
      signal.removeEventListener("abort", abort);
      controller.close();
      controller.byobRequest?.respond(0);
    },
    async cancel(reason) {
      signal.removeEventListener("abort", abort);
      await reader.cancel(reason);
    },
  });
}
