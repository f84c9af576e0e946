/** The sink `nats` against a real nats-server. */
import assert from "node:assert/strict";
import { loadNats } from "../../lib/deps/nats.ts";
import {
  deliveries,
  delivery,
  failure,
  oneBroken,
  openSink,
  retriesInOrder,
  sendAtLeastOnce,
  soon,
} from "./_events.ts";
import {
  accepts,
  contextWith,
  freePort,
  programPath,
  type RunningServer,
  startServer,
  writeCertificates,
} from "./_server.ts";
import { speaksMutualTls } from "./_tls.ts";

const command = programPath("nats-server");
const ignore = command === undefined;

async function withNats(test: (address: string, server: RunningServer) => Promise<void>, tls = false) {
  const port = freePort();
  await using server = await startServer({
    command: command ?? "",
    prepare: writeCertificates,
    args: (folder) => [
      ...["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", folder, "--user", "u", "--pass", "s3cr3t"],
      ...(tls ? ["--tls", "--tlscert", "cert.pem", "--tlskey", "key.pem", "--tlscacert", "ca.pem", "--tlsverify"] : []),
    ],
    ready: () => accepts(port),
  });
  await test(`127.0.0.1:${port}`, server);
}

const secrets = { password: "s3cr3t", wrong: "no" };
const context = contextWith(secrets);
const auth = { user: { username: "u", secretRef: { name: "auth", key: "password" } } };
const stream = { name: "EVENTS", create: true };

async function managed(address: string) {
  const { connect, jetstreamManager } = await loadNats();
  const connection = await connect({ servers: address, user: "u", pass: "s3cr3t" });
  return { connection, manager: await jetstreamManager(connection) };
}

/** What the stream holds, in its order. */
async function stored(address: string) {
  const { connection, manager } = await managed(address);
  const { state } = await manager.streams.info("EVENTS");
  const messages = [];
  for (let seq = 1; seq <= state.messages; seq += 1) {
    const message = await manager.streams.getMessage("EVENTS", { seq });
    if (message) {
      messages.push({ subject: message.subject, id: message.header.get("Nats-Msg-Id"), body: message.json() });
    }
  }
  await connection.close();
  return messages;
}

Deno.test({
  name: "nats stores each delivery once and in order, although it is sent twice and the server is killed in between",
  ignore,
  async fn() {
    await withNats(async (address, server) => {
      await using sink = await openSink("nats", { servers: [address], auth, stream }, context);
      await sink.send(deliveries(0, 5), soon());
      await server.restart();
      await sendAtLeastOnce(sink, deliveries(3, 8));
      const messages = await stored(address);
      assert.deepEqual(messages.map(({ id }) => id), deliveries(0, 8).map(({ id }) => id));
      assert.deepEqual(messages.map(({ body }) => body), deliveries(0, 8).map(({ body }) => body));
      assert.equal(messages[0]?.subject, "kube.events.demo.Pod.BackOff");
    });
  },
});

Deno.test({
  name: "nats sends nothing of an object after what failed of it, so that the retry keeps the order",
  ignore,
  async fn() {
    await withNats(async (address) => {
      const subjects = ["kube.events.*.*.BackOff"];
      await using sink = await openSink(
        "nats",
        { servers: [address], auth, stream: { ...stream, subjects } },
        context,
      );
      await retriesInOrder(sink, async () => {
        const { connection, manager } = await managed(address);
        await manager.streams.update("EVENTS", { subjects: ["kube.events.>"] });
        await connection.close();
      });
      const [first, broken, other, last] = oneBroken();
      assert.deepEqual((await stored(address)).map(({ id }) => id), [first, other, broken, last].map(({ id }) => id));
    });
  },
});

Deno.test({
  name: "nats gives an Event no say in the structure of its subject",
  ignore,
  async fn() {
    await withNats(async (address) => {
      await using sink = await openSink("nats", { servers: [address], auth, stream }, context);
      await sink.send([delivery(0, { reason: "a.b *>é", involvedObject: {} })], soon());
      assert.equal((await stored(address))[0]?.subject, "kube.events.demo._.a_b___é");
    });
  },
});

Deno.test({
  name: "nats says Misconfigured for a wrong password and a missing stream, Refused for a message that is too large",
  ignore,
  async fn() {
    await withNats(async (address) => {
      const wrong = { user: { username: "u", secretRef: { name: "auth", key: "wrong" } } };
      const refused = await failure(openSink("nats", { servers: [address], auth: wrong, stream }, context));
      assert.equal(refused.reason, "Misconfigured", refused.message);
      const missing = await failure(
        openSink("nats", { servers: [address], auth, stream: { name: "EVENTS" } }, context),
      );
      assert.equal(missing.reason, "Misconfigured");

      await using sink = await openSink("nats", { servers: [address], auth, stream }, context);
      const large = delivery(1, { message: "x".repeat(2_000_000) });
      const error = await failure(sink.send([delivery(0), large, delivery(2)], soon()));
      assert.deepEqual(error.failed?.map(({ id, reason }) => [id, reason]), [[large.id, "Refused"]]);
      assert.equal((await stored(address)).length, 2);
    });
  },
});

Deno.test({
  name: "nats says Unavailable where nobody listens, and when the server has gone",
  ignore,
  async fn() {
    const nobody = await failure(openSink("nats", { servers: [`127.0.0.1:${freePort()}`], stream }, context));
    assert.equal(nobody.reason, "Unavailable");
    let sink;
    await withNats(async (address) => {
      sink = await openSink("nats", { servers: [address], auth, stream }, context);
    });
    assert.ok(sink !== undefined);
    await using gone: Awaited<ReturnType<typeof openSink>> = sink;
    assert.equal((await failure(gone.send(deliveries(0, 2), soon(500)))).reason, "Unavailable");
  },
});

Deno.test({
  name: "nats speaks TLS with a server that it trusts, and shows its certificate",
  ignore,
  async fn() {
    await withNats(async (address) => {
      await speaksMutualTls("nats", { servers: [address], auth, stream }, secrets);
    }, true);
  },
});
