/** Whether a Registration takes an Event, before it waits for the sink. */
import type { EnrichedEvent } from "./enriched_event.ts";
import { Lru } from "./lru.ts";
import type { DropReason } from "./metrics.ts";
import { lastSeenOf } from "./normalize.ts";
import type { Plan } from "./plan.ts";

/** Updates whose last delivery is remembered for `dedupInterval`. */
const DEDUP_CAPACITY = 10_000;

/** What an Event is judged by. */
export type AdmissionRules = Pick<Plan, "maxAge" | "dedupInterval" | "takes" | "history">;

/** Age, rules, repetition: in this order, so that what is left out for another reason is no update of what is told later. */
export class Admission {
  readonly #created: number;
  readonly #told = new Lru<number>(DEDUP_CAPACITY);

  /** @param created When the Registration was made, ms since the epoch. */
  constructor(created: number) {
    this.#created = created;
  }

  /**
   * Why the Event is left out; `undefined` where it is taken, and remembered as told.
   *
   * @param known Whether the source was read before: then a list brings only what was missed.
   */
  refusal(
    event: EnrichedEvent,
    { maxAge, dedupInterval, takes, history }: AdmissionRules,
    known: boolean,
  ): DropReason | undefined {
    // The server's clock has whole seconds, and wrote both.
    if (event.listed && !known && !history && lastSeenOf(event.event) < this.#created) return "BeforeRegistration";
    if (maxAge > 0 && Date.now() - lastSeenOf(event.event) > maxAge) return "Age";
    if (!takes(event)) return "NotMatched";
    if (dedupInterval !== 0 && this.#isRepetition(event, dedupInterval)) return "Deduplicated";
    return undefined;
  }

  /** Whether it is an update of an Event that was told a moment ago. */
  #isRepetition({ event: { metadata: { uid = "" } } }: EnrichedEvent, interval: number): boolean {
    const now = Date.now();
    const last = this.#told.get(uid);
    if (last !== undefined && (interval < 0 || now - last < interval)) return true;
    this.#told.set(uid, now);
    return false;
  }
}
