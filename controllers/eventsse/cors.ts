/** Cross-origin requests by an allow-list. */
import { Problem } from "./problem.ts";

const METHODS = "GET, HEAD, POST, OPTIONS";
const REQUEST_HEADERS = "Authorization, Content-Type, Last-Event-ID, X-Auth-Code, X-Krateo-TraceId";
const EXPOSED = "Link, Last-Event-ID, Retry-After";

/** Origins that may read from a browser: `https://portal.example.org`, or `*` for any, without credentials. */
export type AllowedOrigins = readonly string[];

/** Headers for an answer to this request. */
export function corsHeaders(request: Request, allowed: AllowedOrigins): Record<string, string> {
  const origin = request.headers.get("Origin");
  if (origin === null) return {};
  // The answer depends on it also where it is not allowed.
  const vary = { "Vary": "Origin" };
  if (allowed.includes(origin)) {
    return {
      ...vary,
      "Access-Control-Allow-Origin": origin,
      "Access-Control-Allow-Credentials": "true",
      "Access-Control-Expose-Headers": EXPOSED,
    };
  }
  if (!allowed.includes("*")) return vary;
  return { "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED };
}

/** Headers for the answer to `OPTIONS`. */
export function preflightHeaders(request: Request, allowed: AllowedOrigins): Record<string, string> {
  const headers = corsHeaders(request, allowed);
  if (headers["Access-Control-Allow-Origin"] === undefined) return headers;
  return {
    ...headers,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": REQUEST_HEADERS,
    "Access-Control-Max-Age": "300",
  };
}

/**
 * A foreign page may not publish: a browser would send some requests without asking first.
 *
 * @throws {Problem} 403
 */
export function refuseForeignOrigin(request: Request, allowed: AllowedOrigins): void {
  const origin = request.headers.get("Origin");
  if (origin === null || allowed.includes(origin) || allowed.includes("*")) return;
  if (URL.canParse(origin) && new URL(origin).host === request.headers.get("Host")) return;
  throw new Problem(403, `Origin "${origin}" may not publish: add it to the allowed origins`, { field: "Origin" });
}
