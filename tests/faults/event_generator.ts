/** Makes Events at a rate, each object's in order, through an API server that is away now and then. */
import { type ApiResource, isKubeError, type KubeClient } from "../../lib/kube/mod.ts";
import type { EventReceiver } from "./event_receivers.ts";

const EVENTS: ApiResource = { group: "", version: "v1", kind: "Event", plural: "events", namespaced: true };
const NAMESPACE = "default";
/** Objects that Events are about. */
const OBJECTS = 60;
/** Share of the changes that update the object's last Event instead of making one. */
const UPDATES = 0.2;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Events of one object, one after the other. */
interface Chain {
  sequence: number;
  /** Name and messages of its last Event. */
  last: { readonly name: string; count: number } | undefined;
  work: Promise<void>;
}

/** Each message is `<object> <sequence>`. */
export class EventGenerator {
  /** Messages by name of their Event, in order: only the last one can be read later. */
  readonly #messages = new Map<string, string[]>();
  readonly #chains: Chain[] = Array.from({ length: OBJECTS }, () => ({
    sequence: 0,
    last: undefined,
    work: Promise.resolve(),
  }));
  versions = 0;

  constructor(
    private readonly client: KubeClient,
    private readonly rate: number,
    private readonly random: () => number,
  ) {}

  /** Runs for so many ms, and until all is written. */
  async run(ms: number): Promise<void> {
    const began = performance.now();
    for (let made = 0; performance.now() - began < ms;) {
      const due = Math.min((performance.now() - began) / 1_000, ms / 1_000) * this.rate;
      for (; made < due; made++) this.#one();
      await sleep(10);
    }
    await Promise.all(this.#chains.map(({ work }) => work));
  }

  /** The last message of every Event. */
  latest(): string[] {
    return [...this.#messages.values()].flatMap((messages) => messages.at(-1) ?? []);
  }

  /** Messages that some receiver never saw because a later one had taken their place. */
  supersededBy(receivers: readonly EventReceiver[]): number {
    const earlier = [...this.#messages.values()].flatMap((messages) => messages.slice(0, -1));
    return earlier.filter((message) => receivers.some(({ stored }) => !stored.has(message))).length;
  }

  #one(): void {
    const index = Math.floor(this.random() * OBJECTS);
    const update = this.random() < UPDATES;
    const chain = this.#chains[index];
    if (chain === undefined) return;
    chain.work = chain.work.then(() => this.#write(`object-${index}`, chain, update));
  }

  async #write(object: string, chain: Chain, update: boolean): Promise<void> {
    const sequence = chain.sequence++;
    const message = `${object} ${sequence}`;
    if (update && chain.last !== undefined) {
      const { last } = chain;
      last.count++;
      await persist(() =>
        this.client.patch(EVENTS, last.name, NAMESPACE, "merge", { message, count: last.count, lastTimestamp: now() })
      );
      this.#messages.get(last.name)?.push(message);
    } else {
      const name = `${object}.${sequence}`;
      await persist(() => this.client.create(EVENTS, eventOf(object, name, message)));
      chain.last = { name, count: 1 };
      this.#messages.set(name, [message]);
    }
    this.versions++;
  }
}

/** Until it is written: a create that was written without an answer exists. */
async function persist(write: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await write();
      return;
    } catch (error) {
      if (isKubeError(error, "AlreadyExists")) return;
      await sleep(50);
    }
  }
}

function eventOf(object: string, name: string, message: string) {
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace: NAMESPACE },
    involvedObject: { apiVersion: "v1", kind: "ConfigMap", namespace: NAMESPACE, name: object, uid: object },
    reason: "Tested",
    type: "Normal",
    message,
    count: 1,
    source: { component: "faults" },
    firstTimestamp: now(),
    lastTimestamp: now(),
  };
}

function now(): string {
  return new Date().toISOString().replace(/\.\d+/, "");
}
