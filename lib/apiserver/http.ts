/** HTTP on loopback: Deno's requests and responses to exchanges and answers. */
import { type Answer, type Exchange, warningHeader } from "./rest/exchange.ts";

/** The exchange of a request. */
export function exchangeOf(request: Request): Exchange {
  // Cheaper than a URL object, and the path stays percent-encoded as the router wants it.
  const start = request.url.indexOf("/", request.url.indexOf("://") + 3);
  const mark = request.url.indexOf("?", start);
  return {
    method: request.method,
    path: request.url.slice(start, mark < 0 ? undefined : mark),
    query: new URLSearchParams(mark < 0 ? "" : request.url.slice(mark + 1)),
    header: (name) => request.headers.get(name) ?? undefined,
    body: () => request.bytes(),
    byteStream: false,
  };
}

/** The response for an answer. */
export function responseOf(answer: Answer): Response {
  const headers = new Headers({
    ...answer.headers,
    // Compressing costs more than loopback saves, and would hold the events of a watch back.
    "cache-control": "no-cache, private, no-transform",
  });
  for (const warning of answer.warnings ?? []) headers.append("warning", warningHeader(warning));
  return new Response(answer.body as BodyInit | null, { status: answer.status, headers });
}
