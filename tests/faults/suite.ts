/** What every fault suite is given, and gives. */

/** What a run of a suite is asked for: one seed makes one run. */
export interface FaultOptions {
  readonly seed: number;
  /** Steps of the client suite; other suites may count something else by it. */
  readonly steps?: number;
  /** s that a run may take, for suites that are bounded by time. */
  readonly seconds?: number;
  /** Seeded runs, for suites that repeat a scene. */
  readonly runs?: number;
  /** The API server behind the faults. */
  readonly target: "embedded" | "real";
}

/** A file `tests/faults/<suite>.ts`: prints its figures last, and resolves to the exit code. */
export interface FaultSuite {
  run(options: FaultOptions): Promise<number>;
}
