/** The head of an HTTP/1.1 request, read strictly: what is not plain is for a real HTTP server. */

/** Bytes of a head at most. */
export const MAX_HEAD = 16 * 1024;

/** What the first bytes of a connection turn out to be. */
export type Head =
  /** A whole request without a body, for this path. */
  | { readonly type: "request"; readonly request: Request }
  /** The beginning of such a request. */
  | { readonly type: "incomplete" }
  /** Anything else. */
  | { readonly type: "other" };

const OTHER: Head = { type: "other" };
const decoder = new TextDecoder("latin1"); // a byte a character, as in HTTP headers

/** Looks at the first bytes of a connection for `GET` of one path. */
export function readHead(bytes: Uint8Array, path: string): Head {
  const text = decoder.decode(bytes);
  const start = `GET ${path}`;
  if (text.length < start.length + 1) return start.startsWith(text) ? { type: "incomplete" } : OTHER;
  if (!text.startsWith(start) || !" ?".includes(text.charAt(start.length))) return OTHER;
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return bytes.length < MAX_HEAD ? { type: "incomplete" } : OTHER;
  if (end + 4 !== text.length) return OTHER; // a body, or a second request behind the first
  const request = requestOf(text.slice(0, end).split("\r\n"));
  return request === undefined ? OTHER : { type: "request", request };
}

function requestOf([requestLine = "", ...lines]: readonly string[]): Request | undefined {
  const target = /^GET (\/[!-~]*) HTTP\/1\.1$/.exec(requestLine)?.[1];
  if (target === undefined) return undefined;
  const headers = new Headers();
  for (const line of lines) {
    // A line that begins with a space continues the one before: obsolete, and a way to smuggle.
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t -~\x80-\xff]*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return undefined;
    if (/^(host|authorization|last-event-id)$/i.test(name) && headers.has(name)) return undefined;
    headers.append(name, value);
  }
  const host = headers.get("Host") ?? "";
  const hasBody = headers.has("Content-Length") || headers.has("Transfer-Encoding") || headers.has("Upgrade");
  const url = `http://${host}${target}`;
  if (hasBody || !/^[A-Za-z0-9.:[\]_-]+$/.test(host) || !URL.canParse(url)) return undefined;
  return new Request(url, { headers });
}

/** The head of an answer whose body lasts as long as the connection. */
export function responseHead(headers: Readonly<Record<string, string>>): Uint8Array {
  const lines = Object.entries({ ...headers, Date: new Date().toUTCString(), Connection: "close" });
  return new TextEncoder().encode(
    `HTTP/1.1 200 OK\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`,
  );
}
