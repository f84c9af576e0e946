import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { fc } from "../lib/deps/fast_check.ts";
import { type SyslogFormat, syslogMessage } from "./_syslog_message.ts";
import { closedPort, contextWith, deliveries, delivery, failure, soon } from "./_testing.ts";
import { TEST_CA, TEST_CERTIFICATE, TEST_KEY } from "./tls_testing.ts";
import { syslog, type SyslogSettings } from "./syslog.ts";

const format: SyslogFormat = { facility: 16, appName: "kco", structuredDataId: "kubernetes@32473", maxBytes: 2048 };
const text = (bytes: Uint8Array) => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

Deno.test("syslogMessage() writes a message of RFC 5424", () => {
  const message = syslogMessage(delivery(0, {}, { body: "hello", time: "2026-01-02T03:04:05.123456789z" }), format);
  assert.equal(
    text(message),
    '<132>1 2026-01-02T03:04:05.123456Z node-1 kco - BackOff [kubernetes@32473 id="uid-0/100" ' +
      'composition="comp-1" namespace="demo" kind="Pod" name="web" uid="pod-1" reason="BackOff" component="kubelet" ' +
      'count="1"] hello',
  );
});

Deno.test("syslogMessage() gives each type its severity", () => {
  const priority = (type: string) => /^<(\d+)>/.exec(text(syslogMessage(delivery(0, { type }), format)))?.[1];
  assert.deepEqual(["Normal", "Warning", "Odd"].map(priority), ["134", "132", "133"]);
});

Deno.test("syslogMessage() escapes what would end a parameter, a message or a terminal's patience", () => {
  const reason = 'a"b]c\\d\ne f' + "x".repeat(40);
  const one = delivery(0, { reason, source: {}, involvedObject: {} }, {
    body: "a\nb\u0007",
    time: "soon",
    compositionId: "",
  });
  const line = text(syslogMessage(one, format));
  assert.ok(line.startsWith(`<132>1 - - kco - a"b]c\\d_e_f${"x".repeat(21)} [kubernetes@32473 id=`), line);
  assert.ok(line.includes('reason="a\\"b\\]c\\\\d\\\\u000ae f'), line);
  assert.ok(line.endsWith("] a\\nb\\u0007"), line);
});

Deno.test("syslogMessage() cuts at whole characters", () => {
  for (const maxBytes of [480, 481, 482, 483]) {
    const message = syslogMessage(delivery(0, {}, { body: "€".repeat(1_000) }), { ...format, maxBytes });
    assert.ok(message.length <= maxBytes && message.length > maxBytes - 3);
    assert.ok(text(message).endsWith("€"));
  }
});

Deno.test("syslogMessage() is of RFC 5424 whatever the Event says", () => {
  const word = fc.string({ unit: "binary", maxLength: 60 });
  const field = (length: number) => `[\\x21-\\x7e]{1,${length}}`;
  const header = `<\\d{1,3}>1 (-|\\d{4}-\\d\\d-\\d\\dT\\S+) ${field(255)} ${field(48)} - ${field(32)}`;
  const value = `(?:[^"\\\\\\]]|\\\\["\\\\\\]])*`;
  const grammar = new RegExp(`^${header} \\[kubernetes@32473( [a-z]+="${value}")*\\] \\P{Cc}*$`, "u");
  fc.assert(
    fc.property(word, word, word, word, word, (reason, host, name, message, time) => {
      const event = {
        reason,
        source: { host, component: name },
        involvedObject: { name, namespace: host, kind: reason },
      };
      const whole = delivery(0, event, { body: message, time, cluster: host, compositionId: name });
      assert.match(text(syslogMessage(whole, { ...format, maxBytes: 65536 })), grammar);
    }),
    { numRuns: 50 },
  );
});

