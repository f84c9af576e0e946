/** What the controller remembers of a composition between two passes; all of it can be found out again. */
import type { MissingKind, ReleaseObject } from "../../lib/release/mod.ts";
import type { Composition } from "./api.ts";

/** A pass that failed, and why. */
export interface Failure {
  /** Reason of the condition `Ready`. */
  readonly reason: string;
  readonly message: string;
}

/** Memory of one composition, by uid. */
export interface Memory {
  /** The newest state of the object that was seen; a store can lag behind our own writes. */
  latest?: Composition;
  /** The release as its records told it, or as we left it. */
  release?: Release;
  /** Fingerprint of each live child that is known to agree with its target, by `objectId`. */
  readonly accepted: Map<string, string>;
  /** Kinds that the chart needs and the server does not serve. */
  missing: readonly MissingKind[];
  /** Why the object does not fit the definition's present version, and for which generation and version that holds. */
  unmovable?: { readonly to: string; readonly generation: number | undefined; readonly message: string };
  /** The last failure, and of what: while its time has not come, the same is not tried again. */
  failure?: Failure & { readonly attempt: string | undefined; readonly count: number; readonly until: number };
  /** Set once nothing of the release is left. */
  uninstalled: boolean;
  /** Objects that hold up an uninstall. */
  remaining: readonly string[];
}

/** A release. */
export interface Release {
  readonly name: string;
  readonly installed: boolean;
  /** Revision that is deployed. */
  readonly revision?: number;
  /** Digest of its manifest. */
  readonly digest?: string;
  /** What it was made from; see `inputsDigest`. */
  readonly inputs?: string;
  readonly chartVersion?: string;
  /** Its objects, marked, as they are applied. */
  readonly targets: readonly ReleaseObject[];
}

/** The memory of a composition never seen before. */
export function blank(): Memory {
  return { accepted: new Map(), missing: [], uninstalled: false, remaining: [] };
}
