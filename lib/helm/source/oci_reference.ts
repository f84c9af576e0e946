import type { ChartReference } from "../types.ts";
import { ChartFetchError } from "./errors.ts";

/** Where a chart lies in a registry. */
export interface OciReference {
  /** Host and port. */
  readonly host: string;
  /** `http` on loopback, `https` elsewhere. */
  readonly scheme: "http" | "https";
  /** Repository path. */
  readonly path: string;
  /** Version or range; a tag or digest in the URL comes first. */
  readonly version: string;
  /** `sha256:<hex>` where the URL pins one. */
  readonly digest: string | undefined;
}

/** Reads `oci://host/path/name[:tag][@digest]`; `repo` is one more path segment. @throws ChartFetchError `InvalidReference`. */
export function parseOciReference(reference: ChartReference): OciReference {
  const full = [reference.url.replace(/\/+$/, ""), ...(reference.repo ? [reference.repo] : [])].join("/");
  const match = /^oci:\/\/([^/]+)\/([^@:]+)(?::([\w.+-]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(full);
  const [, host, path, tag, digest] = match ?? [];
  if (host === undefined || path === undefined) {
    throw new ChartFetchError("InvalidReference", `Cannot fetch a chart from "${full}": expected oci://HOST/PATH/NAME`);
  }
  const isLoopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host);
  return { host, scheme: isLoopback ? "http" : "https", path, version: tag ?? reference.version ?? "", digest };
}

/** A version as a tag: registries do not take `+`. */
export function tagOf(version: string): string {
  return version.replaceAll("+", "_");
}

/** A tag as a version. */
export function versionOf(tag: string): string {
  return tag.replaceAll("_", "+");
}
