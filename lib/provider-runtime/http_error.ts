/** From a refusing HTTP answer to the error that a provider throws. */
import { ProviderError } from "./provider_error.ts";

/** Answers that mean "later": the server is overloaded, limits its callers, or is being repaired. */
const LATER = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Characters of an answer's body that are worth showing. */
const EXCERPT = 200;

/**
 * The error of an HTTP answer that is no success; reads the body.
 *
 * 408, 425, 429 and 5xx are retryable, and so is any answer with `Retry-After`, or with `X-RateLimit-Remaining: 0` and a
 * `X-RateLimit-Reset` (seconds since the epoch): these waits are followed. All other answers are terminal.
 *
 * @param what What was tried, on which object, as it stands after "Cannot": `create repository "krateo/web"`.
 * @param now ms since the epoch.
 */
export async function httpError(what: string, response: Response, now: number = Date.now()): Promise<ProviderError> {
  const { status, statusText, headers } = response;
  const text = messageIn(await response.text());
  const wait = waitIn(headers, now);
  const retryable = LATER.has(status) || status >= 500 || wait !== undefined;
  const message = `Cannot ${what}: ${status}${statusText && ` ${statusText}`}${text && `: ${text}`}${
    remedy(status, retryable)
  }`;
  return new ProviderError(retryable ? "Retryable" : "Terminal", message, { retryAfter: wait });
}

function remedy(status: number, retryable: boolean): string {
  if (retryable) return "";
  if (status === 401) return ": check the token in the object's Secret";
  if (status === 403) return ": give the token this permission";
  return "";
}

/** Most APIs answer with JSON that has a `message`; what else they say is shown as it is. */
function messageIn(body: string): string {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null && "message" in value && typeof value.message === "string") {
      return [value.message, ...detailsIn(value)].join("; ").slice(0, EXCERPT);
    }
  } catch (error) {
    // No JSON: a page of a proxy, perhaps.
    if (!(error instanceof SyntaxError)) throw error;
  }
  return body.trim().slice(0, EXCERPT);
}

function detailsIn(value: object): string[] {
  if (!("errors" in value) || !Array.isArray(value.errors)) return [];
  return value.errors.map((detail: unknown) => typeof detail === "string" ? detail : JSON.stringify(detail));
}

function waitIn(headers: Headers, now: number): number | undefined {
  const after = headers.get("retry-after");
  if (after !== null) {
    const seconds = Number(after);
    const wait = Number.isNaN(seconds) ? Date.parse(after) - now : seconds * 1_000;
    if (!Number.isNaN(wait)) return Math.max(wait, 0);
  }
  if (headers.get("x-ratelimit-remaining") !== "0") return undefined;
  const reset = Number(headers.get("x-ratelimit-reset") ?? NaN) * 1_000;
  return Number.isNaN(reset) ? undefined : Math.max(reset - now, 0);
}
