/** Who may read and who may publish. */
import type { Filter } from "../../lib/sse/mod.ts";

/** What a reader may have. */
export interface ReadGrant {
  /** What was asked for, narrowed to what is allowed. */
  readonly filter: Filter;
  /** ms after which the right ends, and the connection with it; `undefined` for never. */
  readonly expiresIn?: number;
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
}

/** Everybody may everything: for loopback. */
export const OPEN_ACCESS: Access = {
  read: (_request, filter) => Promise.resolve({ filter }),
  publish: () => Promise.resolve(),
};
