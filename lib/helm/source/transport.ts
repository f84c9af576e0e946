import type { FetchOptions } from "../types.ts";

/** One exchange, no redirect followed. */
export interface Exchange {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | undefined;
}

/**
 * Sends a GET request. The runtime's `fetch` can neither skip the verification of certificates nor take more of them
 * without an unstable client, so those requests go through `node:https`.
 */
export function exchange(url: URL, headers: Headers, options: FetchOptions, signal: AbortSignal): Promise<Exchange> {
  const needsNode = url.protocol === "https:" &&
    (options.insecureSkipVerifyTLS === true || options.caCert !== undefined);
  return needsNode ? viaNode(url, headers, options, signal) : viaFetch(url, headers, signal);
}

async function viaFetch(url: URL, headers: Headers, signal: AbortSignal): Promise<Exchange> {
  const response = await fetch(url, { headers, signal, redirect: "manual" });
  return { status: response.status, headers: response.headers, body: response.body ?? undefined };
}

async function viaNode(url: URL, headers: Headers, options: FetchOptions, signal: AbortSignal): Promise<Exchange> {
  // Few need them, and they take long to load.
  const [{ request: send }, { Readable }, { rootCertificates }] = await Promise.all([
    import("node:https"),
    import("node:stream"),
    import("node:tls"),
  ]);
  const { promise, resolve, reject } = Promise.withResolvers<Exchange>();
  const trust = options.insecureSkipVerifyTLS === true
    ? { rejectUnauthorized: false }
    : { ca: [...rootCertificates, options.caCert ?? ""] };
  const request = send(
    url,
    { method: "GET", headers: Object.fromEntries(headers), signal, agent: false, ...trust },
    (response) => {
      const answered = new Headers();
      for (const [name, value] of Object.entries(response.headers)) {
        if (value !== undefined) answered.set(name, Array.isArray(value) ? value.join(", ") : value);
      }
      // The stream of Node's message is one of bytes; its declared type does not say so.
      const body = Readable.toWeb(response) as ReadableStream<Uint8Array>;
      resolve({ status: response.statusCode ?? 0, headers: answered, body });
    },
  );
  request.on("error", reject);
  request.end();
  return await promise;
}
