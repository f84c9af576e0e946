/** Destinations of Events that fail in every way, and keep account of what they acknowledged. */

/** How a receiver behaves while it is `broken`. */
export type Temper = "steady" | "flaky" | "batch";

/** One version of an Event. */
interface Received {
  /** `<object> <sequence>`. */
  readonly message: string;
  /**
   * `<uid>/<resourceVersion>`. An update whose answer was cut is written again, a second later perhaps and so with another time: two
   * versions with one message, both to be delivered.
   */
  readonly id: string;
}

/** A request that was stored. */
interface Stored {
  readonly number: number;
  /** ms since the epoch. */
  readonly at: number;
}

/**
 * A webhook that stores by message and answers 200 to what it stored.
 *
 * The router sends an object's next Event only after it has read the answer to the one before and noted it. So a version may come again
 * only where nothing of its object came after it, and the router was killed since.
 */
export class EventReceiver {
  /** Misbehaves by chance while it is set. */
  broken = false;
  /** Until when it is out of order, ms since the epoch. */
  downUntil = 0;
  /** Messages. */
  readonly stored = new Set<string>();
  /** By version: the request whose answer acknowledged it. */
  readonly #acknowledged = new Map<string, Stored>();
  #requests = 0;
  /** By object, in order. */
  readonly #requestsOf = new Map<string, Stored[]>();
  /** Last sequence by object. */
  readonly #last = new Map<string, number>();
  /** What came after a later one of its object, each with that one. */
  readonly reordered: string[] = [];
  /** Acknowledged versions that came again though the router had read the answer, or was not killed; each with how long after that. */
  duplicated: string[] = [];
  /** Acknowledged versions that came again after the router was killed: their answers had not been read. */
  repeated = 0;
  /** ms that such an answer was given before the kill, at most. */
  repeatedAfter = 0;
  readonly faults = new Map<string, number>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #hanging = new Set<() => void>();

  /** @param killedAfter ms from that time to the next kill of the router; `undefined` where there was none. */
  constructor(
    readonly name: string,
    readonly temper: Temper,
    private readonly random: () => number,
    private readonly killedAfter: (at: number) => number | undefined,
  ) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {}, onError: cut },
      (request) => {
        return this.#answer(request);
      },
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/handle`;
  }

  async close(): Promise<void> {
    for (const end of this.#hanging) end();
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const versions = versionsOf(await request.text());
    if (Date.now() < this.downUntil) return this.#fault("out of order", new Response("out of order", { status: 503 }));
    const fault = this.broken && this.temper !== "steady" ? this.#draw() : undefined;
    switch (fault) {
      case "500":
        return new Response("broken", { status: 500 });
      case "429":
        return new Response("slow down", { status: 429, headers: { "retry-after": "1" } });
      case "hang":
        await this.#hang();
        return new Response("too late", { status: 503 });
      case "stored, 502":
        // It was stored and the answer says otherwise: that is no acknowledgement, and it has to come again.
        this.#note(versions, false);
        return new Response("bad gateway", { status: 502 });
    }
    this.#note(versions, true);
    return new Response();
  }

  #draw(): string | undefined {
    if (this.random() > 0.05) return undefined;
    const fault = ["500", "429", "hang", "stored, 502"][Math.floor(this.random() * 4)] ?? "500";
    this.#fault(fault, undefined);
    return fault;
  }

  #fault<T>(fault: string, answer: T): T {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
    return answer;
  }

  #note(versions: readonly Received[], acknowledged: boolean): void {
    const request = { number: ++this.#requests, at: Date.now() };
    for (const { message, id } of versions) {
      if (!this.stored.has(message)) this.#inOrder(message);
      this.stored.add(message);
      const before = this.#acknowledged.get(id);
      if (before !== undefined) this.#again(message, `${message} (${id}, ${request.at - before.at} ms later`, before);
      if (acknowledged) this.#acknowledged.set(id, request);
    }
    for (const object of new Set(versions.map(({ message }) => objectOf(message)))) {
      const requests = this.#requestsOf.get(object);
      if (requests === undefined) this.#requestsOf.set(object, [request]);
      else requests.push(request);
    }
  }

  #inOrder(message: string): void {
    const object = objectOf(message);
    const sequence = message.slice(object.length + 1);
    const last = this.#last.get(object) ?? -1;
    if (Number(sequence) < last) this.reordered.push(`${message} (${this.name}, after ${last})`);
    this.#last.set(object, Math.max(last, Number(sequence)));
  }

  #again(message: string, what: string, before: Stored): void {
    const killed = this.killedAfter(before.at);
    const inThatLife = this.#requestsOf.get(objectOf(message))?.findLast(({ at }) => at <= before.at + (killed ?? 0));
    const followed = inThatLife !== undefined && inThatLife.number > before.number;
    if (killed === undefined || followed) {
      const why = killed === undefined ? "nobody was killed" : `killed after ${killed} ms, its object's next had come`;
      this.duplicated.push(`${what}, ${why})`);
      return;
    }
    this.repeated++;
    this.repeatedAfter = Math.max(this.repeatedAfter, killed);
  }

  #hang(): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#hanging.delete(end);
        resolve();
      };
      const timer = setTimeout(end, 8_000);
      this.#hanging.add(end);
    });
  }
}

/** A request that was cut, e.g. because its sender was killed. */
const cut = () => new Response("cut", { status: 400 });

/** Of `<object> <sequence>`. */
function objectOf(message: string): string {
  return message.slice(0, message.indexOf(" "));
}

function versionsOf(body: string): Received[] {
  return body.trimEnd().split("\n").map((line) => {
    // The seam where bytes become types: the router's layout of an Event.
    const { message, metadata } = JSON.parse(line) as {
      message: string;
      metadata: { uid: string; resourceVersion: string };
    };
    return { message, id: `${metadata.uid}/${metadata.resourceVersion}` };
  });
}