/** Reads messages that are counted in octets until `count` have come. */
async function readFrames(connection: Deno.Conn, count: number): Promise<string[]> {
  let bytes = new Uint8Array();
  const frames: string[] = [];
  const buffer = new Uint8Array(4096);
  while (frames.length < count) {
    const read = await connection.read(buffer);
    if (read === null) break;
    bytes = new Uint8Array([...bytes, ...buffer.subarray(0, read)]);
    for (;;) {
      const space = bytes.indexOf(32);
      const length = Number(text(bytes.subarray(0, Math.max(space, 0))));
      if (space < 0 || bytes.length < space + 1 + length) break;
      frames.push(text(bytes.subarray(space + 1, space + 1 + length)));
      bytes = bytes.subarray(space + 1 + length);
    }
  }
  return frames;
}

const messagesOf = (frames: readonly string[]) =>
  frames.map((frame) => JSON.parse(frame.replace(/^.*?\] /, "")).message);

Deno.test("syslog counts octets over TCP, and connects anew after the server has ended a connection", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const sink = await syslog.open({ host: "127.0.0.1", port: listener.addr.port }, contextWith());
  const [first] = await Promise.all([listener.accept(), sink.send(deliveries(0, 2), soon())]);
  assert.deepEqual(messagesOf(await readFrames(first, 2)), ["message 0", "message 1"]);
  first.close();

  const second = listener.accept();
  // The end of the connection arrives a moment later: what is written until then is lost, as the protocol has it.
  let arrived: string[] = [];
  const reading = second.then(async (connection) => {
    arrived = await readFrames(connection, 1);
    connection.close();
  });
  for (let n = 2; arrived.length === 0; n += 1) {
    await sink.send(deliveries(n, n + 1), soon()).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await reading;
  assert.match(messagesOf(arrived)[0] ?? "", /^message \d+$/);
  await sink.close();
  listener.close();
});

async function attempt(settings: SyslogSettings, signal = soon()) {
  const sink = await syslog.open(settings, contextWith());
  try {
    await sink.send(deliveries(0, 1), signal);
  } finally {
    await sink.close();
  }
}

Deno.test("syslog sends over TLS to a server that it trusts, and names a certificate that it does not", async () => {
  const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert: TEST_CERTIFICATE, key: TEST_KEY });
  const target = { host: "127.0.0.1", port: listener.addr.port, transport: "tls" } as const;
  const frames: string[] = [];
  const serving = (async () => {
    for (let n = 0; n < 2; n += 1) {
      const connection = await listener.accept();
      // A client that does not trust the certificate breaks the handshake off.
      frames.push(...await readFrames(connection, 1).catch(() => []));
      connection.close();
    }
  })();
  const error = await failure(attempt(target));
  assert.equal(error.reason, "Misconfigured", error.message);
  await attempt({ ...target, tls: { caCert: TEST_CA, serverName: "kco.test" } });
  await serving;
  listener.close();
  assert.deepEqual(messagesOf(frames), ["message 0"]);
});

Deno.test("syslog says Unavailable when nobody listens, or nobody reads before the timeout", async () => {
  assert.equal((await failure(attempt({ host: "127.0.0.1", port: closedPort() }))).reason, "Unavailable");

  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  const sink = await syslog.open({ host: "127.0.0.1", port: listener.addr.port, maxBytes: 1_048_576 }, contextWith());
  const big = delivery(0, {}, { body: "x".repeat(1_000_000) });
  const error = await failure(sink.send(Array.from({ length: 20 }, () => big), soon(1_000)));
  assert.equal(error.reason, "Unavailable");
  await sink.close();
  listener.close();
  // On a busy machine the time may be over before the connection stands: then it never will.
  await accepted.then((connection) => connection.close(), () => undefined);
});

Deno.test("syslog sends a datagram each over UDP, cut to 2048 bytes", async () => {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const received = Promise.withResolvers<Uint8Array[]>();
  const datagrams: Uint8Array[] = [];
  socket.on("message", (message: Uint8Array) => {
    if (datagrams.push(message) === 2) received.resolve(datagrams);
  });
  const sink = await syslog.open({ host: "127.0.0.1", port: socket.address().port, transport: "udp" }, contextWith());
  await sink.send([delivery(0, {}, { body: "short" }), delivery(1, {}, { body: "x".repeat(5_000) })], soon());
  await received.promise;
  await sink.close();
  socket.close();
  assert.ok(text(datagrams[0]!).endsWith("] short"));
  assert.equal(datagrams[1]?.length, 2048);
});
