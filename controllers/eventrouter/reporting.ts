/** When the status of a Registration is written: soon after its standing changed, seldom because of counters, at rest never. */
import type { Report } from "../../lib/provider-runtime/mod.ts";
import type { Outcome } from "../../lib/provider-runtime/mod.ts";
import type { Registration } from "./api.ts";
import type { Pipelines } from "./pipelines.ts";
import { statusOf } from "./status.ts";

/** ms between two writes, by what changed. */
const AFTER = { standing: 2_000, counters: 30_000 };

interface Due {
  standing: boolean;
  changed: boolean;
  writtenAt: number;
}

/** Writes statuses of Registrations that have something new to tell. */
export class Reporting {
  readonly #report: Report<Registration>;
  readonly #due = new Map<string, Due>();

  constructor(report: Report<Registration>) {
    this.#report = report;
  }

  /** A Registration has something new to tell; `standing`: soon. */
  mark(uid: string, standing: boolean): void {
    const due = this.#due.get(uid);
    if (due === undefined) this.#due.set(uid, { standing, changed: true, writtenAt: 0 });
    else {
      due.standing ||= standing;
      due.changed = true;
    }
  }

  /** Writes what is due at `now`, ms since the epoch. */
  async write(pipelines: Pipelines, now: number): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const [uid, due] of this.#due) {
      const wait = due.standing ? AFTER.standing : AFTER.counters;
      if (!due.changed || now - due.writtenAt < wait) continue;
      const known = pipelines.report(uid);
      if (known === undefined) {
        this.#due.delete(uid);
        continue;
      }
      Object.assign(due, { standing: false, changed: false, writtenAt: now });
      outcomes.push(await this.#one(uid, known.registration, statusOf(known.registration, known.facts), now));
    }
    return outcomes;
  }

  async #one(
    uid: string,
    registration: Registration,
    status: Registration["status"] & object,
    now: number,
  ): Promise<Outcome> {
    const key = registration.metadata.name;
    try {
      await this.#report(registration, status);
      return { type: "ok", key, duration: Date.now() - now };
    } catch (error) {
      this.mark(uid, true);
      return { type: "failed", key, duration: Date.now() - now, error, failures: 1, retryAfter: AFTER.standing };
    }
  }
}
