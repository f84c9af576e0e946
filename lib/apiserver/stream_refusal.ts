/**
 * Refusals of `exec`, `attach` and `cp` that kubectl can read.
 *
 * kubectl asks for a WebSocket first; refused, it asks once more for SPDY, with an empty body of declared length, which Deno's HTTP server answers itself: 400
 * without a word. So the WebSocket is accepted where there is a channel for errors (Kubernetes' streaming protocols v4 and v5), and told what is wrong.
 */
import type { Answer } from "./rest/exchange.ts";

/** Protocols whose channel 3 takes a `Status`. The best one comes first. */
const PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
const ERROR_CHANNEL = 3;
/** WebSocket close code for an end in order. */
const NORMAL = 1000;

/** The response that brings a refusal to who asked for a stream; `undefined` where nobody did, or where the answer is none. */
export function refuseStream(request: Request, answer: Answer): Response | undefined {
  if (answer.status < 400 || request.headers.get("upgrade")?.toLowerCase() !== "websocket") return undefined;
  const offered = (request.headers.get("sec-websocket-protocol") ?? "").split(",").map((name) => name.trim());
  const protocol = PROTOCOLS.find((name) => offered.includes(name));
  if (protocol === undefined || typeof answer.body !== "string") return undefined;
  const status = new TextEncoder().encode(answer.body);
  // No idle timeout: it would hold a timer, and the end is sent at once.
  const { socket, response } = Deno.upgradeWebSocket(request, { protocol, idleTimeout: 0 });
  socket.onopen = () => {
    socket.send(new Uint8Array([ERROR_CHANNEL, ...status]));
    socket.close(NORMAL);
  };
  return response;
}
