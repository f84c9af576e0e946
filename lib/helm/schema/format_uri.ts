import { parseUrl, UrlError, type UrlParts } from "../../gotemplate/functions/mod.ts";
import { ipv6Fault } from "./format_address.ts";

/** A URL as Go reads it, or what is wrong with it. */
function read(text: string): UrlParts | string {
  let parts: UrlParts;
  try {
    parts = parseUrl(text);
  } catch (error) {
    if (error instanceof UrlError) return error.message;
    throw error;
  }
  const host = hostOf(parts.host);
  if (!host.includes(":")) return parts;
  if (!parts.host.includes("[") || !parts.host.includes("]")) return "ipv6 address not enclosed in brackets";
  const fault = ipv6Fault(host);
  return fault === undefined ? parts : `invalid ipv6 address: ${fault}`;
}

/** The host without brackets and port. */
function hostOf(host: string): string {
  const end = host.lastIndexOf("]");
  const name = end >= 0 ? host.slice(0, end + 1) : host.replace(/:[0-9]*$/, "");
  return name.startsWith("[") && name.endsWith("]") ? name.slice(1, -1) : name;
}

/** What keeps a text from being an absolute URI in the eyes of Helm's validator. */
export function uriFault(text: string): string | undefined {
  const parts = read(text);
  if (typeof parts === "string") return parts;
  return parts.scheme === "" ? "relative url" : undefined;
}

/** What keeps a text from being a URI or a reference to one. */
export function uriReferenceFault(text: string): string | undefined {
  if (text.includes("\\")) return "contains \\";
  const parts = read(text);
  return typeof parts === "string" ? parts : undefined;
}

/** What keeps a text from being a template of a URI. */
export function uriTemplateFault(text: string): string | undefined {
  const parts = read(text);
  if (typeof parts === "string") return parts;
  // Go keeps the path as it was written only where writing it anew would give another text: braces are such a case.
  for (const segment of parts.path.split("/")) {
    let isOpen = false;
    for (const [brace] of segment.matchAll(/[{}]/g)) {
      if ((brace === "{") === isOpen) return "nested curly braces";
      isOpen = !isOpen;
    }
    if (isOpen) return "no matching closing brace";
  }
  return undefined;
}
