import assert from "node:assert/strict";
import { jsonAnswer } from "./rest/exchange.ts";
import { refuseStream } from "./stream_refusal.ts";

const STATUS = { kind: "Status", apiVersion: "v1", status: "Failure", message: "no containers", code: 501 };

/** What a client is told that asks for a WebSocket with these protocols. */
async function told(protocols: string[]): Promise<unknown> {
  const refuse = (request: Request) =>
    refuseStream(request, jsonAnswer(STATUS, 501)) ?? new Response(null, { status: 501 });
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, refuse);
  const socket = new WebSocket(`ws://127.0.0.1:${server.addr.port}/`, protocols);
  socket.binaryType = "arraybuffer";
  const messages: number[][] = [];
  socket.onmessage = ({ data }) => messages.push([...new Uint8Array(data)]);
  socket.onerror = (event) => event.preventDefault();
  const end = await new Promise<CloseEvent>((resolve) => socket.onclose = resolve);
  const [[channel, ...status] = []] = messages;
  return messages.length === 0
    ? "refused"
    : [socket.protocol, end.code, channel, JSON.parse(new TextDecoder().decode(new Uint8Array(status)))];
}

Deno.test("refuseStream() brings the Status on the channel of errors, by the best protocol that both know", async () => {
  assert.deepEqual(await told(["v4.channel.k8s.io", "v5.channel.k8s.io"]), ["v5.channel.k8s.io", 1000, 3, STATUS]);
  assert.deepEqual(await told(["v4.channel.k8s.io"]), ["v4.channel.k8s.io", 1000, 3, STATUS]);
});

Deno.test("refuseStream() leaves alone who speaks no protocol with a channel of errors", async () => {
  assert.equal(await told(["portforward.k8s.io"]), "refused");
});

Deno.test("refuseStream() leaves alone what is no request for a stream, or no refusal", () => {
  const upgrade = { upgrade: "websocket", "sec-websocket-protocol": "v5.channel.k8s.io" };
  assert.equal(refuseStream(new Request("http://it/"), jsonAnswer(STATUS, 501)), undefined);
  assert.equal(refuseStream(new Request("http://it/", { headers: upgrade }), jsonAnswer({}, 200)), undefined);
});
