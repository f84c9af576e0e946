/** Copies a connection to another and back. */
import { tryClose, writeAll } from "./connection.ts";
import { Exchanges } from "./exchanges.ts";

/** ms without a byte in either direction after which both are closed; streams send a heartbeat more often. */
const IDLE = 120_000;
/** ms that a client has for its last words after the server has ended. */
const LINGER = 300;

/** Bytes that are read at once: few until more come, as a connection that is at rest keeps its buffer. */
const FEW = 512;
const MANY = 16 * 1024;

/** How a connection goes on; what follows, if anything. */
export type Next = () => Promise<Next | undefined>;

/**
 * Sends `first`, then everything that comes, until the second has ended, one breaks, or nothing happens for long.
 *
 * @param takeOver Asked about what begins each exchange but the first. Where it answers something, those bytes are not sent, the second connection
 * is closed and the first one is left as it is, for what was answered.
 */
export async function forward(
  from: Deno.TcpConn,
  to: Deno.TcpConn,
  first: Uint8Array,
  takeOver: (bytes: Uint8Array) => Promise<Next | undefined>,
): Promise<Next | undefined> {
  const exchanges = new Exchanges();
  const taken = Promise.withResolvers<void>();
  let next: Next | undefined;
  let moved = performance.now();
  const watchdog = setInterval(() => {
    if (performance.now() - moved > IDLE) close();
  }, IDLE / 4);
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    clearInterval(watchdog);
    if (next === undefined) tryClose(from);
    tryClose(to);
  };
  const ask = async () => {
    exchanges.ask(first);
    await writeAll(to, first);
    for await (const bytes of chunksOf(from)) {
      moved = performance.now();
      if (exchanges.atRest) next = await takeOver(bytes);
      if (next !== undefined) return taken.resolve();
      exchanges.ask(bytes);
      await writeAll(to, bytes);
    }
    await to.closeWrite();
  };
  const answer = async () => {
    for await (const bytes of chunksOf(to)) {
      moved = performance.now();
      await writeAll(from, bytes);
      exchanges.answer(bytes);
    }
    if (next === undefined) await from.closeWrite();
  };
  let linger: ReturnType<typeof setTimeout> | undefined;
  try {
    const asked = ask();
    const answered = answer();
    // A client that is still sending, to a server that has said its last, reads the answer before the connection breaks.
    const late = answered.then(() => new Promise<void>((resolve) => linger = setTimeout(resolve, LINGER)));
    await Promise.race([late, taken.promise, Promise.all([asked, answered])]);
  } catch {
    // Whoever broke it knows; the other learns it now.
  } finally {
    clearTimeout(linger);
    close();
  }
  return next;
}

/** What comes on a connection. Each piece is good until the next one. */
async function* chunksOf(conn: Deno.TcpConn): AsyncGenerator<Uint8Array> {
  let buffer = new Uint8Array(FEW);
  for (let n = await conn.read(buffer); n !== null; n = await conn.read(buffer)) {
    yield buffer.subarray(0, n);
    if (n === buffer.length && n < MANY) buffer = new Uint8Array(MANY);
  }
}
