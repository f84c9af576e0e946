/** Tokens of Kubernetes: TokenReview says whose they are, SubjectAccessReview what they may. */
import { createHash } from "node:crypto";
import type { ApiResource, KubeClient, KubeObject } from "../../../lib/kube/mod.ts";
import { KRATEO_TOPIC } from "../message.ts";
import { Problem } from "../problem.ts";
import { unauthenticated } from "./token_access.ts";
import type { Authenticator, Principal } from "./types.ts";

/** Where a composition is, for a review of the object itself. */
export interface ReviewedObject {
  readonly group: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Options of {@linkcode TokenReviewer}. */
export interface TokenReviewOptions {
  readonly client: KubeClient;
  /** Audiences that a token must be for; default: the API server's own. */
  readonly audiences?: readonly string[];
  /**
   * The composition with an id: who may `get` it may read its events. Where it is unknown, and for channels, the virtual resource
   * `events.eventsse.krateo.io` with the topic as its name is reviewed.
   */
  readonly locate?: (composition: string) => ReviewedObject | undefined;
  /** ms that an answer is believed. Default: a minute. */
  readonly believed?: number;
  /** ms after which the owner of an open connection is looked at again. Default: ten minutes. */
  readonly recheck?: number;
  readonly now?: () => number;
}

interface User {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

type Review<S> = KubeObject & { readonly status?: S };

const TOKEN_REVIEWS: ApiResource = {
  group: "authentication.k8s.io",
  version: "v1",
  kind: "TokenReview",
  plural: "tokenreviews",
  namespaced: false,
};
const ACCESS_REVIEWS: ApiResource = {
  group: "authorization.k8s.io",
  version: "v1",
  kind: "SubjectAccessReview",
  plural: "subjectaccessreviews",
  namespaced: false,
};
const EVENTS: ReviewedObject = { group: "eventsse.krateo.io", resource: "events", name: "" };

const BELIEVED = 60_000;
const RECHECK = 10 * 60 * 1000;
const MOST_ANSWERS = 10_000;

/** Asks the API server, and believes each answer for a while. */
export class TokenReviewer implements Authenticator {
  readonly #options: TokenReviewOptions;
  readonly #now: () => number;
  readonly #answers = new Map<string, { readonly answer: Promise<unknown>; readonly until: number }>();

  constructor(options: TokenReviewOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  async authenticate(token: string): Promise<Principal> {
    const expiresAt = endOf(token);
    // It may have been believed shortly before its end.
    if (expiresAt !== undefined && expiresAt <= this.#now()) {
      throw unauthenticated("The token is not accepted: it has expired");
    }
    const key = `token ${createHash("sha256").update(token).digest("base64")}`;
    const user = await this.#believed(key, () => this.#review(token));
    if (user === undefined) throw unauthenticated("The token is not accepted: the API server does not know it");
    const may = (verb: string, object: ReviewedObject) =>
      this.#believed(`may ${JSON.stringify([user, verb, object])}`, () => this.#mayDo(user, verb, object));
    const reviewed = (topic: string) => this.#options.locate?.(topic) ?? { ...EVENTS, name: topic };
    return {
      ...(expiresAt === undefined ? {} : { expiresAt }),
      renewal: { every: this.#options.recheck ?? RECHECK, renew: () => this.authenticate(token) },
      readable: async () => await may("list", EVENTS) ? "all" : [],
      mayRead: (topic) => may("get", reviewed(topic)),
      mayReadIn: (namespace) => may("list", { ...EVENTS, namespace }),
      mayPublish: (topic) => may("create", topic === KRATEO_TOPIC ? EVENTS : { ...EVENTS, name: topic }),
    };
  }

  async #review(token: string): Promise<User | undefined> {
    const { audiences } = this.#options;
    const { status } = await this.#options.client.create<Review<{ authenticated?: boolean; user?: User }>>(
      TOKEN_REVIEWS,
      {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenReview",
        metadata: { name: "" },
        spec: { token, ...(audiences === undefined ? {} : { audiences }) },
      },
    );
    return status?.authenticated === true ? status.user ?? {} : undefined;
  }

  async #mayDo(user: User, verb: string, object: ReviewedObject): Promise<boolean> {
    const { username, uid, groups, extra } = user;
    const { status } = await this.#options.client.create<Review<{ allowed?: boolean }>>(ACCESS_REVIEWS, {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      metadata: { name: "" },
      spec: { user: username, uid, groups, extra, resourceAttributes: { ...object, verb } },
    });
    return status?.allowed === true;
  }

  /** An answer that was given within the last minute, or a new one; failures are not remembered. */
  #believed<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(key);
    if (known !== undefined && known.until > this.#now()) return known.answer as Promise<T>; // put there under this key
    const answer = ask().catch((error) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new Problem(503, `Cannot check the token: ${why}`, { headers: { "Retry-After": "2" } });
    });
    this.#answers.delete(key);
    if (this.#answers.size >= MOST_ANSWERS) this.#answers.delete(this.#answers.keys().next().value ?? "");
    this.#answers.set(key, { answer, until: this.#now() + (this.#options.believed ?? BELIEVED) });
    answer.catch(() => this.#answers.delete(key));
    return answer;
  }
}

/** `exp` of a token, ms since the epoch; nothing proves here that it is genuine. */
function endOf(token: string): number | undefined {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const { exp } = JSON.parse(atob(payload)) as { exp?: unknown }; // looked at below
    return typeof exp === "number" ? exp * 1_000 : undefined;
  } catch {
    return undefined; // opaque
  }
}
