/** HTTP/1.1 exchanges on a connection, followed from outside. */

/** Bytes of an answer's head at most. */
const MAX_HEAD = 16 * 1024;
const decoder = new TextDecoder("latin1"); // a byte a character, as in HTTP headers

/** What an answer comes to next. */
type Expected =
  /** Its head, or the size of a chunk: text up to an end. */
  | { readonly type: "head" | "size"; readonly end: string; text: string }
  /** So many bytes; then a size where it has chunks, else the end. */
  | { readonly type: "bytes"; left: number; readonly chunked: boolean };

const head = (): Expected => ({ type: "head", end: "\r\n\r\n", text: "" });
const size = (): Expected => ({ type: "size", end: "\r\n", text: "" });

/**
 * Knows when a connection is at rest between two exchanges: each request so far, one after the other and without a body, is answered to the last byte.
 *
 * Whatever is not plain ends that knowledge for good: a request with a body or one in pieces, one before the answer to the last, an
 * answer that says no length.
 */
export class Exchanges {
  #plain = true;
  #owed = false;
  #expected = head();

  /** Whether the next bytes of the client begin a request, and nothing is left of an answer. */
  get atRest(): boolean {
    return this.#plain && !this.#owed;
  }

  /** Takes bytes of the client. */
  ask(bytes: Uint8Array): void {
    this.#plain = this.atRest && isPlainRequest(decoder.decode(bytes));
    this.#owed = true;
  }

  /** Takes bytes of the server. */
  answer(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0 && this.#plain;) {
      if (!this.#owed) this.#plain = false; // nobody asked for these
      else rest = this.#expected.type === "bytes" ? this.#body(this.#expected, rest) : this.#line(this.#expected, rest);
    }
  }

  /** The rest of `bytes` behind what belongs to the body. */
  #body(expected: Extract<Expected, { type: "bytes" }>, bytes: Uint8Array): Uint8Array {
    const taken = Math.min(expected.left, bytes.length);
    expected.left -= taken;
    if (expected.left === 0) this.#next(expected.chunked ? size() : undefined);
    return bytes.subarray(taken);
  }

  #line(expected: Extract<Expected, { type: "head" | "size" }>, bytes: Uint8Array): Uint8Array {
    const before = expected.text.length;
    expected.text += decoder.decode(bytes);
    const end = expected.text.indexOf(expected.end);
    if (end < 0) {
      this.#plain = expected.text.length < MAX_HEAD;
      return bytes.subarray(bytes.length);
    }
    const text = expected.text.slice(0, end);
    if (expected.type === "head") this.#begin(text);
    else this.#chunk(text);
    return bytes.subarray(end + expected.end.length - before);
  }

  #begin(text: string): void {
    const status = Number(/^HTTP\/1\.1 ([2-5]\d\d)/.exec(text)?.[1]);
    const lengths = [...text.matchAll(/^content-length:[ \t]*(\d+)[ \t]*\r?$/gim)].map(([, length]) => Number(length));
    const encodings = [...text.matchAll(/^transfer-encoding:[ \t]*(.*?)[ \t]*\r?$/gim)].map(([, encoding]) => encoding);
    if (status === 204 || status === 304) this.#next(undefined);
    else if (status > 0 && lengths.length === 0 && encodings.join().toLowerCase() === "chunked") this.#next(size());
    else if (status > 0 && lengths.length === 1 && encodings.length === 0) this.#bytes(lengths[0] ?? 0, false);
    else this.#plain = false;
  }

  #chunk(text: string): void {
    const length = /^[0-9a-f]{1,8}$/i.test(text) ? parseInt(text, 16) : undefined;
    if (length === undefined) this.#plain = false;
    // Behind the last one comes an empty line; trailers would not be plain.
    else this.#bytes(length + "\r\n".length, length > 0);
  }

  #bytes(left: number, chunked: boolean): void {
    this.#next(left === 0 ? undefined : { type: "bytes", left, chunked });
  }

  /** What is expected now; nothing where the answer is at its end. */
  #next(expected: Expected | undefined): void {
    this.#expected = expected ?? head();
    this.#owed = expected !== undefined;
  }
}

/** One whole request that has no body and wants nothing else than an answer. */
function isPlainRequest(text: string): boolean {
  return /^GET \S+ HTTP\/1\.1\r\n/.test(text) && text.indexOf("\r\n\r\n") === text.length - 4 &&
    !/^(content-length|transfer-encoding|upgrade|expect)[ \t]*:/im.test(text);
}
