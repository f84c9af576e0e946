import { isTable } from "../chart/mod.ts";
import { ChartFetchError } from "./errors.ts";

/** User and password for a registry. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

/**
 * The credentials that a `.dockerconfigjson` has for a repository of a registry. An entry's key is a host, with or without a
 * scheme, or a host and the beginning of a path: the longest that fits counts.
 *
 * @param configJson The text of the key `.dockerconfigjson` of a Secret of type `kubernetes.io/dockerconfigjson`.
 * @param repository Host, port and path: `registry.example.org:5000/team/chart`.
 * @returns `undefined` where no entry fits.
 * @throws ChartFetchError `InvalidReference` when the text is no such configuration.
 */
export function dockerCredentials(configJson: string, repository: string): RegistryCredentials | undefined {
  let best: { readonly prefix: string; readonly entry: unknown } | undefined;
  for (const [key, entry] of Object.entries(authsOf(configJson))) {
    const prefix = key.replace(/^https?:\/\//, "").replace(/\/v[12]\/?$/, "").replace(/\/+$/, "");
    const fits = repository === prefix || repository.startsWith(`${prefix}/`);
    if (fits && (best === undefined || prefix.length > best.prefix.length)) best = { prefix, entry };
  }
  return best === undefined ? undefined : credentialsOf(best.entry);
}

function authsOf(configJson: string): Readonly<Record<string, unknown>> {
  let config: unknown;
  try {
    config = JSON.parse(configJson);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalid("it is not JSON", error);
  }
  const auths = isTable(config) ? config["auths"] : undefined;
  if (!isTable(auths)) throw invalid('it has no map "auths"');
  return auths;
}

function credentialsOf(entry: unknown): RegistryCredentials {
  if (!isTable(entry)) throw invalid("an entry of it is no map");
  const { username, password, auth } = entry;
  if (typeof username === "string" && typeof password === "string") return { username, password };
  const decoded = typeof auth === "string" ? decoded64(auth) : "";
  const colon = decoded.indexOf(":");
  if (colon < 0) throw invalid('an entry of it has neither "username" and "password" nor an "auth" of both');
  return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

function decoded64(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(text.trim()));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalid('the "auth" of an entry is not base64', error);
  }
}

function invalid(what: string, cause?: unknown): ChartFetchError {
  return new ChartFetchError(
    "InvalidReference",
    `Cannot use the registry credentials: ${what}: expected the .dockerconfigjson of a Secret of type kubernetes.io/dockerconfigjson`,
    { cause },
  );
}
