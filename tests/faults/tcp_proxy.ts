/** TCP that breaks, by chance: between a client and an API server, below TLS. */
import { connect, createServer, type Server, type Socket } from "node:net";

/** What can happen to a connection. */
export const TCP_FAULTS = ["reset", "stall", "halfOpen", "drip", "duplicateBytes", "close"] as const;
type Fault = typeof TCP_FAULTS[number];

/** Where the way leads to. */
interface Target {
  readonly hostname: string;
  readonly port: number;
}

/** A proxy on loopback. */
export class ChaosProxy implements AsyncDisposable {
  /** While it is set, connections meet faults. */
  broken = false;
  /** While it is set, no byte of an answer passes on new connections. */
  freezeNew = false;
  /** How often each fault happened. */
  readonly counts = new Map<string, number>();
  readonly #target: Target;
  readonly #random: () => number;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();

  private constructor(target: Target, random: () => number, server: Server) {
    this.#target = target;
    this.#random = random;
    this.#server = server;
    server.on("connection", (client) => this.#relay(client));
  }

  /** Starts to listen on a free port. */
  static async start(target: Target, random: () => number): Promise<ChaosProxy> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    return new ChaosProxy(target, random, server);
  }

  get port(): number {
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new TypeError("the proxy does not listen");
    return address.port;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#pairs.size;
  }

  /** What each open connection has met and carried, in words. */
  describeOpen(): string[] {
    return [...this.#pairs].map((pair) => pair.description);
  }

  /** Cuts every connection, as a server that restarts does. */
  cutAll(): void {
    for (const pair of this.#pairs) pair.close();
  }

  /** Cuts those that froze in their TLS handshake; returns how many there were. */
  cutUnfinished(): number {
    const unfinished = [...this.#pairs].filter((pair) => pair.isFrozen && pair.isUnfinished);
    for (const pair of unfinished) pair.close();
    return unfinished.length;
  }

  /** Lets no byte through any more on the connections that are open; new ones work. */
  freezeAll(): void {
    for (const pair of this.#pairs) pair.freeze();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.cutAll();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Not every connection breaks, or nothing would ever be learned. */
  #fault(): Fault | "refuse" | undefined {
    if (!this.broken || this.#random() < 0.4) return undefined;
    if (this.#random() < 0.15) return "refuse";
    return TCP_FAULTS[Math.floor(this.#random() * TCP_FAULTS.length)];
  }

  #relay(client: Socket): void {
    const fault = this.#fault();
    if (fault === "refuse") {
      this.#met(fault);
      client.on("error", ignoreBroken);
      client.resetAndDestroy();
      return;
    }
    const server = connect({ host: this.#target.hostname, port: this.#target.port });
    const after = 1_000 + Math.floor(this.#random() * 20_000);
    const pair = new Pair(client, server, fault, after, (met) => this.#met(met), () => this.#pairs.delete(pair));
    if (this.freezeNew) pair.freeze();
    this.#pairs.add(pair);
  }

  #met(fault: string): void {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
  }
}

/** Bytes that end a client's part of a TLS handshake, at least; what may come before them has 6. */
const FINISHED = 50;

/** One relayed connection. */
class Pair {
  #left: number;
  #answered = false;
  /** Bytes that the client sent after it had seen any of an answer. */
  #replied = 0;
  #frozen = false;
  #gone = false;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #fault: Fault | undefined;
  readonly #met: (fault: Fault) => void;
  readonly #onGone: () => void;

  /** @param after Bytes of answers that pass before the fault happens. */
  constructor(
    client: Socket,
    server: Socket,
    fault: Fault | undefined,
    after: number,
    met: (fault: Fault) => void,
    onGone: () => void,
  ) {
    this.#client = client;
    this.#server = server;
    this.#fault = fault;
    this.#left = after;
    this.#met = met;
    this.#onGone = onGone;
    this.#pump(client, server, false);
    this.#pump(server, client, true);
  }

  get description(): string {
    const { bytesRead, bytesWritten } = this.#client;
    const state = `${this.#frozen ? ", frozen" : ""}${this.isUnfinished ? ", in its handshake" : ""}`;
    return `${this.#fault ?? "no fault"}${state}, ${bytesRead} bytes asked, ${bytesWritten} answered`;
  }

  get isFrozen(): boolean {
    return this.#frozen;
  }

  get isUnfinished(): boolean {
    return this.#replied < FINISHED;
  }

  freeze(): void {
    this.#frozen = true;
  }

  /** Ends it in order, by FIN. */
  close(): void {
    this.#end((socket) => socket.destroy());
  }

  #end(end: (socket: Socket) => void): void {
    if (this.#gone) return;
    this.#gone = true;
    for (const socket of [this.#client, this.#server]) end(socket);
    this.#onGone();
  }

  async #pump(from: Socket, to: Socket, answers: boolean): Promise<void> {
    from.on("error", ignoreBroken);
    try {
      for await (const chunk of from) {
        const bytes: Uint8Array = chunk;
        if (!answers && this.#answered) this.#replied += bytes.length;
        if (this.#frozen) continue;
        const parts = answers ? await this.#passing(bytes) : [bytes];
        if (parts.length > 0 && answers) this.#answered = true;
        for (const part of parts) await write(to, part);
      }
    } catch (error) {
      ignoreBroken(error);
    } finally {
      // One side that ended ends the other: half-closed connections are not what HTTP knows.
      this.close();
    }
  }

  /** What of an answer reaches the client, in pieces. */
  async #passing(bytes: Uint8Array): Promise<Uint8Array[]> {
    this.#left -= bytes.length;
    if (this.#left > 0 || this.#fault === undefined) return [bytes];
    switch (this.#fault) {
      case "close":
        this.#met("close");
        this.close();
        return [];
      case "reset":
        this.#met("reset");
        this.#end((socket) => socket.resetAndDestroy());
        return [];
      case "halfOpen":
        this.#met("halfOpen");
        this.#frozen = true;
        return [];
      case "duplicateBytes":
        this.#met("duplicateBytes");
        this.#left = 20_000;
        return [bytes, bytes.subarray(bytes.length >> 1)];
      case "stall":
        this.#met("stall");
        this.#left = 20_000;
        await pause(50);
        return [bytes];
      case "drip":
        this.#met("drip");
        this.#left = 20_000;
        return await this.#drip(bytes);
    }
  }

  /** A few bytes at a time; the last ones are left to the caller. */
  async #drip(bytes: Uint8Array): Promise<Uint8Array[]> {
    const step = 64;
    for (let at = 0; at < bytes.length; at += step) {
      await write(this.#client, bytes.subarray(at, at + step));
      await pause(1);
    }
    return [];
  }
}

/** Resolves when the socket has taken the bytes over; at once when it is gone. */
function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  // The buffer may be used again by whoever read it.
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve();
    socket.write(bytes.slice(), () => resolve());
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** That connections break is what this file is for. */
function ignoreBroken(error: unknown): void {
  if (!(error instanceof Error)) throw error;
}
