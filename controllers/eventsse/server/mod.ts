/**
 * The listener: a stream is served on its bare connection, everything else by `Deno.serve`.
 *
 *     accept ─► first bytes ─┬─ GET /notifications, plain, allowed ─────────────────────► connection ─► hub
 *                            └─ anything else ─► copied to Deno.serve on a port of its own ─► app
 *                                                   └─ until such a request, between two exchanges ─► hub
 *
 * `Deno.serve` costs some 65 KiB for each open stream and a bare connection 11 KiB. A stream that is asked for otherwise (by HTTP/2, or before
 * the answer to another request) works as well, through the app.
 */
import type { Hono } from "../../../lib/deps/hono.ts";
import { type Sink, tcpSink } from "../../../lib/sse/mod.ts";
import type { Remote } from "../app.ts";
import type { Admission } from "../stream.ts";
import { isBrokenConnection, tryClose } from "./connection.ts";
import { forward, type Next } from "./forward.ts";
import { type Head, MAX_HEAD, readHead, responseHead } from "./request_head.ts";

/** What is served, and where. */
export interface ServeOptions {
  readonly port: number;
  readonly hostname: string;
  readonly app: Hono<{ Bindings: Remote }>;
  /** Path of the streams. */
  readonly streamPath: string;
  /** Decides about a stream; what it refuses is refused by the app once more, which also says why. */
  readonly admit: (request: Request, address: string) => Promise<Admission>;
  readonly onError: (error: unknown) => void;
}

/** A listener that runs. */
export interface Server {
  readonly url: string;
  readonly port: number;
  /** Stops to accept, and resolves when requests under way are answered, or after some seconds. */
  close(): Promise<void>;
}

/** ms that a client has for its first request, and connections for their end. */
const PATIENCE = 10_000;
const GRACE = 3_000;

/** Starts to listen. */
export function serve(options: ServeOptions): Server {
  const listener = new Listener(options);
  const { hostname } = options;
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return { url: `http://${host}:${listener.port}`, port: listener.port, close: () => listener.close() };
}

class Listener {
  readonly #options: ServeOptions;
  readonly #outer: Deno.TcpListener;
  readonly #inner: Deno.HttpServer<Deno.NetAddr>;
  /** Whose connection comes from a port of this machine. */
  readonly #addresses = new Map<number, string>();
  readonly #open = new Set<Promise<void>>();
  readonly #conns = new Set<Deno.TcpConn>();
  /** Those that have not asked for anything yet. */
  readonly #silent = new Set<Deno.TcpConn>();
  readonly #accepting: Promise<void>;
  #closing = false;

  constructor(options: ServeOptions) {
    this.#options = options;
    this.#outer = Deno.listen({ port: options.port, hostname: options.hostname });
    this.#inner = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => undefined },
      (request, { remoteAddr: { port, hostname } }) =>
        options.app.fetch(request, { address: this.#addresses.get(port) ?? hostname }),
    );
    this.#accepting = this.#accept();
  }

  get port(): number {
    return this.#outer.addr.port;
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#outer.close();
    for (const conn of this.#silent) tryClose(conn);
    await this.#accepting;
    let patience: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => patience = setTimeout(resolve, GRACE));
    await Promise.race([late, Promise.all([this.#inner.shutdown(), ...this.#open])]);
    clearTimeout(patience);
    for (const conn of this.#conns) tryClose(conn);
    await Promise.all([this.#inner.finished, ...this.#open]);
  }

  async #accept(): Promise<void> {
    while (!this.#closing) {
      try {
        const conn = await this.#outer.accept();
        const done = this.#serve(conn).finally(() => this.#open.delete(done));
        this.#open.add(done);
      } catch (error) {
        if (this.#closing) return;
        // Out of file descriptors, or a client that left at once: the next one may do better.
        this.#options.onError(error);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  async #serve(conn: Deno.TcpConn): Promise<void> {
    this.#conns.add(conn);
    try {
      // Step by step, so that an open stream does not keep its request in memory.
      let next: Next | undefined = await this.#decide(conn);
      while (next !== undefined) next = await next();
    } catch (error) {
      tryClose(conn);
      if (!isBrokenConnection(error)) this.#options.onError(error);
    } finally {
      this.#conns.delete(conn);
    }
  }

  /** How a connection goes on after its first request. */
  async #decide(conn: Deno.TcpConn): Promise<Next | undefined> {
    const { first, head } = await this.#first(conn);
    const address = conn.remoteAddr.hostname;
    if (first.length === 0) return void tryClose(conn);
    return await this.#streamOf(conn, head, address) ?? (() => this.#forward(conn, first, address));
  }

  /** How to serve a stream on its bare connection; `undefined` where that is not what is asked for, or not allowed. */
  async #streamOf(conn: Deno.TcpConn, head: Head, address: string): Promise<Next | undefined> {
    const admission = head.type === "request" ? await this.#admit(head.request, address) : undefined;
    return admission && (() => stream(conn, admission));
  }

  /** The first request, or what there is of it when it turns out not to be for a stream. */
  async #first(conn: Deno.TcpConn): Promise<{ readonly first: Uint8Array; readonly head: Head }> {
    const patience = setTimeout(() => tryClose(conn), PATIENCE);
    this.#silent.add(conn);
    try {
      let buffer = new Uint8Array(1_024); // enough for nearly all
      let length = 0;
      for (;;) {
        const read = await conn.read(buffer.subarray(length));
        length += read ?? 0;
        const first = buffer.subarray(0, length);
        const head = readHead(first, this.#options.streamPath);
        if (read === null || head.type !== "incomplete") return { first, head };
        if (length < buffer.length) continue;
        buffer = new Uint8Array(MAX_HEAD);
        buffer.set(first);
      }
    } finally {
      this.#silent.delete(conn);
      clearTimeout(patience);
    }
  }

  async #admit(request: Request, address: string): Promise<Admission | undefined> {
    try {
      return await this.#options.admit(request, address);
    } catch {
      return undefined; // the app refuses it again, with an answer
    }
  }

  async #forward(conn: Deno.TcpConn, first: Uint8Array, address: string): Promise<Next | undefined> {
    const inner = await Deno.connect({ port: this.#inner.addr.port, hostname: "127.0.0.1" });
    const { port } = inner.localAddr;
    this.#addresses.set(port, address);
    const takeOver = (bytes: Uint8Array) => {
      return this.#streamOf(conn, readHead(bytes, this.#options.streamPath), address);
    };
    try {
      return await forward(conn, inner, first, takeOver);
    } finally {
      this.#addresses.delete(port);
    }
  }
}

/** Serves a stream until it ends. */
function stream(conn: Deno.TcpConn, admission: Admission): Promise<undefined> {
  conn.setNoDelay(true);
  conn.setKeepAlive(true);
  const head = responseHead(admission.headers);
  return new Promise((resolve) => {
    const sink = tcpSink(conn, () => {
      connection.close("gone");
      resolve(undefined);
    });
    const connection = admission.start(withHead(sink, head));
  });
}

/** Puts the head before the first bytes, so that both are one packet. */
function withHead(sink: Sink, head: Uint8Array): Sink {
  let rest: Uint8Array | undefined = head;
  return {
    close: (abort) => sink.close(abort),
    write(bytes) {
      if (rest === undefined) return sink.write(bytes);
      const both = new Uint8Array(rest.length + bytes.length);
      both.set(rest);
      both.set(bytes, rest.length);
      rest = undefined;
      return sink.write(both);
    },
  };
}
