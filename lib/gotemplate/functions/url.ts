/**
 * Go's `net/url` as far as sprig shows it: parsing into parts, and writing parts as a URL.
 *
 * @module
 */
import { addressFault } from "./ip_address.ts";
import { fromBinary, toBinary } from "./binary.ts";
import { quote } from "../fmt/quote.ts";

/** A text that is not a URL in Go's eyes. The message is Go's. */
export class UrlError extends Error {
  override readonly name = "UrlError";
  readonly reason = "invalid-url";
}

/** A URL in parts: path, host and fragment decoded, query and user information encoded. */
export interface UrlParts {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly opaque: string;
  readonly fragment: string;
  readonly userinfo: string;
}

/** Where a text stands in a URL: decides which characters are escaped. */
type Place = "path" | "host" | "zone" | "user" | "fragment";

/** Reads a URL. @throws {UrlError} */
export function parseUrl(text: string): UrlParts {
  const hash = text.indexOf("#");
  const body = hash < 0 ? text : text.slice(0, hash);
  // An error shows what was being read: all but the fragment, or the whole.
  const parts = reading(body, () => parseBody(body));
  return hash < 0 ? parts : { ...parts, fragment: reading(text, () => unescape(text.slice(hash + 1), "fragment")) };
}

function reading<R>(text: string, read: () => R): R {
  try {
    return read();
  } catch (error) {
    if (error instanceof UrlError) throw new UrlError(`parse ${quote(text)}: ${error.message}`);
    throw error;
  }
}

function parseBody(body: string): UrlParts {
  // deno-lint-ignore no-control-regex -- control characters are what Go refuses
  if (/[\x00-\x1f\x7f]/.test(body)) throw new UrlError("net/url: invalid control character in URL");
  if (body === "*") return { ...EMPTY, path: "*" };
  const { scheme, rest: afterScheme } = cutScheme(body);
  const mark = afterScheme.indexOf("?");
  const query = mark < 0 ? "" : afterScheme.slice(mark + 1);
  const rest = mark < 0 ? afterScheme : afterScheme.slice(0, mark);
  const base = { ...EMPTY, scheme: scheme.toLowerCase(), query };
  if (!rest.startsWith("/")) {
    if (scheme !== "") return { ...base, opaque: rest };
    if ((rest.split("/", 1)[0] ?? "").includes(":")) {
      throw new UrlError("first path segment in URL cannot contain colon");
    }
  }
  if (!rest.startsWith("//") || (scheme === "" && rest.startsWith("///"))) {
    return { ...base, path: unescape(rest, "path") };
  }
  const slash = rest.indexOf("/", 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  return {
    ...base,
    ...parseAuthority(authority, base.scheme),
    path: slash < 0 ? "" : unescape(rest.slice(slash), "path"),
  };
}

const EMPTY: UrlParts = { scheme: "", host: "", path: "", query: "", opaque: "", fragment: "", userinfo: "" };

function cutScheme(text: string): { scheme: string; rest: string } {
  if (text.startsWith(":")) throw new UrlError("missing protocol scheme");
  const [all, scheme = ""] = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text) ?? [];
  return all === undefined ? { scheme: "", rest: text } : { scheme, rest: text.slice(all.length) };
}

function parseAuthority(authority: string, scheme: string): Pick<UrlParts, "host" | "userinfo"> {
  const at = authority.lastIndexOf("@");
  const host = parseHost(authority.slice(at + 1), scheme);
  if (at < 0) return { host, userinfo: "" };
  const userinfo = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(userinfo)) throw new UrlError("net/url: invalid userinfo");
  const colon = userinfo.indexOf(":");
  const parts = colon < 0 ? [userinfo] : [userinfo.slice(0, colon), userinfo.slice(colon + 1)];
  return { host, userinfo: parts.map((part) => escape(unescape(part, "user"), "user")).join(":") };
}

