/** A JSON API over HTTP, as a provider needs it. */
import { httpError } from "./http_error.ts";

/** Options of {@linkcode restApi}. */
export interface RestApiOptions {
  /** Put before each path. */
  readonly url: string;
  /** Sent with each request, e.g. `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the requests that are under way when it aborts. */
  readonly signal: AbortSignal;
  /** Called with each answer, e.g. to log it. */
  readonly onAnswer?: (method: string, url: string, status: number) => void;
}

/** The calls of a JSON API. All reject with the `ProviderError` of {@linkcode httpError}, but for 404: nothing there is a fact. */
export interface RestApi {
  /** `undefined` where there is nothing. `T` is taken on trust: it is what the API documents. */
  get<T>(path: string): Promise<T | undefined>;
  /** Whether there was something to act on. */
  send(method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<boolean>;
}

/** Makes the calls of a JSON API. */
export function restApi({ url, headers = {}, signal, onAnswer }: RestApiOptions): RestApi {
  const base = url.replace(/\/+$/, "");
  const call = async (method: string, path: string, body?: unknown): Promise<Response | undefined> => {
    const response = await fetch(base + path, {
      method,
      headers: {
        Accept: "application/json",
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      signal,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    onAnswer?.(method, base + path, response.status);
    if (response.ok) return response;
    if (response.status !== 404) throw await httpError(`${method} ${path}`, response);
    await response.body?.cancel();
  };
  return {
    get: async (path) => await (await call("GET", path))?.json(),
    send: async (method, path, body) => {
      const response = await call(method, path, body);
      await response?.body?.cancel();
      return response !== undefined;
    },
  };
}
