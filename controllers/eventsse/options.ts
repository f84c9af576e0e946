/** Options of the server. */
import type { HubOptions } from "../../lib/sse/mod.ts";
import type { AllowedOrigins } from "./cors.ts";
import type { StreamEntry } from "./entry.ts";
import type { LimitOptions } from "./limits.ts";
import type { HistoryBounds } from "./memory_history.ts";
import type { Catalogue } from "./page/mod.ts";

/** How streams behave; times in ms. */
export type StreamOptions = Pick<
  HubOptions<StreamEntry>,
  "heartbeat" | "maxLag" | "retry" | "rotation" | "sliceBytes" | "stallTimeout" | "tick"
>;

/** Options of `startEventSse`. */
export interface EventSseOptions extends HistoryBounds {
  /** 0 for a free one. Default 8181. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly hostname?: string;
  /** Origins of pages that may read. Default: none but its own. */
  readonly origins?: AllowedOrigins;
  readonly limits?: LimitOptions;
  readonly stream?: StreamOptions;
  /** Compositions for the page; closed by who made it. Default: none. */
  readonly catalogue?: Catalogue;
  /** Most events of one list. Default 100. */
  readonly maxLimit?: number;
  /** Answer 204 where the original does: an empty list, an empty body. Default false. */
  readonly emptyIs204?: boolean;
}