function parseHost(host: string, scheme: string): string {
  const bracket = host.lastIndexOf("[");
  if (bracket === 0) return parseAddress(host);
  if (bracket > 0) throw new UrlError("invalid IP-literal");
  // Names with colons are for databases; on the web the first one begins the port.
  const isWeb = scheme === "http" || scheme === "https";
  const colon = isWeb ? host.indexOf(":") : host.lastIndexOf(":");
  if (colon >= 0) checkPort(host.slice(colon));
  return unescape(host, "host");
}

function parseAddress(host: string): string {
  const end = host.lastIndexOf("]");
  if (end < 0) throw new UrlError("missing ']' in host");
  const port = host.slice(end + 1);
  checkPort(port);
  const name = host.slice(1, end);
  const zone = name.indexOf("%25");
  const address = zone < 0
    ? unescape(name, "host")
    : unescape(name.slice(0, zone), "host") + unescape(name.slice(zone), "zone");
  const fault = addressFault(address);
  if (fault !== undefined) throw new UrlError(`invalid host: ${fault}`);
  if (!address.includes(":")) throw new UrlError("invalid IP-literal");
  return `[${address}]${unescape(port, "host")}`;
}

function checkPort(port: string): void {
  if (port !== "" && !/^:[0-9]*$/.test(port)) throw new UrlError(`invalid port ${quote(port)} after host`);
}

/** User information as `urlJoin` takes it: read and written again. @throws {UrlError} */
export function parseUserinfo(text: string): string {
  return text === "" ? "" : parseUrl(`proto://${text}@host`).userinfo;
}

/** Writes the parts as a URL. */
export function formatUrl(parts: UrlParts): string {
  const { scheme, host, path, query, opaque, fragment, userinfo } = parts;
  let out = scheme === "" ? "" : `${scheme}:`;
  if (opaque !== "") out += opaque;
  else {
    if (scheme !== "" || host !== "" || userinfo !== "") {
      if (host !== "" || path !== "" || userinfo !== "") out += "//";
      if (userinfo !== "") out += `${userinfo}@`;
      out += escape(host, "host");
    }
    const escaped = path === "*" ? "*" : escape(path, "path");
    if (escaped !== "" && !escaped.startsWith("/") && host !== "") out += "/";
    // A colon in the first segment would read as a scheme.
    if (out === "" && (escaped.split("/", 1)[0] ?? "").includes(":")) out += "./";
    out += escaped;
  }
  if (query !== "") out += `?${query}`;
  return fragment === "" ? out : `${out}#${escape(fragment, "fragment")}`;
}

/** Characters beyond letters, digits and `-_.~` that need no escape. */
const PLAIN: Readonly<Record<Place, string>> = {
  path: "$&+,/:;=@",
  host: "!$&'()*+,;=:[]<>\"",
  zone: "!$&'()*+,;=:[]<>\"",
  user: "$&+,;=",
  fragment: "$&+,/:;=?@!()*",
};

function escape(text: string, place: Place): string {
  return toBinary(text).replace(/[^A-Za-z0-9\-_.~]/g, (char) => {
    if (PLAIN[place].includes(char)) return char;
    return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  });
}

/** Decodes `%xx`. Works on bytes, as the messages show them. */
function unescape(source: string, place: Place): string {
  const text = toBinary(source);
  const broken = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(text);
  if (broken !== null) throw new UrlError(`invalid URL escape ${quote(fromBinary(broken[0]))}`);
  if (place === "host") {
    // In host names only bytes beyond ASCII may be escaped.
    const ascii = /%[0-7][0-9a-fA-F]/.exec(text.replaceAll("%25", ""));
    if (ascii !== null) throw new UrlError(`invalid URL escape ${quote(ascii[0])}`);
  }
  if (place === "host" || place === "zone") {
    // deno-lint-ignore no-control-regex -- the set is what Go refuses in a host
    const odd = /[\x00-\x20\\^`{}|#?@/]/.exec(text);
    if (odd !== null) throw new UrlError(`invalid character ${quote(odd[0])} in host name`);
  }
  if (!text.includes("%")) return source;
  return fromBinary(text.replace(/%([0-9a-fA-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))));
}
