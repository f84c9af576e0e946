/** Event ids: `<epoch>-<seq>`. */

/** A place in a journal. */
export interface EventId {
  /** Names one life of the journal: another epoch means that its numbers do not compare. */
  readonly epoch: string;
  /** Counts up from 1 within an epoch, perhaps with gaps. */
  readonly seq: number;
}

/** `k3x9f2-17` */
export function formatEventId({ epoch, seq }: EventId): string {
  return `${epoch}-${seq}`;
}

/** `undefined` where the text is no id of this kind. */
export function parseEventId(text: string): EventId | undefined {
  const match = /^([0-9a-z]{1,32})-(0|[1-9][0-9]{0,15})$/.exec(text);
  if (match === null) return undefined;
  const [, epoch = "", digits = ""] = match;
  const seq = Number(digits);
  return Number.isSafeInteger(seq) ? { epoch, seq } : undefined;
}

/** An epoch that no other journal has: its time, then chance. */
export function newEpoch(now: number = Date.now(), random: () => number = Math.random): string {
  const chance = Math.floor(random() * 36 ** 4).toString(36).padStart(4, "0");
  return now.toString(36) + chance;
}
