/** Sprig's `urlParse` and `urlJoin`. */
import { kindOf, nilPanic } from "./reflection.ts";
import { formatUrl, parseUrl, parseUserinfo, UrlError, type UrlParts } from "./url.ts";
import { fn, FunctionError, type FunctionTable } from "../signature.ts";
import { GoMap, types } from "../value.ts";

/** `urlParse`, `urlJoin` and `urlquery`'s relatives. */
export const urlFunctions: FunctionTable = {
  urlParse: fn([types.string], types.map, (text) => {
    const parts = reading("unable to parse url: ", () => parseUrl(text));
    return new GoMap(Object.entries({ ...parts, hostname: hostnameOf(parts.host) }));
  }),
  urlJoin: fn([types.map], types.string, (map) => {
    const part = (key: string) => textAt(map, key);
    const parts: UrlParts = {
      scheme: part("scheme"),
      host: part("host"),
      path: part("path"),
      query: part("query"),
      opaque: part("opaque"),
      fragment: part("fragment"),
      userinfo: part("userinfo"),
    };
    const userinfo = reading("unable to parse userinfo in dict: ", () => parseUserinfo(parts.userinfo));
    return formatUrl({ ...parts, userinfo });
  }),
};

function reading<R>(prefix: string, read: () => R): R {
  try {
    return read();
  } catch (error) {
    if (error instanceof UrlError) throw new FunctionError(prefix + error.message, { cause: error });
    throw error;
  }
}

function textAt(map: GoMap, key: string): string {
  if (!map.has(key)) return "";
  const value = map.get(key) ?? null;
  if (value === null) throw nilPanic();
  if (typeof value === "string") return value;
  throw new FunctionError(`unable to parse ${key} key, must be of type string, but ${kindOf(value)} found`);
}

/** The host without its port, IPv6 addresses without their brackets. */
function hostnameOf(host: string): string {
  const bracketed = /^\[(.*)\]/.exec(host);
  if (bracketed !== null) return bracketed[1] ?? "";
  const colon = host.lastIndexOf(":");
  return colon >= 0 && /^[0-9]*$/.test(host.slice(colon + 1)) ? host.slice(0, colon) : host;
}
