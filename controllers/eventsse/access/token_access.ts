/** Access by tokens: where they come in a request, and what their owner gets. */
import { type Filter, filterKey, type Recheck } from "../../../lib/sse/mod.ts";
import { KRATEO_TOPIC } from "../message.ts";
import { Problem } from "../problem.ts";
import { Tickets } from "./tickets.ts";
import type { Access, Authenticator, Principal, ReadGrant, Ticket } from "./types.ts";

/** Cookie that a token may come in, for reading alone. */
export const TOKEN_COOKIE = "eventsse_token";

/** Header first, then cookie, then ticket. */
export class TokenAccess implements Access {
  readonly #tickets: Tickets<Principal>;

  constructor(readonly authenticator: Authenticator, readonly now: () => number = Date.now) {
    this.#tickets = new Tickets({ now });
  }

  async read(request: Request, filter: Filter): Promise<ReadGrant> {
    const principal = await this.#reader(request);
    const allowed = await narrowed(principal, filter);
    const { expiresAt } = principal;
    return {
      filter: allowed,
      ...(expiresAt === undefined ? {} : { expiresIn: Math.max(0, expiresAt - this.now()) }),
      ...recheckOf(principal, filter, allowed),
    };
  }

  async publish(request: Request, channels: readonly string[]): Promise<void> {
    const token = bearerOf(request);
    // No cookie: a foreign page could make a browser send it.
    if (token === undefined) throw unauthenticated("Publishing needs an Authorization header with a bearer token");
    const principal = await this.authenticator.authenticate(token);
    for (const channel of channels) {
      if (!await principal.mayPublish(channel)) throw new Problem(403, `You may not publish to "${channel}"`);
    }
  }

  async ticket(request: Request): Promise<Ticket> {
    const token = bearerOf(request);
    if (token === undefined) throw unauthenticated("A ticket needs an Authorization header with a bearer token");
    return this.#tickets.give(await this.authenticator.authenticate(token));
  }

  async #reader(request: Request): Promise<Principal> {
    const token = bearerOf(request) ?? cookieOf(request);
    if (token !== undefined) return await this.authenticator.authenticate(token);
    const ticket = new URL(request.url).searchParams.get("ticket");
    if (ticket === null) {
      throw unauthenticated(`Reading needs a bearer token, a cookie "${TOKEN_COOKIE}" or a ticket of POST /tickets`);
    }
    const principal = this.#tickets.take(ticket);
    if (principal === undefined) throw unauthenticated("The ticket was used or is too old: ask for another one");
    return principal;
  }
}

/** 401 as RFC 6750 wants it. */
export function unauthenticated(text: string): Problem {
  return new Problem(401, text, { headers: { "WWW-Authenticate": 'Bearer realm="eventsse"' } });
}

/**
 * What is left of a filter for somebody who may not read everything.
 *
 * @throws {Problem} 403 that names the first topic which was asked for and is not theirs.
 */
export async function narrowed(principal: Principal, filter: Filter): Promise<Filter> {
  const readable = await principal.readable();
  if (readable === "all") return filter;
  const named = (filter["composition"] ?? []).length > 0 ? filter["composition"] : filter["topic"];
  const namespaces = filter["namespace"] ?? [];
  if (await readsIn(principal, namespaces)) return filter;
  const isPrecise = named !== undefined && named.length > 0 &&
    !(named === filter["topic"] && named.includes(KRATEO_TOPIC));
  if (isPrecise) {
    for (const topic of named) {
      if (!await principal.mayRead(topic)) throw new Problem(403, `You may not read "${topic}"`);
    }
    return filter;
  }
  if (readable.length === 0) {
    const hint = "name the compositions with ?composition=ID, or a namespace that you may read with ?namespace=NAME";
    throw new Problem(403, `You may not read ${namespaces.length > 0 ? "these" : "all"} events: ${hint}`);
  }
  return { ...filter, composition: readable };
}

/** Whether somebody may read all of these namespaces, of which there is at least one. */
async function readsIn({ mayReadIn }: Principal, namespaces: readonly string[]): Promise<boolean> {
  if (mayReadIn === undefined || namespaces.length === 0) return false;
  return (await Promise.all(namespaces.map((namespace) => mayReadIn(namespace)))).every((may) => may);
}

/** A connection may go on while its owner is still known and would be given the same. */
function recheckOf({ renewal }: Principal, filter: Filter, allowed: Filter): { readonly recheck?: Recheck } {
  if (renewal === undefined) return {};
  const isAllowed = async () => {
    try {
      return filterKey(await narrowed(await renewal.renew(), filter)) === filterKey(allowed);
    } catch (error) {
      if (error instanceof Problem && (error.status === 401 || error.status === 403)) return false;
      throw error;
    }
  };
  return { recheck: { every: renewal.every, isAllowed } };
}

function bearerOf(request: Request): string | undefined {
  return /^Bearer ([!-~]+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1];
}

function cookieOf(request: Request): string | undefined {
  for (const part of (request.headers.get("Cookie") ?? "").split(";")) {
    const [name, value] = part.trim().split("=", 2);
    if (name === TOKEN_COOKIE && value) return value;
  }
  return undefined;
}
