/** JSON Web Tokens (RFC 7519, 8725), by a shared secret or the keys of an issuer. */
import { isMap } from "../message.ts";
import { KeySet } from "./key_set.ts";
import { unauthenticated } from "./token_access.ts";
import type { Authenticator, Principal } from "./types.ts";

/** Options of {@linkcode JwtAuthenticator}. */
export interface JwtOptions {
  /** For HS256, HS384 and HS512. */
  readonly secret?: string;
  /** URL of the issuer's JWKS, for RS*, PS* and ES*. */
  readonly jwks?: string;
  /** Required value of `iss`. */
  readonly issuer?: string;
  /** Value that `aud` must contain. */
  readonly audience?: string;
  readonly now?: () => number;
}

interface Algorithm {
  readonly kind: "secret" | "public";
  readonly importAs: HmacImportParams | RsaHashedImportParams | EcKeyImportParams;
  readonly verifyWith: AlgorithmIdentifier | RsaPssParams | EcdsaParams;
}

/** Clocks of issuer and server may differ by so much, in ms. */
const LEEWAY = 5_000;

const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map(
  ([["256", "P-256"], ["384", "P-384"], ["512", "P-521"]] as const).flatMap(([bits, namedCurve]) => {
    const hash = `SHA-${bits}`;
    const rsa = (name: string): Algorithm => ({
      kind: "public",
      importAs: { name, hash },
      verifyWith: { name, saltLength: Number(bits) / 8 },
    });
    const all: [string, Algorithm][] = [
      [`HS${bits}`, { kind: "secret", importAs: { name: "HMAC", hash }, verifyWith: "HMAC" }],
      [`RS${bits}`, rsa("RSASSA-PKCS1-v1_5")],
      [`PS${bits}`, rsa("RSA-PSS")],
      [`ES${bits}`, {
        kind: "public",
        importAs: { name: "ECDSA", namedCurve },
        verifyWith: { name: "ECDSA", hash },
      }],
    ];
    return bits === "512" ? all.slice(0, 3) : all; // P-521 signatures are not everywhere
  }),
);

/**
 * Reads rights from the token's `scope` (a text with spaces) or `scp` (a list): `events:read` and `events:publish` for
 * everything, `events:read:TOPIC` and `events:publish:TOPIC` for one composition or channel.
 */
export class JwtAuthenticator implements Authenticator {
  readonly #options: JwtOptions;
  readonly #keys: KeySet | undefined;
  readonly #now: () => number;

  constructor(options: JwtOptions) {
    this.#options = options;
    this.#keys = options.jwks === undefined ? undefined : new KeySet(options.jwks);
    this.#now = options.now ?? Date.now;
  }

  async authenticate(token: string): Promise<Principal> {
    const [header = "", payload = "", signature = "", ...more] = token.split(".");
    const { alg, kid } = jsonOf(header);
    const algorithm = ALGORITHMS.get(String(alg));
    if (more.length > 0 || algorithm === undefined) throw refused("its algorithm is not supported");
    const key = await this.#keyFor(algorithm, typeof kid === "string" ? kid : undefined);
    const signed = new TextEncoder().encode(`${header}.${payload}`);
    const isGenuine = await crypto.subtle.verify(algorithm.verifyWith, key, bytesOf(signature), signed);
    if (!isGenuine) throw refused("its signature is wrong");
    return this.#principal(jsonOf(payload));
  }

  async #keyFor({ kind, importAs }: Algorithm, id: string | undefined): Promise<CryptoKey> {
    const { secret } = this.#options;
    // Which keys are for which algorithms is decided here, never by the token.
    if (kind === "secret" && secret !== undefined) {
      return await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), importAs, false, ["verify"]);
    }
    const jwk = kind === "public" ? await this.#keys?.find(id) : undefined;
    if (jwk === undefined) throw refused("no key for it is known");
    try {
      return await crypto.subtle.importKey("jwk", jwk, importAs, false, ["verify"]);
    } catch {
      throw refused("its key is for another algorithm");
    }
  }

  #principal(claims: Readonly<Record<string, unknown>>): Principal {
    const { exp, nbf, iss, aud } = claims;
    const { issuer, audience } = this.#options;
    const now = this.#now();
    if (typeof exp !== "number") throw refused('it has no "exp"');
    if (exp * 1_000 + LEEWAY < now) throw refused("it has expired");
    if (typeof nbf === "number" && nbf * 1_000 - LEEWAY > now) throw refused("it is not valid yet");
    if (issuer !== undefined && iss !== issuer) throw refused("it is of another issuer");
    const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
    if (audience !== undefined && !audiences.includes(audience)) throw refused("it is for another audience");
    return scoped(scopesOf(claims), exp * 1_000);
  }
}

function scoped(scopes: readonly string[], expiresAt: number): Principal {
  const may = (right: string) => (topic: string) =>
    Promise.resolve(scopes.includes(right) || scopes.includes(`${right}:${topic}`));
  const prefix = "events:read:";
  const topics = scopes.filter((scope) => scope.startsWith(prefix)).map((scope) => scope.slice(prefix.length));
  return {
    expiresAt,
    readable: () => Promise.resolve(scopes.includes("events:read") ? "all" : topics),
    mayRead: may("events:read"),
    mayPublish: may("events:publish"),
  };
}

function scopesOf({ scope, scp }: Readonly<Record<string, unknown>>): string[] {
  const listed: readonly unknown[] = Array.isArray(scp) ? scp : [];
  const text = typeof scope === "string" ? scope.split(" ") : [];
  return [...text, ...listed.filter((item) => typeof item === "string")];
}

function refused(why: string): Error {
  return unauthenticated(`The token is not accepted: ${why}`);
}

function jsonOf(part: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytesOf(part)));
    if (isMap(value)) return value;
  } catch {
    // Neither base64 nor JSON: refused below.
  }
  throw refused("it is no JSON Web Token");
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]*$/.test(base64url)) throw refused("it is no JSON Web Token");
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
