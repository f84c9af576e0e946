/**
 * Who may read and who may publish.
 *
 * | file | what |
 * |---|---|
 * | `types` | the seam |
 * | `open_access` | everybody may everything |
 * | `token_access` | where tokens come from, and what a filter is narrowed to |
 * | `jwt`, `key_set` | JSON Web Tokens by secret or JWKS |
 * | `token_review` | Kubernetes' own tokens and rights |
 * | `tickets` | for `EventSource`, which sends no headers |
 */
export { JwtAuthenticator, type JwtOptions } from "./jwt.ts";
export { KeySet } from "./key_set.ts";
export { OPEN_ACCESS } from "./open_access.ts";
export { Tickets } from "./tickets.ts";
export { narrowed, TOKEN_COOKIE, TokenAccess } from "./token_access.ts";
export { type ReviewedObject, TokenReviewer, type TokenReviewOptions } from "./token_review.ts";
export type { Access, Authenticator, Principal, ReadGrant, Renewal, Ticket } from "./types.ts";
