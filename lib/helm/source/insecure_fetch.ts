/** The one request that Deno's `fetch` cannot make: https without verifying the certificate. */
import { get } from "node:https";
import { Readable } from "node:stream";

/** GETs a URL over TLS that proves nothing about the server. Redirects are not followed. */
export function insecureFetch(url: string, headers: Headers, signal: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = get(
      url,
      { headers: Object.fromEntries(headers), rejectUnauthorized: false, signal, agent: false },
      (message) => {
        const answered = new Headers();
        for (const [name, value] of Object.entries(message.headers)) answered.set(name, [value].flat().join(", "));
        const status = message.statusCode ?? 502;
        const bodiless = status === 204 || status === 304;
        if (bodiless) message.resume();
        const body = bodiless ? null : Readable.toWeb(message) as ReadableStream<Uint8Array>;
        resolve(new Response(body, { status, headers: answered }));
      },
    );
    request.on("error", reject);
  });
}
