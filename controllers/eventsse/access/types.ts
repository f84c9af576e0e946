/** Who may read and who may publish. */
import type { Filter, Recheck } from "../../../lib/sse/mod.ts";

/** What a reader may have. */
export interface ReadGrant {
  /** What was asked for, narrowed to what is allowed. */
  readonly filter: Filter;
  /** ms after which the right ends, and the connection with it; `undefined` for never. */
  readonly expiresIn?: number;
  /** Whether a connection may go on, where that can change before the token ends. */
  readonly recheck?: Recheck;
}

/** Decides about requests; refusals are problems with status 401 or 403. */
export interface Access {
  /** @throws {Problem} */
  read(request: Request, filter: Filter): Promise<ReadGrant>;
  /**
   * @param channels Topics that are published to.
   * @throws {Problem}
   */
  publish(request: Request, channels: readonly string[]): Promise<void>;
  /**
   * Something to put into a URL once, in place of the token, since an `EventSource` sends no headers.
   *
   * @throws {Problem}
   */
  ticket(request: Request): Promise<Ticket>;
}

/** Good for one request. */
export interface Ticket {
  readonly ticket: string;
  /** s */
  readonly expiresIn: number;
}

/** Somebody who was recognized, and what they may. A topic is a composition's id or a channel. */
export interface Principal {
  /** ms since the epoch at which their token ends. */
  readonly expiresAt?: number;
  /** Every topic, or those that they may read as far as that can be told. */
  readable(): Promise<"all" | readonly string[]>;
  mayRead(topic: string): Promise<boolean>;
  /** Everything of a namespace; nobody may where it is missing. */
  mayReadIn?(namespace: string): Promise<boolean>;
  mayPublish(topic: string): Promise<boolean>;
  /** Where their token or rights can be taken back before it ends: who they are now, to be asked so often. */
  readonly renewal?: Renewal;
}

/** How to ask for somebody once more. */
export interface Renewal {
  /** ms */
  readonly every: number;
  /** @throws {Problem} 401 where the token is not accepted any more */
  renew(): Promise<Principal>;
}

/** Finds out whose token it is. */
export interface Authenticator {
  /** @throws {Problem} 401 */
  authenticate(token: string): Promise<Principal>;
}
