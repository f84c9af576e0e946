import { readFile, stat } from "node:fs/promises";
import type { FetchOptions } from "../types.ts";
import { canHeal, ChartFetchError, type ChartFetchErrorReason } from "./errors.ts";
import { type Exchange, exchange } from "./transport.ts";

/** Largest answer by default, bytes. */
export const DEFAULT_MAX_BYTES = 100 * 1024 * 1024;
/** ms that one try may take. */
const TRY_TIMEOUT = 60_000;
const TRIES = 3;
/** ms before the second try; doubled for each further one. */
const FIRST_PAUSE = 250;
const MAX_REDIRECTS = 10;

/** A request. */
export interface Get {
  readonly url: URL;
  readonly options: FetchOptions;
  /** What is fetched, for messages: `chart "podinfo" 6.9.1`. */
  readonly what: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Value of the Authorization header; sent to `authorizedOrigin` alone. */
  readonly authorization?: string;
  /** Scheme, host and port that credentials are for. Default: those of `url`. */
  readonly authorizedOrigin?: string;
  /** Statuses besides 200 that the caller understands. */
  readonly accept?: readonly number[];
}

/** An answer, read whole. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The URL after redirects, without credentials. */
  readonly url: string;
}

/**
 * Fetches a URL: follows redirects (credentials stay with their host), limits size and time, tries again what can heal.
 * `file:` URLs are read from the disk.
 *
 * @throws ChartFetchError
 */
export async function get(request: Get): Promise<Got> {
  if (request.url.protocol === "file:") return await readLocal(request);
  for (let attempt = 1;; attempt++) {
    try {
      return await once(request);
    } catch (error) {
      const failure = error instanceof ChartFetchError ? error : classified(request, error);
      if (attempt === TRIES || !canHeal(failure.reason)) throw failure;
      await pause(FIRST_PAUSE * 2 ** (attempt - 1), request.options.signal);
    }
  }
}

/** `Basic` credentials of the options; undefined where there are none. */
export function basicAuthorization({ username, password }: FetchOptions): string | undefined {
  if (username === undefined && password === undefined) return undefined;
  return `Basic ${new TextEncoder().encode(`${username ?? ""}:${password ?? ""}`).toBase64()}`;
}

/** A URL for messages and results: without user and password. */
export function publicUrl(url: URL): string {
  const shown = new URL(url);
  [shown.username, shown.password] = ["", ""];
  return shown.href;
}

async function once(request: Get): Promise<Got> {
  const timeout = AbortSignal.timeout(TRY_TIMEOUT);
  const signal = request.options.signal === undefined ? timeout : AbortSignal.any([timeout, request.options.signal]);
  let url = request.url;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const answer = await exchange(url, headersFor(request, url), request.options, signal);
    const location = answer.headers.get("location");
    if (answer.status < 300 || answer.status >= 400 || answer.status === 304 || location === null) {
      return await read(request, url, answer);
    }
    await answer.body?.cancel();
    url = redirected(request, url, location);
  }
  throw failure(request, "Network", `more than ${MAX_REDIRECTS} redirects`, "check the server");
}

function redirected(request: Get, from: URL, location: string): URL {
  const to = new URL(location, from);
  if (to.protocol !== "https:" && to.protocol !== "http:") {
    throw failure(request, "Network", `redirected to ${to.protocol} URL`, "check the server");
  }
  return to;
}

function headersFor(request: Get, url: URL): Headers {
  const headers = new Headers({ "user-agent": "kco", ...request.headers });
  const own = request.authorizedOrigin ?? request.url.origin;
  const fromUrl = request.url.username === "" ? undefined : basicAuthorization({
    username: decodeURIComponent(request.url.username),
    password: decodeURIComponent(request.url.password),
  });
  const authorization = request.authorization ?? fromUrl;
  if (authorization !== undefined && url.origin === own) headers.set("authorization", authorization);
  return headers;
}

async function read(request: Get, url: URL, answer: Exchange): Promise<Got> {
  if (answer.status !== 200 && !(request.accept ?? []).includes(answer.status)) {
    await answer.body?.cancel();
    throw refused(request, answer.status);
  }
  const bytes = await readAll(request, answer);
  return { status: answer.status, headers: answer.headers, bytes, url: publicUrl(url) };
}

async function readAll(request: Get, { body, headers }: Exchange): Promise<Uint8Array<ArrayBuffer>> {
  const most = request.options.maxBytes ?? DEFAULT_MAX_BYTES;
  const tooLarge = () =>
    failure(request, "TooLarge", `more than ${most} bytes`, "make the chart smaller or raise the limit");
  if (Number(headers.get("content-length") ?? 0) > most) {
    await body?.cancel();
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    // Leaving the loop cancels the stream.
    if (length > most) throw tooLarge();
    chunks.push(chunk);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

async function readLocal(request: Get): Promise<Got> {
  try {
    const { size } = await stat(request.url);
    const most = request.options.maxBytes ?? DEFAULT_MAX_BYTES;
    if (size > most) {
      throw failure(request, "TooLarge", `more than ${most} bytes`, "make the chart smaller or raise the limit");
    }
    return {
      status: 200,
      headers: new Headers(),
      bytes: new Uint8Array(await readFile(request.url)),
      url: request.url.href,
    };
  } catch (error) {
    if (error instanceof ChartFetchError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw failure(request, "NotFound", message, "check the path", error);
  }
}

function refused(request: Get, status: number): ChartFetchError {
  if (status === 401 || status === 403) {
    return failure(
      request,
      "Unauthorized",
      `${status} ${STATUS_TEXT[status]}`,
      "check spec.chart.credentials",
    );
  }
  if (status === 404 || status === 410) {
    return failure(
      request,
      "NotFound",
      `${status} ${STATUS_TEXT[status]}`,
      "check spec.chart.url, spec.chart.repo and spec.chart.version",
    );
  }
  if (status >= 500 || status === 408 || status === 429) {
    return failure(request, "Network", `the server answered ${status}`, "try again later or check the server");
  }
  // A refusal that stays one: trying again is of no use.
  return failure(request, "NotFound", `the server answered ${status}`, "check the URL");
}

const STATUS_TEXT: Readonly<Record<number, string>> = {
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  410: "Gone",
};

function classified(request: Get, error: unknown): ChartFetchError {
  if (request.options.signal?.aborted) return failure(request, "Aborted", "aborted", "try again", error);
  const message = error instanceof Error ? rootMessage(error) : String(error);
  if (error instanceof Error && error.name === "TimeoutError") {
    return failure(
      request,
      "Timeout",
      `no answer within ${TRY_TIMEOUT} ms`,
      "try again later or check the server",
      error,
    );
  }
  if (/certificate|UnknownIssuer|self.signed|\bTLS\b|handshake|NotValidForName|CertExpired/i.test(message)) {
    const remedy = "give the server a certificate that is trusted, name its CA, or set insecureSkipVerifyTLS";
    return failure(request, "TLS", message, remedy, error);
  }
  return failure(request, "Network", message, "check that the server is reachable", error);
}

function rootMessage(error: Error): string {
  const parts = [error.message];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) parts.push(cause.message);
  return [...new Set(parts)].join(": ");
}

function failure(
  request: Get,
  reason: ChartFetchErrorReason,
  what: string,
  remedy: string,
  cause?: unknown,
): ChartFetchError {
  const retryAfter = canHeal(reason) ? { retryAfter: 10_000 } : {};
  const message = `Cannot fetch ${request.what} from ${publicUrl(request.url)}: ${what}: ${remedy}`;
  return new ChartFetchError(reason, message, { cause, ...retryAfter });
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal?.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}
