/** What the options choose: where events are kept, and who may have them. */
import { type Access, JwtAuthenticator, OPEN_ACCESS, TokenAccess, TokenReviewer } from "./access/mod.ts";
import { EventSseError } from "./errors.ts";
import type { History } from "./history.ts";
import { JetStreamHistory } from "./jetstream_history.ts";
import { MemoryHistory } from "./memory_history.ts";
import type { EventSseOptions } from "./options.ts";
import { SqliteHistory } from "./sqlite_history.ts";

/** The history that is asked for. */
export async function openHistory({ maxBytes, maxAge, data, nats }: EventSseOptions): Promise<History> {
  const memory = { ...(maxBytes === undefined ? {} : { maxBytes }), ...(maxAge === undefined ? {} : { maxAge }) };
  if (nats !== undefined) return await JetStreamHistory.open({ ...nats, memory });
  if (data !== undefined) return new SqliteHistory({ directory: data, memory });
  return new MemoryHistory(memory);
}

/** @throws {EventSseError} `Unprotected` where everybody beyond this machine could read and publish without having been asked for it. */
export function openAccess({ access, hostname = "127.0.0.1" }: EventSseOptions): Access {
  switch (access?.type) {
    case "jwt":
      return new TokenAccess(new JwtAuthenticator(access), access.now);
    case "kubernetes":
      return new TokenAccess(new TokenReviewer(access), access.now);
    case "open":
      return OPEN_ACCESS;
    case undefined:
      if (/^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(hostname)) return OPEN_ACCESS;
      throw new EventSseError(
        "Unprotected",
        `Cannot listen on "${hostname}" without access control: choose "jwt" or "kubernetes", or "open" to let everybody read and publish`,
      );
  }
}
