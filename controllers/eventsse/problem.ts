/** Answers to requests that fail: JSON problem documents (RFC 9457). */

/** The statuses that this server refuses with. */
export type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 421 | 429 | 500 | 503;

const TITLES: Readonly<Record<ProblemStatus, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  421: "Misdirected Request",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** More about a problem, beside its text. */
export interface ProblemDetails {
  /** Which field, query parameter or header is meant. */
  readonly field?: string;
  /** Where in the body, in characters from 1. */
  readonly position?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that is refused; thrown where it is noticed, answered in one place. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(readonly status: ProblemStatus, message: string, readonly details: ProblemDetails = {}) {
    super(message);
  }

  /** `application/problem+json` */
  toResponse(): Response {
    const { headers = {}, ...extra } = this.details;
    const document = {
      type: "about:blank",
      title: TITLES[this.status],
      status: this.status,
      detail: this.message,
      ...extra,
    };
    return new Response(JSON.stringify(document) + "\n", {
      status: this.status,
      headers: { ...headers, "Content-Type": "application/problem+json", "X-Content-Type-Options": "nosniff" },
    });
  }
}
