import { isTable } from "../chart/mod.ts";
import type { FetchOptions } from "../types.ts";
import { ChartFetchError } from "./errors.ts";
import { basicAuthorization, get, type Got } from "./http.ts";
import type { OciReference } from "./oci_reference.ts";

/** Requests to one repository of a registry; answers its challenge once and keeps the token. */
export class OciSession {
  readonly #reference: OciReference;
  readonly #options: FetchOptions;
  readonly #what: string;
  #authorization: string | undefined;

  constructor(reference: OciReference, options: FetchOptions, what: string) {
    this.#reference = reference;
    this.#options = options;
    this.#what = what;
  }

  /** The address of a path below the repository, e.g. `tags/list`. */
  address(path: string): URL {
    const { scheme, host, path: repository } = this.#reference;
    return new URL(path, `${scheme}://${host}/v2/${repository}/`);
  }

  /** @throws ChartFetchError */
  async get(url: URL, accept: readonly string[] = []): Promise<Got> {
    const first = await this.#send(url, accept, [401]);
    if (first.status !== 401) return first;
    this.#authorization = await this.#answer(first.headers.get("www-authenticate") ?? "");
    return await this.#send(url, accept, []);
  }

  #send(url: URL, accept: readonly string[], statuses: readonly number[]): Promise<Got> {
    const headers = accept.length === 0 ? {} : { accept: accept.join(", ") };
    const authorization = this.#authorization === undefined ? {} : { authorization: this.#authorization };
    return get({ url, options: this.#options, what: this.#what, headers, ...authorization, accept: statuses });
  }

  /** The Authorization that a challenge asks for. */
  async #answer(challenge: string): Promise<string> {
    const basic = basicAuthorization(this.#options);
    if (/^basic\b/i.test(challenge)) {
      if (basic === undefined) throw this.#unauthorized("the registry wants user name and password");
      return basic;
    }
    const fields = Object.fromEntries(
      [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key.toLowerCase(), value]),
    );
    const realm = fields["realm"];
    if (!/^bearer\b/i.test(challenge) || realm === undefined || !URL.canParse(realm)) {
      throw this.#unauthorized(`the registry asks for "${challenge.split(" ", 1)[0]}", which is not known here`);
    }
    if (this.#reference.scheme === "https" && !realm.startsWith("https:")) {
      throw this.#unauthorized(`the registry sends to a token service without TLS, ${new URL(realm).host}`);
    }
    return `Bearer ${await this.#token(new URL(realm), fields, basic)}`;
  }

  async #token(realm: URL, fields: Readonly<Record<string, string>>, basic: string | undefined): Promise<string> {
    if (fields["service"] !== undefined) realm.searchParams.set("service", fields["service"]);
    realm.searchParams.set("scope", fields["scope"] ?? `repository:${this.#reference.path}:pull`);
    const authorization = basic === undefined ? {} : { authorization: basic };
    const got = await get({ url: realm, options: this.#options, what: `a token for ${this.#what}`, ...authorization });
    const answer = readJson(got.bytes);
    const token = answer["token"] ?? answer["access_token"];
    if (typeof token !== "string") throw this.#unauthorized("the token service gave no token");
    return token;
  }

  #unauthorized(why: string): ChartFetchError {
    const where = `oci://${this.#reference.host}/${this.#reference.path}`;
    return new ChartFetchError(
      "Unauthorized",
      `Cannot fetch ${this.#what} from ${where}: ${why}: check the credentials`,
    );
  }
}

/** A JSON object; empty where the text is something else. */
export function readJson(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isTable(value) ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
