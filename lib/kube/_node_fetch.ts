/** One request over `node:https`: for what `fetch` cannot do, some TLS settings and a header on several lines. */
import { type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { Readable } from "node:stream";
import type { KubeRequest, KubeResponse } from "./transport.ts";

/** TLS settings. PEM. */
export interface NodeTls {
  readonly ca: string | undefined;
  readonly rejectUnauthorized: boolean;
  readonly servername: string | undefined;
  readonly cert?: string;
  readonly key?: string;
}

/** Sends `request` to `url`. Resolves with any answer; rejects when there is none. A header given twice is sent twice. */
export function nodeFetch(
  url: string,
  request: KubeRequest,
  headers: readonly (readonly [name: string, value: string])[],
  tls: NodeTls,
): Promise<KubeResponse> {
  return new Promise((resolve, reject) => {
    const { ca, rejectUnauthorized, servername, cert, key } = tls;
    const plain = { method: request.method, headers: headerLines(headers), ...signalOf(request) };
    const onAnswer = (answer: IncomingMessage) => resolve(toResponse(answer));
    const outgoing = url.startsWith("http:") ? httpRequest(url, plain, onAnswer) : httpsRequest(url, {
      ...plain,
      rejectUnauthorized,
      ...(ca && { ca }),
      ...(servername && { servername }),
      ...(cert && key && { cert, key }),
    }, onAnswer);
    outgoing.on("error", reject);
    outgoing.end(request.bodyRaw);
  });
}

function signalOf(request: KubeRequest): { signal?: AbortSignal } {
  return request.abortSignal === undefined ? {} : { signal: request.abortSignal };
}

function headerLines(headers: readonly (readonly [string, string])[]): Record<string, string[]> {
  const lines: Record<string, string[]> = {};
  for (const [name, value] of headers) (lines[name] ??= []).push(value);
  return lines;
}

function toResponse(answer: IncomingMessage): KubeResponse {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const line of [value ?? []].flat()) headers.append(name, line);
  }
  const body: ReadableStream<Uint8Array> = Readable.toWeb(answer);
  return { status: answer.statusCode ?? 0, headers, body };
}
