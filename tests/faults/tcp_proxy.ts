/** TCP that breaks, by chance: between a client and an API server, below TLS. */

/** What can happen to a connection. */
const FAULTS = ["reset", "stall", "halfOpen", "drip", "refuse"] as const;
type Fault = typeof FAULTS[number];

/** A proxy on loopback. */
export class ChaosProxy {
  /** While it is set, connections meet faults. */
  broken = false;
  /** How often each fault happened. */
  readonly counts = new Map<string, number>();
  readonly #listener: Deno.TcpListener;
  readonly #pairs = new Set<Pair>();
  readonly #done: Promise<void>;

  constructor(private readonly target: { hostname: string; port: number }, private readonly random: () => number) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#done = this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#pairs.size;
  }

  /** Cuts every connection, as a server that restarts does. */
  cutAll(): void {
    for (const pair of this.#pairs) pair.close();
  }

  /** Lets no byte through any more on the connections that are open; new ones work. */
  freezeAll(): void {
    for (const pair of this.#pairs) pair.freeze();
  }

  async close(): Promise<void> {
    this.#listener.close();
    this.cutAll();
    await this.#done;
  }

  async #accept(): Promise<void> {
    const relays: Promise<void>[] = [];
    for await (const client of this.#listener) {
      const fault = this.#fault();
      if (fault) this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
      if (fault === "refuse") client.close();
      else relays.push(this.#relay(client, fault));
    }
    await Promise.allSettled(relays);
  }

  /** Not every connection breaks, or nothing would ever be learned. */
  #fault(): Fault | undefined {
    if (!this.broken || this.random() < 0.4) return undefined;
    return FAULTS[Math.floor(this.random() * FAULTS.length)];
  }

  async #relay(client: Deno.TcpConn, fault: Fault | undefined): Promise<void> {
    const server = await Deno.connect(this.target).catch(() => undefined);
    if (!server) return client.close();
    const pair = new Pair(client, server, fault, 1_000 + Math.floor(this.random() * 20_000));
    this.#pairs.add(pair);
    await pair.run();
    this.#pairs.delete(pair);
  }
}

/** One relayed connection. */
class Pair {
  #left: number;
  #closed = false;
  #frozen = false;

  constructor(
    private readonly client: Deno.TcpConn,
    private readonly server: Deno.TcpConn,
    private readonly fault: Fault | undefined,
    after: number,
  ) {
    this.#left = after;
  }

  async run(): Promise<void> {
    await Promise.allSettled([this.#pump(this.client, this.server, false), this.#pump(this.server, this.client, true)]);
    this.close();
  }

  freeze(): void {
    this.#frozen = true;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const end of [this.client, this.server]) {
      try {
        end.close();
      } catch (error) {
        if (!(error instanceof Deno.errors.BadResource)) throw error;
      }
    }
  }

  async #pump(from: Deno.TcpConn, to: Deno.TcpConn, answers: boolean): Promise<void> {
    const buffer = new Uint8Array(16 * 1024);
    try {
      for (let n = await from.read(buffer); n !== null; n = await from.read(buffer)) {
        if (this.#frozen || (answers && !await this.#passes(n))) continue;
        const step = answers && this.fault === "drip" ? 256 : n;
        for (let at = 0; at < n; at += step) {
          await writeAll(to, buffer.subarray(at, Math.min(at + step, n)));
          if (step < n) await new Promise((resolve) => setTimeout(resolve, 1));
        }
      }
    } finally {
      // One side that ended ends the other: half-closed connections are not what HTTP knows.
      this.close();
    }
  }

  /** Whether these bytes of an answer reach the client. */
  async #passes(bytes: number): Promise<boolean> {
    this.#left -= bytes;
    if (this.#left > 0) return true;
    switch (this.fault) {
      case "reset":
        this.close();
        return false;
      case "halfOpen":
        return false;
      case "stall":
        await new Promise((resolve) => setTimeout(resolve, 50));
        this.#left = 20_000;
    }
    return true;
  }
}

async function writeAll(to: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}
