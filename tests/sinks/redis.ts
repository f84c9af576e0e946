/** The sink `redis` against a real redis-server. */
import assert from "node:assert/strict";
import { loadRedis } from "../../lib/deps/ioredis.ts";
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

const command = programPath("redis-server");
const ignore = command === undefined;
const secrets = { password: "s3cr3t", wrong: "no" };
const context = contextWith(secrets);
const auth = { secretRef: { name: "auth", key: "password" } };

async function withRedis(test: (port: number, server: RunningServer) => Promise<void>, tls = false) {
  const port = freePort();
  const pair = ["--tls-cert-file", "cert.pem", "--tls-key-file", "key.pem", "--tls-ca-cert-file", "ca.pem"];
  await using server = await startServer({
    command: command ?? "",
    prepare: writeCertificates,
    args: (folder) => [
      ...(tls
        ? ["--port", "0", "--tls-port", String(port), ...pair, "--tls-auth-clients", "yes"]
        : ["--port", String(port)]),
      ...["--bind", "127.0.0.1", "--dir", folder, "--requirepass", "s3cr3t"],
      ...["--appendonly", "yes", "--appendfsync", "always"],
    ],
    ready: () => accepts(port),
  });
  await test(port, server);
}

/** Entries of a stream, each as a record of its fields. */
async function entries(port: number, stream: string): Promise<Record<string, string>[]> {
  const { Redis } = await loadRedis();
  const client = new Redis({ port, password: "s3cr3t" });
  const found = await client.xrange(stream, "-", "+");
  client.disconnect();
  return found.map(([, fields]) =>
    Object.fromEntries(
      Array.from({ length: fields.length / 2 }, (_, n) => [fields[2 * n] ?? "", fields[2 * n + 1] ?? ""]),
    )
  );
}

Deno.test({
  name: "redis adds each delivery once and in order, although it is sent twice and the server is killed in between",
  ignore,
  async fn() {
    await withRedis(async (port, server) => {
      await using sink = await openSink("redis", { host: "127.0.0.1", port, auth }, context);
      await sink.send(deliveries(0, 5), soon());
      await server.restart();
      await sendAtLeastOnce(sink, deliveries(3, 8));
      const found = await entries(port, "kube-events");
      assert.deepEqual(found.map(({ id }) => id), deliveries(0, 8).map(({ id }) => id));
      assert.deepEqual(found.map(({ event }) => JSON.parse(event ?? "")), deliveries(0, 8).map(({ body }) => body));
      assert.equal(found[0]?.compositionId, "comp-1");
    });
  },
});

Deno.test({
  name: "redis adds nothing of an object after what failed of it, so that the retry keeps the order",
  ignore,
  async fn() {
    await withRedis(async (port) => {
      const { Redis } = await loadRedis();
      const client = new Redis({ port, password: "s3cr3t" });
      await client.set("events-Broken", "no stream");
      const settings = { host: "127.0.0.1", port, auth, stream: "events-{reason}" };
      await using sink = await openSink("redis", settings, context);
      await retriesInOrder(sink, async () => {
        const ids = (await entries(port, "events-BackOff")).map(({ id }) => id);
        assert.deepEqual(ids, [oneBroken()[0], oneBroken()[2]].map(({ id }) => id));
        await client.del("events-Broken");
      });
      client.disconnect();
      assert.deepEqual((await entries(port, "events-BackOff")).map(({ id }) => id).at(-1), oneBroken()[3].id);
    });
  },
});

Deno.test({
  name: "redis keeps a stream near its length, and adds again what it is not told to remember",
  ignore,
  async fn() {
    await withRedis(async (port) => {
      const settings = {
        host: "127.0.0.1",
        port,
        auth,
        stream: "events-{namespace}",
        maxLength: 100,
        dedupeSeconds: 0,
      };
      await using sink = await openSink("redis", settings, context);
      await sink.send([delivery(0), delivery(0)], soon());
      assert.equal((await entries(port, "events-demo")).length, 2);
      await sink.send(deliveries(0, 2_000), soon());
      assert.ok((await entries(port, "events-demo")).length < 400);
    });
  },
});

Deno.test({
  name: "redis says Misconfigured for a wrong password and a key that is no stream, Unavailable without a server",
  ignore,
  async fn() {
    await withRedis(async (port, server) => {
      const target = { host: "127.0.0.1", port };
      const wrong = { ...target, auth: { secretRef: { name: "auth", key: "wrong" } } };
      for (const settings of [wrong, target]) {
        const error = await failure((async () => {
          await using sink = await openSink("redis", settings, context);
          await sink.send(deliveries(0, 1), soon());
        })());
        assert.equal(error.reason, "Misconfigured", error.message);
        assert.doesNotMatch(error.message, /s3cr3t/);
      }
      const { Redis } = await loadRedis();
      const client = new Redis({ port, password: "s3cr3t" });
      await client.set("text", "x");
      client.disconnect();
      await using sink = await openSink("redis", { ...target, auth, stream: "text" }, context);
      assert.equal((await failure(sink.send(deliveries(0, 1), soon()))).reason, "Misconfigured");
      await server.stop();
      assert.equal((await failure(sink.send(deliveries(0, 1), soon()))).reason, "Unavailable");
      assert.equal((await failure(openSink("redis", target, context))).reason, "Unavailable");
    });
  },
});

Deno.test({
  name: "redis speaks TLS with a server that it trusts, and shows its certificate",
  ignore,
  async fn() {
    await withRedis(async (port) => {
      await speaksMutualTls("redis", { host: "127.0.0.1", port, auth }, secrets);
    }, true);
  },
});
