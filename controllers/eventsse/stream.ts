/** `GET /notifications`: a stream, from the request to the client of the hub. */
import { bodySink, type CloseReason, type Connection, type Hub, type Sink, STREAM_HEADERS } from "../../lib/sse/mod.ts";
import type { Access } from "./access/mod.ts";
import { type AllowedOrigins, corsHeaders } from "./cors.ts";
import type { StreamEntry } from "./entry.ts";
import type { StreamLimits } from "./limits.ts";
import { streamQuery } from "./query.ts";
import { Problem } from "./problem.ts";

/** What a stream needs. */
export interface StreamContext {
  readonly hub: Hub<StreamEntry>;
  readonly access: Access;
  readonly limits: StreamLimits;
  readonly origins: AllowedOrigins;
  /** False while the server shuts down. */
  readonly accepting: () => boolean;
  readonly onClose: (reason: CloseReason, resumeId: string, address: string) => void;
}

/** A request for a stream that may have one. */
export interface Admission {
  readonly headers: Readonly<Record<string, string>>;
  /** Starts the stream. Called once; {@linkcode leave} instead where the client is gone already. */
  start(sink: Sink): Connection;
  leave(): void;
}

/** Decides about a request for a stream. @throws {Problem} */
export async function admit(request: Request, address: string, context: StreamContext): Promise<Admission> {
  const { hub, access, limits, origins } = context;
  if (!context.accepting()) {
    throw new Problem(503, "This server shuts down: connect again", { headers: { "Retry-After": "1" } });
  }
  const { filter: asked, lastEventId } = streamQuery(new URL(request.url).searchParams, request.headers);
  // The place first: a ticket that is taken for nothing is lost.
  const leave = limits.enter(address);
  const { filter, expiresIn, recheck } = await access.read(request, asked).catch((error) => {
    leave();
    throw error;
  });
  return {
    headers: { ...STREAM_HEADERS, ...corsHeaders(request, origins) },
    leave,
    start: (sink) =>
      hub.subscribe({
        filter,
        sink,
        lastEventId,
        expiresIn,
        recheck,
        onClose: (reason, resumeId) => {
          leave();
          context.onClose(reason, resumeId, address);
        },
      }),
  };
}

/** A stream as a `Response`, for servers that take one. */
export function streamResponse(admission: Admission): Response {
  const { sink, body } = bodySink(() => connection.close("gone"));
  const connection = admission.start(sink);
  return new Response(body, { headers: admission.headers });
}
