/** The history on NATS JetStream: it survives every replica, and brings each event to all of them. */
import {
  type ConsumerMessages,
  type JetStreamClient,
  type JetStreamManager,
  loadNats,
  type NatsConnection,
} from "../../lib/deps/nats.ts";
import { filter, firstValueFrom, type Observable, timeout } from "../../lib/deps/rxjs.ts";
import { makeEntry, type StreamEntry } from "./entry.ts";
import type { History, Kept, Page, PageQuery } from "./history.ts";
import { type HistoryBounds, MemoryHistory } from "./memory_history.ts";
import type { Message } from "./message.ts";
import { Problem } from "./problem.ts";

/** Options of {@linkcode JetStreamHistory.open}. */
export interface JetStreamOptions {
  /** `nats://127.0.0.1:4222`, several with commas; user and password, or a token, before an `@`. */
  readonly servers: string;
  /** Name of the stream; made where it is missing. Default `eventsse`. */
  readonly stream?: string;
  /** Copies that the NATS cluster keeps. Default 1. */
  readonly replicas?: number;
  /** What a replica has in memory, and what the stream keeps where it is made here. */
  readonly memory?: HistoryBounds;
}

/** ms that a publication may take until this replica has read it back. */
const PATIENCE = 5_000;
/** ms within which a repetition is recognized. */
const DUPLICATE_WINDOW = 2 * 60 * 1000;

/**
 * Publishes to a stream and reads it back in order: numbers are the stream's and so is the epoch, so that all replicas give the
 * same ids and any of them resumes any client.
 */
export class JetStreamHistory implements History {
  readonly #nats: NatsConnection;
  readonly #jetstream: JetStreamClient;
  readonly #memory: MemoryHistory;
  readonly #subject: string;
  readonly #messages: ConsumerMessages;
  readonly #reading: Promise<void>;
  #connected = true;
  #closing = false;
  #failure: string | undefined;

  private constructor(
    nats: NatsConnection,
    jetstream: JetStreamClient,
    messages: ConsumerMessages,
    place: {
      readonly subject: string;
      readonly epoch: string;
      readonly evicted: number;
      readonly memory: HistoryBounds;
    },
  ) {
    this.#nats = nats;
    this.#jetstream = jetstream;
    this.#messages = messages;
    this.#subject = place.subject;
    this.#memory = new MemoryHistory({ ...place.memory, epoch: place.epoch, evicted: place.evicted });
    this.#reading = this.#read();
    this.#watchConnection();
  }

  /** Connects, and resolves when everything that the stream has is read. */
  static async open(options: JetStreamOptions): Promise<JetStreamHistory> {
    const { connect, jetstream, jetstreamManager, DeliverPolicy } = await loadNats();
    const nats = await connect({ servers: options.servers.split(","), maxReconnectAttempts: -1, name: "eventsse" });
    try {
      const manager = await jetstreamManager(nats);
      const name = options.stream ?? "eventsse";
      const { state, created } = await ensureStream(manager, name, options);
      const client = jetstream(nats);
      const consumer = await client.consumers.get(name, { deliver_policy: DeliverPolicy.All });
      const messages = await consumer.consume({ max_messages: 1_000 });
      const history = new JetStreamHistory(nats, client, messages, {
        subject: subjectOf(name),
        epoch: Date.parse(created).toString(36),
        evicted: Math.max(0, state.messages === 0 ? state.last_seq : state.first_seq - 1),
        memory: options.memory ?? {},
      });
      await history.#arrived(state.last_seq);
      return history;
    } catch (error) {
      await nats.close();
      throw error;
    }
  }

  get entries$(): Observable<StreamEntry> {
    return this.#memory.entries$;
  }

  get epoch(): string {
    return this.#memory.epoch;
  }

  get head(): number {
    return this.#memory.head;
  }

  get evicted(): number {
    return this.#memory.evicted;
  }

  get size(): MemoryHistory["size"] {
    return this.#memory.size;
  }

  after(seq: number): Iterable<StreamEntry> {
    return this.#memory.after(seq);
  }

  async append(messages: readonly Message[]): Promise<readonly Kept[]> {
    // A repetition that is older than the stream's window is still known here.
    const kept = await Promise.all(messages.map((message): Promise<Kept> => {
      const seq = this.#memory.seqOf(message.dedupe);
      return seq === undefined ? this.#publish(message) : Promise.resolve({ seq, repeated: true });
    }));
    // So that who published sees it in the next list; where the way back takes long it is safe all the same.
    await this.#arrived(Math.max(0, ...kept.map(({ seq }) => seq))).catch(() => undefined);
    return kept;
  }

  page(query: PageQuery): Page {
    return this.#memory.page(query);
  }

  problem(): string | undefined {
    if (this.#failure !== undefined) return this.#failure;
    return this.#connected ? undefined : "no connection to NATS";
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#messages.close();
    await this.#reading;
    await this.#nats.close();
    await this.#memory.close();
  }

  async #publish(message: Message): Promise<Kept> {
    const options = message.dedupe === undefined ? {} : { msgID: message.dedupe };
    try {
      const { seq, duplicate } = await this.#jetstream.publish(this.#subject, JSON.stringify(message), options);
      return { seq, repeated: duplicate };
    } catch (error) {
      const text = `Cannot keep the event on NATS: ${error instanceof Error ? error.message : error}: try again`;
      throw new Problem(503, text, { headers: { "Retry-After": "2" } });
    }
  }

  async #read(): Promise<void> {
    try {
      for await (const message of this.#messages) {
        if (message.seq <= this.head) continue; // the consumer began anew after a connection broke
        const content = message.json<Message>();
        this.#memory.push(makeEntry(content, this.epoch, message.seq, message.time.getTime()));
      }
      if (!this.#closing) this.#failure = "the JetStream consumer ended";
    } catch (error) {
      this.#failure = `cannot read the stream: ${error instanceof Error ? error.message : error}`;
    }
  }

  async #watchConnection(): Promise<void> {
    for await (const { type } of this.#nats.status()) {
      if (type === "disconnect") this.#connected = false;
      if (type === "reconnect") this.#connected = true;
    }
  }

  /** Resolves when the entry with a number, or a later one, was read. */
  async #arrived(seq: number): Promise<void> {
    if (this.head >= seq) return;
    await firstValueFrom(this.entries$.pipe(
      filter(() => this.head >= seq),
      timeout(PATIENCE),
    ));
  }
}

const subjectOf = (stream: string) => `${stream}.events`;

async function ensureStream(manager: JetStreamManager, name: string, { memory = {}, replicas = 1 }: JetStreamOptions) {
  const nanos = (ms: number) => ms * 1e6;
  const found = await manager.streams.info(name).catch(() => undefined);
  if (found !== undefined) return found;
  // Made by several replicas at once it is the same for all, as long as they agree on its settings.
  return await manager.streams.add({
    name,
    subjects: [subjectOf(name)],
    num_replicas: replicas,
    max_age: nanos(memory.maxAge ?? 2 * 60 * 60 * 1000),
    max_bytes: memory.maxBytes ?? 64 * 1024 * 1024,
    duplicate_window: nanos(Math.min(DUPLICATE_WINDOW, memory.maxAge ?? Infinity)),
  });
}
