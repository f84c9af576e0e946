/** Who asks, and the reviews about that. Everybody with the token may do everything. */
import type { KubeObject } from "../kube/mod.ts";
import type { User } from "./core.ts";
import { isObject, type JsonObject } from "./json_value.ts";
import type { Exchange } from "./rest/exchange.ts";
import { ApiError, noSuchResource } from "./status.ts";

const AUTHENTICATED = "system:authenticated";

/** The owner of the token, as a cluster's first administrator. */
export const ADMIN: User = { name: "kubernetes-admin", groups: ["system:masters", AUTHENTICATED] };

/** Paths that need no token, as in a real cluster. */
const PUBLIC: readonly string[] = ["/healthz", "/livez", "/readyz", "/version"];

/**
 * The user of a request: the owner of the token, or whom it impersonates.
 *
 * @param token Absent inside this process, where there is no one else.
 * @throws ApiError `Unauthorized`
 */
export function authenticate(exchange: Exchange, token: string | undefined): User {
  if (token !== undefined && !PUBLIC.includes(exchange.path) && !hasToken(exchange, token)) {
    throw new ApiError("Unauthorized", "Unauthorized");
  }
  const impersonated = exchange.header("impersonate-user");
  if (impersonated === undefined || impersonated === "") return ADMIN;
  const groups = (exchange.header("impersonate-group") ?? "").split(",").map((group) => group.trim());
  return {
    name: impersonated,
    groups: [
      ...new Set([...groups.filter((group) => group !== ""), ...serviceAccountGroups(impersonated), AUTHENTICATED]),
    ],
  };
}

function hasToken(exchange: Exchange, token: string): boolean {
  const given = exchange.header("authorization") ?? "";
  return sameText(given, `Bearer ${token}`);
}

/** Compares without ending early, so that the time tells nothing. */
function sameText(left: string, right: string): boolean {
  let difference = left.length ^ right.length;
  for (let index = 0; index < right.length; index++) difference |= left.charCodeAt(index) ^ right.charCodeAt(index);
  return difference === 0;
}

function serviceAccountGroups(user: string): string[] {
  const [, namespace] = /^system:serviceaccount:([^:]+):[^:]+$/.exec(user) ?? [];
  return namespace === undefined ? [] : ["system:serviceaccounts", `system:serviceaccounts:${namespace}`];
}

type Review = (review: KubeObject, user: User, token: string | undefined) => JsonObject;

const ALLOWED: JsonObject = {
  allowed: true,
  reason: "the embedded API server allows everything to whoever has its token",
};

const REVIEWS: Readonly<Record<string, Review>> = {
  SelfSubjectReview: (_, user) => ({ userInfo: userInfo(user) }),
  TokenReview: ({ spec }, _, token) => {
    const valid = isObject(spec) && token !== undefined && spec.token === token;
    return valid ? { authenticated: true, user: userInfo(ADMIN) } : { user: {}, error: "invalid bearer token" };
  },
  SelfSubjectAccessReview: () => ALLOWED,
  LocalSubjectAccessReview: () => ALLOWED,
  SubjectAccessReview: () => ALLOWED,
  SelfSubjectRulesReview: () => ({
    resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }],
    nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
    incomplete: false,
  }),
};

/** The user as Kubernetes writes it in reviews and in `request.userInfo` of policies. */
export function userInfo({ name, groups, uid, extra }: User): JsonObject {
  return {
    username: name,
    groups: [...groups],
    ...(uid === undefined ? {} : { uid }),
    ...(extra === undefined ? {} : { extra }),
  };
}

/**
 * Answers a review, an object that is never stored.
 *
 * @throws ApiError `NotFound` for a kind that is no review
 */
export function answerReview(review: KubeObject, user: User, token: string | undefined): KubeObject {
  const answer = REVIEWS[review.kind];
  if (answer === undefined) throw noSuchResource();
  return { ...review, status: answer(review, user, token) };
}
