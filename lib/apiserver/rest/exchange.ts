/** One request and its answer, apart from how they travel: sockets or a call in this process. */

/** A request. */
export interface Exchange {
  readonly method: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Value of a header by its lower-case name. */
  header(name: string): string | undefined;
  body(): Promise<Uint8Array>;
  /** Whether streamed answers are to be byte streams that a BYOB reader can read. */
  readonly byteStream: boolean;
}

/** An answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null;
  /** One `Warning` header each. */
  readonly warnings?: readonly string[];
}

/** An answer of JSON. */
export function jsonAnswer(body: string | object, status = 200, contentType = "application/json"): Answer {
  return {
    status,
    headers: { "content-type": contentType },
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
}

/** An answer of plain text. */
export function textAnswer(body: string, status = 200): Answer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}

/** The value of a `Warning` header: code 299, quoted text. */
export function warningHeader(text: string): string {
  return `299 - "${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll(/[\r\n]+/g, " ")}"`;
}
