/** CEL's `url(…)`, by the rules of Go's `net/url.ParseRequestURI`. */
import { cel } from "../../../deps/cel.ts";
import { formatCheck } from "../formats.ts";

type Environment = InstanceType<typeof cel.Environment>;

/** The parts of an absolute URL or an absolute path. */
class CelUrl {
  constructor(readonly scheme: string, readonly host: string, readonly path: string, readonly query: string) {}

  get hostname(): string {
    const bracketed = /^\[(.*)\](?::\d*)?$/.exec(this.host);
    return bracketed?.[1] ?? this.host.replace(/:\d*$/, "");
  }

  get port(): string {
    return /:(\d*)$/.exec(this.host.replace(/^\[.*\]/, ""))?.[1] ?? "";
  }
}

const SYNTAX = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/(?:[^@/?]*@)?([^/?]*))?([^?]*)(?:\?(.*))?$/;

function read(text: string): CelUrl | undefined {
  const match = formatCheck("uri")?.(text) === true ? SYNTAX.exec(text) : null;
  if (match === null) return undefined;
  const [, scheme = "", host = "", path = "", query = ""] = match;
  if (/[^0-9:]/.test(/:([^\]]*)$/.exec(host)?.[1] ?? "")) return undefined;
  return new CelUrl(scheme.toLowerCase(), host, path, query);
}

function queryOf(url: CelUrl): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const [key, value] of new URLSearchParams(url.query)) (values[key] ??= []).push(value);
  return values;
}

/** Adds URLs to an environment. */
export function registerUrls(env: Environment): void {
  const type = "kubernetes.URL";
  env.registerType(type, { ctor: CelUrl, fields: {} });
  env.registerFunction(`url(string): ${type}`, (text: string) => {
    const url = read(text);
    if (url === undefined) {
      throw new cel.EvaluationError(`URL parse error during conversion from string: ${JSON.stringify(text)}`);
    }
    return url;
  });
  env.registerFunction("isURL(string): bool", (text: string) => read(text) !== undefined);
  env.registerFunction(`${type}.getScheme(): string`, (url: CelUrl) => url.scheme);
  env.registerFunction(`${type}.getHost(): string`, (url: CelUrl) => url.host);
  env.registerFunction(`${type}.getHostname(): string`, (url: CelUrl) => url.hostname);
  env.registerFunction(`${type}.getPort(): string`, (url: CelUrl) => url.port);
  env.registerFunction(`${type}.getEscapedPath(): string`, (url: CelUrl) => url.path);
  env.registerFunction(`${type}.getQuery(): map<string, list<string>>`, queryOf);
}
