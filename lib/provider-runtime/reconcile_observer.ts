/** Where a queue reports what it does, e.g. to metrics. Times in ms. */
export interface ReconcileObserver {
  /** A key was added that was not queued before. */
  added?(): void;
  /** A key went to work after it had waited. */
  taken?(waited: number): void;
  /** A key was put back after a failure. */
  retried?(): void;
  /** Called after each change of how many keys are queued and at work. */
  level?(queued: number, active: number): void;
  /** Called once, with how many keys may be at work at once. */
  concurrency?(limit: number): void;
  /** A run began; the result is called when it really ended, its deadline notwithstanding. */
  began?(): () => void;
}
