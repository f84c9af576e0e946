/** The HTTP client that sinks share: one exchange a call, any answer that is no success is a {@linkcode SinkError}. */
import { request as httpRequest } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { Buffer } from "node:buffer";
import { object, secretRef, string, stringMap } from "./_schema.ts";
import { isTlsFailure, nodeTls, type TlsMaterial, tlsMaterial, tlsSchema, type TlsSettings } from "./_tls.ts";
import { type SecretRef, type SinkContext, SinkError, type SinkErrorReason, type SinkSchema } from "./types.ts";

/** Settings that every sink over HTTP has. */
export interface HttpSettings {
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers of which the value is a secret. */
  readonly secretHeaders?: readonly { readonly name: string; readonly secretRef: SecretRef }[];
  readonly auth?: {
    readonly bearer?: { readonly secretRef: SecretRef };
    readonly basic?: { readonly username: string; readonly secretRef: SecretRef };
  };
  readonly tls?: TlsSettings;
}

/** Properties of {@linkcode HttpSettings}, to spread into a sink's schema. */
export const httpProperties: Readonly<Record<string, SinkSchema>> = {
  headers: stringMap("Headers of each request. No secrets: these have secretHeaders and auth.", 32),
  secretHeaders: {
    type: "array",
    description: "Headers of which the value comes from a Secret.",
    maxItems: 16,
    items: object("One header.", {
      name: string("Name of the header.", { maxLength: 256, pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" }),
      secretRef: secretRef("Its value."),
    }, ["name", "secretRef"]),
  },
  auth: object(
    "How the router shows who it is.",
    {
      bearer: object("Authorization: Bearer.", { secretRef: secretRef("The token.") }, ["secretRef"]),
      basic: object("Authorization: Basic.", {
        username: string("Name of the user.", { maxLength: 256 }),
        secretRef: secretRef("The password."),
      }, ["username", "secretRef"]),
    },
    [],
    [{ rule: "!(has(self.bearer) && has(self.basic))", message: "give either bearer or basic" }],
  ),
  tls: tlsSchema,
};

/** One request. */
export interface HttpRequest {
  /** Bytes are copied before {@linkcode HttpClient.send} returns: their buffer can be used again at once. */
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Appended to the URL that the client was opened for. */
  readonly path?: string;
  /** Default `POST`. */
  readonly method?: "POST" | "PUT" | "GET";
  readonly signal: AbortSignal;
  /** What was tried, as it stands after "Cannot"; default: `deliver 3 events`. */
  readonly what: string;
}

/** A whole answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** At most the client's `maxAnswer` characters. */
  readonly text: string;
}

/** What a client talks to. */
export interface HttpTarget {
  /** An absolute http or https URL. */
  readonly url: string;
  /** How messages call it; default: the URL without its query. Give it where the URL itself is a secret. */
  readonly label?: string;
  /** Bytes of an answer that are kept; the rest is read and dropped. Default 64 KiB. */
  readonly maxAnswer?: number;
  /** Judges an answer that is no 2xx where HTTP's own meaning is not right for this server. */
  readonly reasonOf?: (answer: HttpAnswer) => SinkErrorReason | undefined;
}

/** An open client; its connections are used again until {@linkcode HttpClient.close}. */
export interface HttpClient {
  /** How messages call the server. */
  readonly label: string;
  /**
   * Sends a request and reads the answer to its end.
   *
   * @throws {SinkError} For any answer but 2xx, and where there is none.
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
}

const DEFAULT_MAX_ANSWER = 64 * 1024;
/** Characters of an answer that a message shows. */
const EXCERPT = 200;

/**
 * Reads the secrets and prepares the connections; sends nothing.
 *
 * @throws {SinkError} `Misconfigured`: a URL, header or certificate that cannot be used.
 */
export async function openHttp(settings: HttpSettings, target: HttpTarget, context: SinkContext): Promise<HttpClient> {
  const url = checkedUrl(target, context);
  const label = target.label ?? `${url.origin}${url.pathname}`;
  const fixed = await fixedHeaders(settings, context);
  const tls = await tlsMaterial(settings.tls, context);
  const exchange = exchangeFor(url, tls, target.maxAnswer ?? DEFAULT_MAX_ANSWER, context);
  return {
    label,
    async send(request) {
      const headers = new Headers(fixed);
      for (const [name, value] of Object.entries(request.headers ?? {})) headers.set(name, value);
      const answer = await exchange.run(urlOf(url, request.path), request, headers).catch((error: unknown) => {
        throw networkError(request, label, url, error);
      });
      if (answer.status >= 200 && answer.status < 300) return answer;
      throw answerError(request.what, label, answer, target.reasonOf?.(answer));
    },
    close: () => exchange.close(),
  };
}

/**
 * The error of an answer that is no success.
 *
 * 408, 425, 429 and 5xx are `Unavailable`; 401, 403, 407 and redirections `Misconfigured`; other 4xx `Refused`. Redirections are
 * not followed: the request's credentials are for the server that the settings name.
 */
export function answerError(what: string, label: string, answer: HttpAnswer, judged?: SinkErrorReason): SinkError {
  const { status, headers, text } = answer;
  const reason = judged ?? reasonOf(status);
  const excerpt = text.replace(/\s+/g, " ").trim().slice(0, EXCERPT);
  const wait = retryAfter(headers.get("retry-after"), Date.now());
  const said = status >= 300 && status < 400 ? `a redirection to ${headers.get("location")}` : excerpt;
  return new SinkError(
    reason,
    `Cannot ${what} to ${label}: it answers ${status}${said && `: ${said}`}${remedy(status)}`,
    wait === undefined ? {} : { retryAfter: wait },
  );
}

function reasonOf(status: number): SinkErrorReason {
  if (status === 408 || status === 425 || status === 429 || status >= 500) return "Unavailable";
  if (status === 401 || status === 403 || status === 407 || status < 400) return "Misconfigured";
  return "Refused";
}

function remedy(status: number): string {
  if (status >= 300 && status < 400) return ": redirections are not followed: give the final URL";
  if (status === 401 || status === 403) return ": check the credentials in the Secret";
  return "";
}

/** ms to wait from the value of `Retry-After`: seconds, or an HTTP date; `undefined` where it says nothing. */
export function retryAfter(value: string | null, now: number): number | undefined {
  if (value === null || value.trim() === "") return undefined;
  const seconds = Number(value);
  const wait = Number.isNaN(seconds) ? Date.parse(value) - now : seconds * 1_000;
  return Number.isFinite(wait) ? Math.max(Math.round(wait), 0) : undefined;
}

function checkedUrl(target: HttpTarget, context: SinkContext): URL {
  const url = URL.parse(target.url.trim());
  const shown = target.label ?? target.url;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new SinkError("Misconfigured", `Cannot open sink "${context.name}": "${shown}" is no http or https URL`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new SinkError(
      "Misconfigured",
      `Cannot open sink "${context.name}": the URL for ${url.host} contains credentials: put them into a Secret`,
    );
  }
  url.hash = "";
  return url;
}

async function fixedHeaders(settings: HttpSettings, context: SinkContext): Promise<Headers> {
  const headers = new Headers({ "user-agent": "kco" });
  const set = (name: string, value: string) => {
    try {
      headers.set(name, value);
    } catch (error) {
      // Not the runtime's message: it may repeat the value, which may be a secret.
      if (!(error instanceof TypeError)) throw error;
      throw new SinkError(
        "Misconfigured",
        `Cannot open sink "${context.name}": header "${name}" or its value is not allowed in HTTP`,
      );
    }
  };
  for (const [name, value] of Object.entries(settings.headers ?? {})) set(name, value);
  for (const { name, secretRef } of settings.secretHeaders ?? []) {
    set(name, (await context.secret(secretRef)).trim());
  }
  const { bearer, basic } = settings.auth ?? {};
  if (bearer !== undefined) set("authorization", `Bearer ${(await context.secret(bearer.secretRef)).trim()}`);
  if (basic !== undefined) {
    const pair = `${basic.username}:${await context.secret(basic.secretRef)}`;
    set("authorization", `Basic ${Buffer.from(pair).toString("base64")}`);
  }
  return headers;
}

function urlOf(base: URL, path: string | undefined): URL {
  if (path === undefined) return base;
  const url = new URL(base);
  const [pathname = "", query] = path.split("?");
  url.pathname = `${url.pathname.replace(/\/$/, "")}/${pathname.replace(/^\//, "")}`;
  if (query !== undefined) url.search = query;
  return url;
}

interface Exchange {
  run(url: URL, request: HttpRequest, headers: Headers): Promise<HttpAnswer>;
  close(): void;
}

/** `fetch` can neither skip verification nor check another name; those requests go through `node:https`. */
function exchangeFor(url: URL, tls: TlsMaterial, maxAnswer: number, context: SinkContext): Exchange {
  const needsNode = url.protocol === "https:" && (tls.insecure || tls.serverName !== undefined);
  return needsNode ? viaNode(tls, maxAnswer) : viaFetch(tls, maxAnswer, context);
}

function viaFetch(tls: TlsMaterial, maxAnswer: number, context: SinkContext): Exchange {
  const client = httpClient(tls, context);
  return {
    async run(url, { method = "POST", body, signal }, headers) {
      const response = await fetch(url, {
        method,
        headers,
        body: method === "GET" ? null : body,
        signal,
        redirect: "manual",
        client,
      });
      const text = response.body === null ? "" : await textOf(response.body, maxAnswer);
      return { status: response.status, headers: response.headers, text };
    },
    close: () => client.close(),
  };
}

function httpClient({ ca, cert, key }: TlsMaterial, context: SinkContext): Deno.HttpClient {
  const pair = cert !== undefined && key !== undefined ? { cert, key } : {};
  try {
    // HTTP/1.1: the runtime's HTTP/2 holds the second segment of a body back until the first is acknowledged.
    return Deno.createHttpClient({ ...(ca !== undefined && { caCerts: [ca] }), ...pair, http2: false });
  } catch (error) {
    throw new SinkError("Misconfigured", `Cannot open sink "${context.name}": a certificate in tls cannot be read`, {
      cause: error,
    });
  }
}

function viaNode(tls: TlsMaterial, maxAnswer: number): Exchange {
  const agent = new Agent({ keepAlive: true, ...nodeTls(tls) });
  return {
    run(url, { method = "POST", body, signal }, headers) {
      const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
      const send = url.protocol === "https:" ? httpsRequest : httpRequest;
      const options = { method, headers: Object.fromEntries(headers), signal, agent, ...nodeTls(tls) };
      const request = send(url, options, (response) => {
        const chunks: Uint8Array[] = [];
        let size = 0;
        response.on("data", (chunk: Uint8Array) => {
          if (size < maxAnswer) chunks.push(chunk);
          size += chunk.length;
        });
        response.on("error", reject);
        response.on("end", () => {
          const lines = Object.entries(response.headers).map((
            [name, value],
          ): [string, string] => [name, String(value)]);
          const text = new TextDecoder().decode(Buffer.concat(chunks).subarray(0, maxAnswer));
          resolve({ status: response.statusCode ?? 0, headers: new Headers(lines), text });
        });
      });
      request.on("error", reject);
      // Node writes the buffer itself, later.
      request.end(method === "GET" ? undefined : Buffer.from(body));
      return promise;
    },
    close: () => agent.destroy(),
  };
}

/** The first `limit` bytes as text; the rest is read as well, so that the connection can be used again. */
async function textOf(body: ReadableStream<Uint8Array>, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of body) {
    if (size < limit) text += decoder.decode(chunk.subarray(0, limit - size), { stream: true });
    size += chunk.length;
  }
  return text;
}

function networkError({ what, signal }: HttpRequest, label: string, url: URL, error: unknown): SinkError {
  if (signal.aborted) {
    const why = signal.reason instanceof DOMException && signal.reason.name === "TimeoutError"
      ? "no answer within the timeout"
      : "it was stopped";
    return new SinkError("Unavailable", `Cannot ${what} to ${label}: ${why}`);
  }
  // The runtime's message repeats the URL, which is a secret for some servers; the cause is the part of interest.
  const root = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const said = (root instanceof Error ? root.message : String(root)).replace(
    /^error sending request .*?: client error /,
    "",
  );
  const text = said.replaceAll(url.href, label);
  if (isTlsFailure(text)) {
    return new SinkError("Misconfigured", `Cannot ${what} to ${label}: TLS: ${text}: check tls and the certificate`);
  }
  return new SinkError("Unavailable", `Cannot ${what} to ${label}: ${text}`);
}
