/** Errors by which a provider says whether trying again is of any use. */

/** Whether trying again may help by itself. */
export type ProviderErrorReason =
  /** It may: the external system is busy, limits its callers, or is away. */
  | "Retryable"
  /** It does not, until somebody changes the object, its Secret or the external system. */
  | "Terminal";

/** What a {@linkcode ProviderError} may carry. */
export interface ProviderErrorOptions {
  /** ms to wait at least before the next try. */
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/**
 * An external system refused.
 *
 * `Retryable` comes again after the usual back-off, and not before `retryAfter`. `Terminal` comes again at the next poll only, or
 * when the object or one of its Secrets changes. Any other error is treated as retryable.
 */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly reason: ProviderErrorReason;
  /** ms to wait at least before the next try. */
  readonly retryAfter: number | undefined;

  constructor(reason: ProviderErrorReason, message: string, options: ProviderErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.retryAfter = options.retryAfter;
  }
}

/** The ms that an error asks to wait at least: its `retryAfter`, as `KubeError` and `ProviderError` have it. */
export function retryAfterOf(error: unknown): number | undefined {
  return error instanceof Error && "retryAfter" in error && typeof error.retryAfter === "number"
    ? error.retryAfter
    : undefined;
}
