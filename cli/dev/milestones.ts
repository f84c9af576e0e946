/** What `dev` tells on the way: each step with the time it took. */

/** Writes milestones. */
export class Milestones {
  readonly #started = performance.now();
  #last = this.#started;

  constructor(private readonly write: (line: string) => void) {}

  /** Seconds since the start. */
  get elapsed(): number {
    return (performance.now() - this.#started) / 1000;
  }

  /** One step is done; its time is the time since the step before. */
  reached(what: string, details: string): void {
    const now = performance.now();
    const seconds = ((now - this.#last) / 1000).toFixed(3);
    this.#last = now;
    this.write(`${seconds.padStart(8)} s  ${what.padEnd(22)} ${details}`.trimEnd());
  }

  /** Something worth knowing that took no time. */
  note(text: string): void {
    this.write(`${"".padStart(10)}  ${text}`);
  }
}

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ").trimEnd());
}
