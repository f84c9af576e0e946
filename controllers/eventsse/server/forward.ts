/** Copies a connection to another and back. */
import { tryClose, writeAll } from "./connection.ts";

/** ms without a byte in either direction after which both are closed; streams send a heartbeat more often. */
const IDLE = 120_000;
/** ms that a client has for its last words after the server has ended. */
const LINGER = 300;

/** Bytes that are read at once: few until more come, as a connection that is at rest keeps its buffer. */
const FEW = 512;
const MANY = 16 * 1024;

/** Sends `first`, then everything that comes, until the second has ended, one breaks, or nothing happens for long. */
export async function forward(from: Deno.TcpConn, to: Deno.TcpConn, first: Uint8Array): Promise<void> {
  let moved = performance.now();
  const onBytes = () => void (moved = performance.now());
  const watchdog = setInterval(() => {
    if (performance.now() - moved > IDLE) closeBoth();
  }, IDLE / 4);
  let open = true;
  const closeBoth = () => {
    if (!open) return;
    open = false;
    clearInterval(watchdog);
    tryClose(from);
    tryClose(to);
  };
  const copy = async (source: Deno.TcpConn, target: Deno.TcpConn, begin?: Uint8Array) => {
    if (begin !== undefined) await writeAll(target, begin);
    let buffer = new Uint8Array(FEW);
    for (let n = await source.read(buffer); n !== null; n = await source.read(buffer)) {
      onBytes();
      await writeAll(target, buffer.subarray(0, n));
      if (n === buffer.length && n < MANY) buffer = new Uint8Array(MANY);
    }
    await target.closeWrite();
  };
  let linger: ReturnType<typeof setTimeout> | undefined;
  try {
    const asked = copy(from, to, first);
    const answered = copy(to, from);
    // A client that is still sending, to a server that has said its last, reads the answer before the connection breaks.
    const late = answered.then(() => new Promise<void>((resolve) => linger = setTimeout(resolve, LINGER)));
    await Promise.race([late, Promise.all([asked, answered])]);
  } catch {
    // Whoever broke it knows; the other learns it now.
  } finally {
    clearTimeout(linger);
    closeBoth();
  }
}
