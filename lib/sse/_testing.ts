/** A hub of numbers to test with. Tests only. */
import { encodeFrame } from "./frame.ts";
import { formatEventId } from "./event_id.ts";
import type { HubEntry } from "./group.ts";
import { Hub, type HubOptions } from "./hub.ts";
import { Ring, type RingEntry } from "./ring.ts";

/** An entry whose data is its number. */
export type Numbered = HubEntry & RingEntry;

/** A hub over a ring, and a way to publish to both. */
export interface NumberHub {
  readonly hub: Hub<Numbered>;
  readonly ring: Ring<Numbered>;
  /** Filters whose view was asked for since the start. */
  readonly views: string[];
  /** Publishes the next number on a channel. */
  publish(channel?: string): void;
}

/** Epoch `e`, dimension `channel`; every time is fixed unless it is given. */
export function numberHub(options: Partial<HubOptions<Numbered>> & { readonly maxBytes?: number } = {}): NumberHub {
  const ring = new Ring<Numbered>({ epoch: "e", maxBytes: options.maxBytes ?? 1_000_000 });
  const views: string[] = [];
  const hub = new Hub<Numbered>({
    journal: ring,
    dimensions: ["channel"],
    retry: 1_000,
    random: () => 0,
    view: (entry, filter) => {
      views.push(JSON.stringify(filter));
      return encodeFrame({ id: formatEventId({ epoch: "e", seq: entry.seq }), data: String(entry.seq) });
    },
    ...options,
  });
  const publish = (channel = "a") => {
    const entry = { seq: ring.head + 1, labels: { channel: [channel] }, kept: Date.now(), size: 1 };
    ring.push(entry);
    hub.publish(entry);
  };
  return { hub, ring, views, publish };
}
