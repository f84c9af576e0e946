/** Options of the server. */
import type { HubOptions } from "../../lib/sse/mod.ts";
import type { JwtOptions, TokenReviewOptions } from "./access/mod.ts";
import type { AllowedOrigins } from "./cors.ts";
import type { StreamEntry } from "./entry.ts";
import type { LimitOptions } from "./limits.ts";
import type { JetStreamOptions } from "./jetstream_history.ts";
import type { HistoryBounds } from "./memory_history.ts";
import type { Catalogue } from "./page/mod.ts";

/** How streams behave; times in ms. */
export type StreamOptions = Pick<
  HubOptions<StreamEntry>,
  "heartbeat" | "maxLag" | "retry" | "rotation" | "sliceBytes" | "stallTimeout" | "tick"
>;

/** Who may read and publish. `open`: everybody; on loopback that is the default. */
export type AccessOptions =
  | { readonly type: "open" }
  | { readonly type: "jwt" } & JwtOptions
  | { readonly type: "kubernetes" } & TokenReviewOptions;

/** Options of `startEventSse`. */
export interface EventSseOptions extends HistoryBounds {
  /** 0 for a free one. Default 8181. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly hostname?: string;
  /** Folder of a SQLite file: events survive a restart. Default: they are in memory alone. */
  readonly data?: string;
  /** NATS with JetStream: events survive, and several replicas have the same. */
  readonly nats?: Omit<JetStreamOptions, "memory">;
  /** Required unless `hostname` is loopback. */
  readonly access?: AccessOptions;
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
