/** One request over `node:https`: for the TLS settings that `fetch` does not have. */
import type { IncomingMessage } from "node:http";
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

/** Sends `request` to `url`. Resolves with any answer; rejects when there is none. */
export function nodeFetch(url: string, request: KubeRequest, headers: Headers, tls: NodeTls): Promise<KubeResponse> {
  return new Promise((resolve, reject) => {
    const { ca, rejectUnauthorized, servername, cert, key } = tls;
    const outgoing = httpsRequest(url, {
      method: request.method,
      headers: headerLines(headers),
      rejectUnauthorized,
      ...(ca && { ca }),
      ...(servername && { servername }),
      ...(cert && key && { cert, key }),
      ...(request.abortSignal && { signal: request.abortSignal }),
    }, (answer) => resolve(toResponse(answer)));
    outgoing.on("error", reject);
    outgoing.end(request.bodyRaw);
  });
}

function headerLines(headers: Headers): Record<string, string | string[]> {
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
