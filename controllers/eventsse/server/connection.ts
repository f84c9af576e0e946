/** What is done with connections that may be gone. */

/** Closes it where it is open. */
export function tryClose(conn: { close(): void }): void {
  try {
    conn.close();
  } catch (error) {
    if (!isBrokenConnection(error)) throw error;
  }
}

/** Writes all of it, however little is taken at once. */
export async function writeAll(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await conn.write(bytes.subarray(written));
}

const BROKEN = [
  Deno.errors.BadResource,
  Deno.errors.BrokenPipe,
  Deno.errors.ConnectionAborted,
  Deno.errors.ConnectionReset,
  Deno.errors.Interrupted,
  Deno.errors.NotConnected,
];

/** Whether an error says no more than that the connection has ended. */
export function isBrokenConnection(error: unknown): boolean {
  return BROKEN.some((kind) => error instanceof kind);
}
