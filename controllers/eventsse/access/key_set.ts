/** The public keys of a token issuer (JWKS, RFC 7517). */
import { isMap } from "../message.ts";
import { Problem } from "../problem.ts";

/** ms that keys are used before they are fetched again, and between two fetches for a key that is not there. */
const LIFE = 10 * 60 * 1000;
const PAUSE = 30_000;
const DEADLINE = 5_000;

/** Fetches the keys when they are needed; an unknown key fetches them again, since issuers change keys. */
export class KeySet {
  #keys: readonly JsonWebKey[] = [];
  #fetched = -Infinity;
  #fetching: Promise<void> | undefined;

  constructor(readonly url: string, readonly now: () => number = () => performance.now()) {}

  /** The key with this id; where the token names none, the only one. */
  async find(id: string | undefined): Promise<JsonWebKey | undefined> {
    if (this.now() - this.#fetched > LIFE) await this.#fetch();
    const known = this.#pick(id);
    if (known !== undefined || this.now() - this.#fetched < PAUSE) return known;
    await this.#fetch();
    return this.#pick(id);
  }

  #pick(id: string | undefined): JsonWebKey | undefined {
    if (id === undefined) return this.#keys.length === 1 ? this.#keys[0] : undefined;
    return this.#keys.find((key) => "kid" in key && key.kid === id);
  }

  #fetch(): Promise<void> {
    return this.#fetching ??= this.#load().finally(() => this.#fetching = undefined);
  }

  async #load(): Promise<void> {
    try {
      const response = await fetch(this.url, { signal: AbortSignal.timeout(DEADLINE) });
      const set: unknown = await response.json();
      if (!response.ok || !isMap(set) || !Array.isArray(set["keys"])) throw new Error(`answer ${response.status}`);
      this.#keys = set["keys"].filter((key): key is JsonWebKey => isMap(key) && typeof key["kty"] === "string");
      this.#fetched = this.now();
    } catch (error) {
      // Keys that were good a moment ago are better than none.
      if (this.#keys.length > 0) return;
      const text = `Cannot check tokens: the keys at ${this.url} cannot be had: ${
        error instanceof Error ? error.message : error
      }`;
      throw new Problem(503, text, { headers: { "Retry-After": "5" } });
    }
  }
}
