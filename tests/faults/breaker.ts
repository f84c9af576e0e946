/** HTTP that breaks, by chance, in every way that a server and what stands before it can. */
import type { KubeRequest, KubeResponse, KubeTransport } from "../../lib/kube/mod.ts";

export const HTTP_FAULTS = [
  "refuse",
  "5xx",
  "429",
  "410",
  "cut",
  "truncate",
  "duplicate",
  "garbage",
  "end",
  "expired",
] as const;
type Fault = typeof HTTP_FAULTS[number];

const FIVE = [[500, "InternalError"], [502, "BadGateway"], [503, "ServiceUnavailable"], [504, "Timeout"]] as const;

/** Breaks requests while `broken` is set. */
export class Breaker implements KubeTransport {
  broken = true;
  readonly counts = new Map<string, number>();
  readonly #inner: KubeTransport;
  readonly #random: () => number;

  constructor(inner: KubeTransport, random: () => number) {
    this.#inner = inner;
    this.#random = random;
  }

  performRequest(request: KubeRequest & { expectStream: true }): Promise<ReadableStream<Uint8Array>>;
  performRequest(request: KubeRequest): Promise<Uint8Array>;
  performRequest(): Promise<never> {
    return Promise.reject(new TypeError("not used"));
  }

  async request(request: KubeRequest): Promise<KubeResponse> {
    if (this.#inner.request === undefined) throw new TypeError("the embedded transport has `request`");
    const fault = HTTP_FAULTS[Math.floor(this.#random() * HTTP_FAULTS.length)];
    const watch = request.querystring?.get("watch") === "true";
    // No connection lives long, so that each run meets many faults.
    if (!this.broken || fault === undefined || (!watch && this.#random() < 0.3)) {
      return await this.#inner.request(request);
    }
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
    switch (fault) {
      case "refuse":
        throw new TypeError("connection refused");
      case "5xx": {
        const [code, reason] = FIVE[Math.floor(this.#random() * FIVE.length)] ?? FIVE[0];
        return failure(code, reason);
      }
      case "429":
        return failure(429, "TooManyRequests", { "Retry-After": "1" });
      case "410":
        return failure(410, "Expired");
    }
    const response = await this.#inner.request(request);
    // A whole answer is never ended by the server itself.
    const fits = watch || (request.method === "GET" && fault !== "end" && fault !== "expired");
    if (!fits || response.body === null) return response;
    const after = Math.floor(this.#random() * 1_500);
    return { ...response, body: response.body.pipeThrough(breakAfter(after, fault)) };
  }
}

/** Lets so many bytes through, then breaks. */
function breakAfter(bytes: number, fault: Fault): TransformStream<Uint8Array, Uint8Array> {
  let left = bytes;
  const encoder = new TextEncoder();
  return new TransformStream({
    transform(chunk, controller) {
      if (chunk.length <= left) {
        left -= chunk.length;
        controller.enqueue(chunk);
        return;
      }
      if (fault === "duplicate") {
        // A broken proxy sends what it has sent already once more, from anywhere in the middle.
        controller.enqueue(chunk.slice());
        controller.enqueue(chunk.slice(Math.max(0, left)));
        left = Infinity;
        return;
      }
      if (fault === "truncate") controller.enqueue(chunk.subarray(0, left));
      if (fault === "garbage") controller.enqueue(encoder.encode("\n<html>bad gateway</html>\n"));
      if (fault === "expired") {
        const object = { kind: "Status", status: "Failure", reason: "Expired", code: 410, message: "too old" };
        controller.enqueue(encoder.encode(JSON.stringify({ type: "ERROR", object }) + "\n"));
      }
      if (fault === "cut") controller.error(new TypeError("connection reset"));
      else controller.terminate();
    },
  });
}

function failure(code: number, reason: string, headers: Record<string, string> = {}): KubeResponse {
  const body = new Response(JSON.stringify({ kind: "Status", status: "Failure", reason, code })).body;
  return { status: code, headers: new Headers(headers), body };
}
